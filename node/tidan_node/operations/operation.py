"""An operation: one intention to change the chain, and the transactions that were signed for it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tidan_node.domain.identifiers import Address, OperationId, TxHash


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
    INCLUDED = "included"
    """A final block holds it."""
    SPENT = "spent"
    """A final block holds another transaction with its nonce, so that it never can be."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One intention, as everyone who asks may see it."""

    id: OperationId
    chain_id: int
    kind: str
    target: str
    intent: Mapping[str, object]
    account: Address
    status: OperationStatus
    created_at: datetime
    updated_at: datetime
    deadline: datetime | None = None
    problem: Mapping[str, object] | None = None
    result: Mapping[str, object] | None = None

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
