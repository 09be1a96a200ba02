"""An operation: one intention to change the chain, and the transactions that were signed for it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tidan_node.domain.identifiers import ZERO_20, Address, OperationId, TxHash

NOBODY: Final = Address(ZERO_20)
"""No account: whichever lane has room first carries the operation."""


class OperationStatus(enum.StrEnum):
    """Where an operation stands. The last three are ends; a rewind of the chain reopens them."""

    INITIALIZED = "initialized"
    """Committed; nothing is signed yet."""
    PENDING = "pending"
    """A transaction is signed and stored; the chain has not shown its effect yet."""
    SUCCEEDED = "succeeded"
    """An event of its own transaction was indexed."""
    FAILED = "failed"
    """The contract refused it; the problem says why."""
    UNDONE = "undone"
    """Its deadline passed before anything was signed."""


class AttemptState(enum.StrEnum):
    """What has become of a signed transaction."""

    LIVE = "live"
    """It may still be included: it is sent, and sent again, as it is."""
    REPLACED = "replaced"
    """Another with its nonce is sent in its stead; whichever of them a block holds is the one."""
    INCLUDED = "included"
    """A final block holds it."""
    SPENT = "spent"
    """A final block holds another transaction with its nonce, so that it never can be."""


OPEN: Final = (AttemptState.LIVE, AttemptState.REPLACED)
"""What may still take effect."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why no block holds the transaction of an operation, and what can be done about it."""

    reason: str
    """In the words of the chain's node."""
    since: datetime
    next_step: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One intention, as everyone who asks may see it."""

    id: OperationId
    chain_id: int
    kind: str
    target: str
    intent: Mapping[str, object]
    account: Address
    """Whose lane carries it to the chain; `NOBODY` until one has room for it."""
    status: OperationStatus
    created_at: datetime
    updated_at: datetime
    deadline: datetime | None = None
    problem: Mapping[str, object] | None = None
    result: Mapping[str, object] | None = None
    waiting: Waiting | None = None

    @property
    def is_ended(self) -> bool:
        return self.status not in (OperationStatus.INITIALIZED, OperationStatus.PENDING)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One signed transaction of an operation; its bytes never change."""

    operation_id: OperationId
    number: int
    chain_id: int
    account: Address
    nonce: int
    raw: bytes
    tx_hash: TxHash
    gas: int
    state: AttemptState
    created_at: datetime
    last_sent_at: datetime | None = None
    refusal: str | None = None
    refused_since: datetime | None = None
