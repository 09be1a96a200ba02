"""The Council as its events tell it: who is seated, and what became of each proposal."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tidan_node.domain.council import CouncilState
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.membership_events import (
    ApprovalWithdrawn,
    Approved,
    CouncilFounded,
    Executed,
    Objected,
    Proposed,
    SeatAdded,
    SeatRemoved,
)
from tidan_node.domain.proposals import Motion, Proposal, Terms
from tidan_node.domain.steps import HistoryBroken

SeatEvent = CouncilFounded | SeatAdded | SeatRemoved
ProposalEvent = Proposed | Approved | ApprovalWithdrawn | Objected | Executed
CouncilEvent = SeatEvent | ProposalEvent

COUNCIL: Final = "council"
"""What the Council itself is called among the records."""


def proposal_name(number: int) -> str:
    """What a proposal is called among the records."""
    return f"proposal:{number}"


def advance_seats(before: CouncilState | None, happened: ChainEvent) -> CouncilState:
    """The Council after one more event about its seats."""
    event = happened.event
    if isinstance(event, CouncilFounded):
        if before is not None:
            raise HistoryBroken("the Council is founded twice")
        terms = Terms(event.threshold, event.delay, event.objection_window)
        return CouncilState(terms, seats=event.seats)
    if before is None:
        raise HistoryBroken(f"{type(event).__name__} before the Council was founded")
    if isinstance(event, SeatAdded):
        if event.party in before.seats:
            raise HistoryBroken(f"party {event.party} is seated twice")
        return replace(before, seats=(*before.seats, event.party))
    if isinstance(event, SeatRemoved):
        if event.party not in before.seats:
            raise HistoryBroken(f"party {event.party} loses a seat that it has not")
        return replace(before, seats=tuple(seat for seat in before.seats if seat != event.party))
    raise HistoryBroken(f"{type(event).__name__} is no event of the Council's seats")


def advance_proposal(before: Proposal | None, happened: ChainEvent) -> Proposal:
    """The proposal after one more event of it; times are those that the contract told."""
    event, at = happened.event, happened.origin.block_time
    if isinstance(event, Proposed):
        if before is not None:
            raise HistoryBroken(f"proposal {event.proposal} is made twice")
        motion = Motion(event.target, event.call, event.reason, event.subject)
        return Proposal(event.proposal, event.by, motion, proposed_at=at, approvals=())
    if not isinstance(event, ProposalEvent):
        raise HistoryBroken(f"{type(event).__name__} is no event of a proposal")
    if before is None or before.number != event.proposal:
        raise HistoryBroken(f"proposal {event.proposal} has an event before it was made")
    if before.executed_at:
        raise HistoryBroken(f"proposal {event.proposal} goes on after it was executed")
    match event:
        case Approved():
            return _approved(before, event)
        case ApprovalWithdrawn():
            return _withdrawn(before, event)
        case Objected():
            if before.is_objected:
                raise HistoryBroken(f"proposal {event.proposal} is objected to twice")
            return replace(
                before,
                objected_at=at,
                objection=event.reason,
                executable_from=event.executable_from,
            )
        case _:
            return replace(before, executed_at=at)


def advance_council(before: CouncilState | None, happened: ChainEvent) -> CouncilState:
    """The whole Council after one more event: its seats and its proposals."""
    event = happened.event
    if isinstance(event, SeatEvent):
        return advance_seats(before, happened)
    if before is None or not isinstance(event, ProposalEvent):
        raise HistoryBroken(f"{type(event).__name__} cannot come next in the Council")
    if isinstance(event, Proposed) and event.proposal != len(before.proposals) + 1:
        raise HistoryBroken(
            f"proposal {event.proposal} where proposal {len(before.proposals) + 1} comes next",
            seq=event.proposal,
            expectedSeq=len(before.proposals) + 1,
        )
    proposal = advance_proposal(before.proposals.get(event.proposal), happened)
    after = replace(before, proposals={**before.proposals, proposal.number: proposal})
    return after.settling(proposal) if isinstance(event, Executed) else after


def _approved(before: Proposal, event: Approved) -> Proposal:
    if event.by in before.approvals:
        raise HistoryBroken(f"party {event.by} approves proposal {event.proposal} twice")
    return replace(
        before, approvals=(*before.approvals, event.by), executable_from=event.executable_from
    )


def _withdrawn(before: Proposal, event: ApprovalWithdrawn) -> Proposal:
    if event.by not in before.approvals:
        raise HistoryBroken(f"party {event.by} takes back what it never gave")
    left = tuple(party for party in before.approvals if party != event.by)
    return replace(before, approvals=left, executable_from=event.executable_from)
