"""The Council's history held against its own rules: a second check of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tidan_node.domain.council import CouncilState
from tidan_node.domain.council_fold import CouncilEvent, advance_council
from tidan_node.domain.events import ChainEvent, Origin
from tidan_node.domain.identifiers import PartyIndex, TxHash
from tidan_node.domain.legality import IllegalAct, StandingAt
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
from tidan_node.domain.parties import Standing
from tidan_node.domain.proposals import Motion, Proposal
from tidan_node.domain.steps import HistoryBroken
from tidan_node.problems import Problem


@dataclass(frozen=True, slots=True)
class _Moment:
    """What was so when an act was done: the Council before its transaction, and the parties."""

    council: CouncilState
    origin: Origin
    standing_at: StandingAt

    def standing_of(self, party: PartyIndex) -> Standing:
        return self.standing_at(party, self.origin)


def council_illegal_acts(
    events: Sequence[ChainEvent], standing_at: StandingAt
) -> Iterator[IllegalAct]:
    """Every act of the Council that its rules would have refused. `events` are all of the chain's
    that are of the Council or of parties, in their order; `HistoryBroken` where they do not follow.

    An execution is judged on what was before its transaction, whose own deed comes first in it: a
    member may have approved its own suspension.
    """
    begun: dict[TxHash, tuple[Origin, CouncilState | None]] = {}
    state: CouncilState | None = None
    for happened in events:
        begun.setdefault(happened.origin.tx_hash, (happened.origin, state))
        if not isinstance(happened.event, CouncilEvent):
            continue
        origin, before = begun[happened.origin.tx_hash]
        after = advance_council(state, happened)
        judged = before if isinstance(happened.event, Executed) else state
        moment = _Moment(judged or CouncilState(after.terms), origin, standing_at)
        yield from _judged(happened, moment, after)
        state = after


def _judged(happened: ChainEvent, moment: _Moment, after: CouncilState) -> Iterator[IllegalAct]:
    number = getattr(happened.event, "proposal", 0)
    what = type(happened.event).__name__
    try:
        allowed = _by_the_rules(happened, moment)
    except Problem as refusal:
        yield IllegalAct(number, refusal.slug, refusal.detail)
        return
    if number:
        alike = allowed.proposals[number] == after.proposals[number]
    else:
        alike = sorted(allowed.seats) == sorted(after.seats)
    if not alike:
        yield IllegalAct(number, "other-effect", f"{what} left the Council otherwise than it may")


def _by_the_rules(happened: ChainEvent, moment: _Moment) -> CouncilState:
    event, at, council = happened.event, happened.origin.block_time, moment.council
    match event:
        case CouncilFounded():
            allowed = council.found([moment.standing_of(seat) for seat in event.seats])
        case SeatAdded():
            allowed = council.add_seat(moment.standing_of(event.party))
        case SeatRemoved():
            allowed = council.remove_seat(event.party)
        case Proposed():
            motion = Motion(event.target, event.call, event.reason, event.subject)
            proposed = council.propose(motion, caller=moment.standing_of(event.by), at=at)
            allowed = _not_approved_yet(proposed, event.proposal)
        case Approved():
            caller = moment.standing_of(event.by)
            allowed = council.approve(
                event.proposal, caller=caller, standing_of=moment.standing_of, at=at
            )
        case ApprovalWithdrawn():
            allowed = council.withdraw_approval(
                event.proposal,
                caller=moment.standing_of(event.by),
                standing_of=moment.standing_of,
                at=at,
            )
        case Objected():
            allowed = council.object(
                event.proposal,
                event.reason,
                caller=moment.standing_of(event.by),
                standing_of=moment.standing_of,
                at=at,
            )
        case Executed():
            allowed = council.execute(event.proposal, standing_of=moment.standing_of, at=at)
        case _:
            raise HistoryBroken(f"{type(event).__name__} is no event of the Council")
    return allowed


def _not_approved_yet(council: CouncilState, number: int) -> CouncilState:
    """To propose is to approve, which the chain tells by an event of its own."""
    proposal: Proposal = replace(council.proposals[number], approvals=(), executable_from=0)
    return replace(council, proposals={**council.proposals, number: proposal})


def council_events(events: Iterable[ChainEvent]) -> list[ChainEvent]:
    """Those of the Council among these."""
    return [each for each in events if isinstance(each.event, CouncilEvent)]
