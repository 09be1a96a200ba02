"""The Council follows from its events; and its history is held against its rules."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.council_acts import (
    DAY,
    approve,
    execute,
    found,
    object_to,
    propose,
    wait,
    withdraw_approval,
)
from tests.story import Story
from tidan_node.domain import membership_events as membership
from tidan_node.domain.council import CouncilState
from tidan_node.domain.council_fold import CouncilEvent, advance_council
from tidan_node.domain.council_legality import council_illegal_acts
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import ZERO_20, Address, PartyIndex
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.standings import Standings
from tidan_node.domain.steps import HistoryBroken
from tidan_node.ledger.calls import Call

ONE, TWO, THREE, FOUR = (PartyIndex(index) for index in range(1, 5))
NEW = Address("0x" + "ab" * 20)


@pytest.fixture
def story() -> Story:
    story = Story()
    for _ in range(4):
        story.enrol(Role.CARRIER)
    found(story, ONE, TWO, THREE)
    return story


def recovery(story: Story) -> int:
    call = Call("PartyRegistry", "recover", (THREE, NEW, "key lost"))
    return propose(story, ONE, call, subject=THREE)


def folded(events: Iterable[ChainEvent]) -> CouncilState:
    state: CouncilState | None = None
    for each in events:
        if isinstance(each.event, CouncilEvent):
            state = advance_council(state, each)
    assert state is not None
    return state


def judged(story: Story) -> list[tuple[int, str]]:
    acts = council_illegal_acts(story.events, Standings(story.events).at)
    return [(act.seq, act.rule) for act in acts]


class TestAdvanceCouncil:
    def test_it_is_at_the_end_what_the_story_says(self, story: Story) -> None:
        number = recovery(story)
        approve(story, number, TWO)
        object_to(story, number, THREE)
        wait(story)
        execute(story, number)
        given_up = propose(story, ONE, Call("Council", "removeSeat", (THREE,)))
        approve(story, given_up, TWO)
        withdraw_approval(story, given_up, ONE)
        seat = propose(story, ONE, Call("Council", "removeSeat", (TWO,)))
        approve(story, seat, THREE)
        wait(story)
        execute(story, seat)
        assert folded(story.events) == story.council
        assert story.council.seats == (ONE, THREE)

    def test_nothing_comes_before_the_founding(self, story: Story) -> None:
        propose(story, ONE, Call("Council", "removeSeat", (TWO,)))
        with pytest.raises(HistoryBroken):
            advance_council(None, story.events[-1])

    @pytest.mark.parametrize(
        "event",
        [
            membership.CouncilFounded((ONE,), 1, DAY, DAY),
            membership.SeatAdded(TWO),
            membership.SeatRemoved(FOUR),
            membership.Proposed(9, ONE, PartyIndex(0), ZERO_20, b"", "why"),
            membership.Proposed(1, ONE, PartyIndex(0), ZERO_20, b"", "why"),
            membership.Approved(1, ONE, 0),
            membership.Approved(7, TWO, 0),
            membership.ApprovalWithdrawn(1, TWO, 0),
            membership.Executed(7),
        ],
    )
    def test_what_cannot_come_next_is_broken(self, story: Story, event: CouncilEvent) -> None:
        propose(story, ONE, Call("Council", "removeSeat", (TWO,)))
        story.emit(event)
        with pytest.raises(HistoryBroken):
            folded(story.events)

    def test_an_executed_proposal_is_over(self, story: Story) -> None:
        number = propose(story, ONE, Call("Council", "removeSeat", (TWO,)))
        approve(story, number, THREE)
        wait(story)
        execute(story, number)
        story.emit(membership.Approved(number, TWO, 1))
        with pytest.raises(HistoryBroken, match="after it was executed"):
            folded(story.events)


class TestCouncilIllegalActs:
    def test_a_history_by_the_rules_has_none(self, story: Story) -> None:
        number = recovery(story)
        approve(story, number, TWO)
        object_to(story, number, THREE)
        wait(story)
        execute(story, number)
        assert judged(story) == []

    def test_an_approval_may_be_taken_back(self, story: Story) -> None:
        number = recovery(story)
        approve(story, number, TWO)
        withdraw_approval(story, number, ONE)
        approve(story, number, ONE)
        wait(story)
        execute(story, number)
        assert judged(story) == []

    def test_a_waiting_that_outlives_its_approvals_is_found(self, story: Story) -> None:
        number = recovery(story)
        approve(story, number, TWO)
        due = story.council.proposals[number].executable_from
        story.emit(membership.ApprovalWithdrawn(number, TWO, due))
        assert judged(story) == [(number, "other-effect")]

    def test_a_member_may_have_approved_its_own_suspension(self, story: Story) -> None:
        suspended = int(PartyStatus.SUSPENDED)
        call = Call("PartyRegistry", "changeStatus", (TWO, suspended, "asked for"))
        number = propose(story, ONE, call)
        approve(story, number, TWO)
        wait(story)
        execute(story, number)
        assert judged(story) == []

    def test_an_execution_before_its_time_is_found(self, story: Story) -> None:
        number = recovery(story)
        approve(story, number, TWO)
        story.emit(membership.Executed(number))
        assert judged(story) == [(number, "too-early")]

    def test_an_execution_over_an_objection_is_found(self, story: Story) -> None:
        number = recovery(story)
        object_to(story, number, THREE)
        wait(story, 9 * DAY)
        story.emit(membership.Executed(number))
        assert judged(story) == [(number, "approvals-missing")]

    def test_a_waiting_that_was_cut_short_is_found(self, story: Story) -> None:
        number = recovery(story)
        story.emit(membership.Approved(number, TWO, story.now + 1))
        assert judged(story) == [(number, "other-effect")]

    def test_an_approval_by_who_has_no_seat_is_found(self, story: Story) -> None:
        number = recovery(story)
        story.emit(membership.Approved(number, FOUR, 0))
        assert judged(story) == [(number, "not-seated")]

    def test_a_seat_for_a_suspended_party_is_found(self, story: Story) -> None:
        story.change_status(FOUR, PartyStatus.SUSPENDED)
        story.emit(membership.SeatRemoved(TWO), membership.SeatAdded(FOUR))
        assert judged(story) == [(0, "party-not-active")]


def test_a_decision_that_is_done_twice_is_told() -> None:
    story = Story()
    for _ in range(4):
        story.enrol(Role.CARRIER)
    found(story, ONE, TWO, THREE)
    first, second = (
        propose(story, ONE, Call("PartyRegistry", "changeStatus", (FOUR, 2, why)))
        for why in ("late fees", "the same in other words")
    )
    for number in (first, second):
        approve(story, number, TWO)
    wait(story)
    execute(story, first)
    assert judged(story) == []
    story.emit(membership.Executed(second))
    assert judged(story) == [(second, "already-decided")]
    assert folded(story.events).settled == story.council.settled
