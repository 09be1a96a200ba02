"""A proposal before the Council: a call, why, and what became of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from eth_hash.auto import keccak

from tidan_node.domain.chain_time import moment
from tidan_node.domain.council_problems import ProposalExecuted, ProposalLapsed
from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex

LIFETIME: Final = 30 * 24 * 3600
"""How long a proposal waits: for its approvals, and then for somebody who executes it."""

FUNCTION: Final = 4
"""The bytes of a call that name its function."""

WITH_REASON: Final = frozenset(
    bytes(keccak(signature.encode())[:FUNCTION])
    for signature in (
        "changeStatus(uint32,uint8,string)",
        "revoke(uint32,uint32,string)",
        "recover(uint32,address,string)",
    )
)
"""The functions that are told why, after what."""

UP_TO_REASON: Final = FUNCTION + 2 * 32
"""The function, and the two words that come before the reason."""

Decision = tuple[Address, bytes]


class ProposalStatus(enum.IntEnum):
    """The states of a proposal, numbered as in Council; LAPSED is said by the time alone. That one
    is SUPERSEDED the contract finds only when it is to be executed."""

    NONE = 0
    OPEN = 1
    APPROVED = 2
    EXECUTED = 3
    LAPSED = 4
    SUPERSEDED = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """What the deployment fixed: how many approve, and how many seconds pass after that."""

    threshold: int
    delay: int
    objection_window: int


@dataclass(frozen=True, slots=True)
class Motion:
    """What is proposed: a call, why, and whose accounts it takes away (NO_PARTY: nobody's)."""

    target: Address
    call: bytes
    reason: str
    subject: PartyIndex = NO_PARTY

    @property
    def decision(self) -> Decision:
        """What is decided: the call without the reason that some give; two of one are the same."""
        has_reason = self.call[:FUNCTION] in WITH_REASON
        return self.target, self.call[:UP_TO_REASON] if has_reason else self.call


@dataclass(frozen=True, slots=True)
class Proposal:
    """A motion and what became of it. `executable_from` is 0 until the approvals are enough."""

    number: int
    proposer: PartyIndex
    motion: Motion
    proposed_at: int
    approvals: tuple[PartyIndex, ...]
    executable_from: int = 0
    objected_at: int = 0
    objection: str = ""
    executed_at: int = 0

    @property
    def is_objected(self) -> bool:
        return self.objected_at != 0

    @property
    def lapses_at(self) -> int:
        """The second from which nothing can be done with it any more."""
        began = self.executable_from or max(self.proposed_at, self.objected_at)
        return began + LIFETIME

    def status(self, at: int, *, superseded: bool = False) -> ProposalStatus:
        """`superseded`: another of the same decision was executed while this one was there."""
        if self.executed_at:
            return ProposalStatus.EXECUTED
        if at >= self.lapses_at:
            return ProposalStatus.LAPSED
        if superseded:
            return ProposalStatus.SUPERSEDED
        return ProposalStatus.APPROVED if self.executable_from else ProposalStatus.OPEN

    def require_open(self, at: int) -> None:
        status = self.status(at)
        if status is ProposalStatus.EXECUTED:
            raise ProposalExecuted(f"proposal {self.number} is executed", field="proposal")
        if status is ProposalStatus.LAPSED:
            raise ProposalLapsed(
                f"proposal {self.number} lapsed at {moment(self.lapses_at)}", field="proposal"
            )


def executable_from(terms: Terms, proposal: Proposal, enough_since: int) -> int:
    """When the waiting ends that begins now; who loses accounts has its window to object."""
    waiting = terms.delay
    if proposal.motion.subject != NO_PARTY:
        waiting = max(terms.delay, terms.objection_window)
    return enough_since + waiting
