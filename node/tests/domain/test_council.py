"""The Council decides by m of n, after a delay, and not over the head of a party that is there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.councils import (
    ACTIVE,
    DAY,
    NOW,
    ONE,
    STRANGER,
    TERMS,
    THREE,
    TWO,
    approved,
    council,
    motion,
    proposed,
    standing,
    with_status,
)
from tidan_node.domain import council_problems as refused
from tidan_node.domain.chain_time import moment
from tidan_node.domain.council import CouncilState
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.parties import PartyNotActive, PartyStatus, Standing
from tidan_node.domain.proposals import LIFETIME, ProposalStatus, Terms, executable_from
from tidan_node.domain.record_problems import EmptyValue
from tidan_node.problems import Problem


class TestFound:
    def test_its_first_members_are_seated(self) -> None:
        assert council().seats == (ONE, TWO, THREE)

    def test_it_is_founded_once(self) -> None:
        with pytest.raises(refused.AlreadyFounded):
            council().found([standing(ONE), standing(TWO)])

    @pytest.mark.parametrize("seats", [0, 1, 4, 5])
    def test_two_quorums_always_share_a_member(self, seats: int) -> None:
        members = [standing(PartyIndex(index)) for index in range(1, seats + 1)]
        with pytest.raises(refused.SeatCountUnfit):
            CouncilState(TERMS).found(members)

    def test_a_party_has_one_seat(self) -> None:
        with pytest.raises(refused.AlreadySeated):
            CouncilState(TERMS).found([standing(ONE), standing(ONE)])

    def test_a_suspended_party_gets_none(self) -> None:
        with pytest.raises(PartyNotActive):
            CouncilState(TERMS).found([standing(ONE), standing(TWO, PartyStatus.SUSPENDED)])

    def test_there_are_at_most_31_seats(self) -> None:
        members = [standing(PartyIndex(index)) for index in range(1, 33)]
        with pytest.raises(refused.SeatCountUnfit):
            CouncilState(Terms(20, DAY, DAY)).found(members)


class TestPropose:
    def test_to_propose_is_to_approve(self) -> None:
        proposal = proposed().proposals[1]
        assert proposal.approvals == (ONE,)
        assert proposal.status(NOW) is ProposalStatus.OPEN

    def test_where_one_decides_the_waiting_begins_at_once(self) -> None:
        alone = CouncilState(Terms(1, DAY, DAY)).found([standing(ONE)])
        proposal = alone.propose(motion(), caller=standing(ONE), at=NOW).proposals[1]
        assert proposal.executable_from == NOW + DAY
        assert proposal.status(NOW) is ProposalStatus.APPROVED

    @pytest.mark.parametrize(
        ("caller", "allowed", "reason", "kind"),
        [
            (standing(STRANGER), True, "because", refused.NotSeated),
            (standing(ONE, PartyStatus.SUSPENDED), True, "because", PartyNotActive),
            (standing(ONE), False, "because", refused.TargetForbidden),
            (standing(ONE), True, "", EmptyValue),
        ],
    )
    def test_a_wrong_one_is_refused(
        self, caller: Standing, allowed: bool, reason: str, kind: type[Problem]
    ) -> None:
        with pytest.raises(kind):
            council().propose(motion(reason=reason), caller=caller, target_allowed=allowed, at=NOW)


class TestApprove:
    def test_the_last_that_is_needed_begins_the_waiting(self) -> None:
        proposal = approved().proposals[1]
        assert proposal.executable_from == NOW + 10 + DAY

    def test_who_would_lose_accounts_has_its_window(self) -> None:
        assert approved(THREE).proposals[1].executable_from == NOW + 10 + 3 * DAY

    def test_one_more_does_not_begin_it_anew(self) -> None:
        state = approved().approve(1, caller=standing(THREE), standing_of=ACTIVE, at=NOW + 999)
        assert state.proposals[1].executable_from == NOW + 10 + DAY

    def test_the_approval_of_a_suspended_member_is_not_counted(self) -> None:
        state = proposed().approve(
            1, caller=standing(TWO), standing_of=with_status(p1=PartyStatus.SUSPENDED), at=NOW
        )
        assert state.proposals[1].executable_from == 0

    @pytest.mark.parametrize(
        ("caller", "kind"),
        [
            (standing(ONE), refused.AlreadyApproved),
            (standing(STRANGER), refused.NotSeated),
            (standing(TWO, PartyStatus.SUSPENDED), PartyNotActive),
        ],
    )
    def test_a_wrong_one_is_refused(self, caller: Standing, kind: type[Problem]) -> None:
        with pytest.raises(kind):
            proposed().approve(1, caller=caller, standing_of=ACTIVE, at=NOW)

    def test_what_is_not_there_or_has_lapsed_takes_none(self) -> None:
        with pytest.raises(refused.ProposalUnknown):
            proposed().approve(2, caller=standing(TWO), standing_of=ACTIVE, at=NOW)
        with pytest.raises(refused.ProposalLapsed):
            proposed().approve(1, caller=standing(TWO), standing_of=ACTIVE, at=NOW + LIFETIME)


class TestWithdrawApproval:
    def test_with_too_few_left_the_waiting_has_ended(self) -> None:
        proposal = _withdrawn(approved(), TWO).proposals[1]
        assert (proposal.approvals, proposal.executable_from) == ((ONE,), 0)
        assert proposal.status(NOW) is ProposalStatus.OPEN

    def test_given_again_it_begins_anew(self) -> None:
        state = _withdrawn(approved(), TWO)
        state = state.approve(1, caller=standing(TWO), standing_of=ACTIVE, at=NOW + 5 * DAY)
        assert state.proposals[1].executable_from == NOW + 6 * DAY

    def test_with_enough_left_it_goes_on(self) -> None:
        state = approved().approve(1, caller=standing(THREE), standing_of=ACTIVE, at=NOW + 20)
        assert _withdrawn(state, ONE).proposals[1].executable_from == NOW + 10 + DAY

    def test_one_that_does_not_count_is_no_help(self) -> None:
        state = approved().approve(1, caller=standing(THREE), standing_of=ACTIVE, at=NOW + 20)
        suspended = with_status(p3=PartyStatus.SUSPENDED)
        state = state.withdraw_approval(1, caller=standing(ONE), standing_of=suspended, at=NOW + 30)
        assert state.proposals[1].executable_from == 0

    def test_what_has_lapsed_keeps_its_approvals(self) -> None:
        with pytest.raises(refused.ProposalLapsed):
            proposed().withdraw_approval(
                1, caller=standing(ONE), standing_of=ACTIVE, at=NOW + LIFETIME
            )

    @pytest.mark.parametrize(
        ("caller", "kind"),
        [
            (standing(THREE), refused.NotApproved),
            (standing(STRANGER), refused.NotSeated),
            (standing(ONE, PartyStatus.SUSPENDED), PartyNotActive),
        ],
    )
    def test_a_wrong_one_is_refused(self, caller: Standing, kind: type[Problem]) -> None:
        with pytest.raises(kind):
            approved().withdraw_approval(1, caller=caller, standing_of=ACTIVE, at=NOW + 20)


class TestExecute:
    def test_it_is_done_once_the_waiting_is_over(self) -> None:
        state = approved().execute(1, standing_of=ACTIVE, at=NOW + 10 + DAY)
        assert state.proposals[1].status(NOW + 9 * DAY) is ProposalStatus.EXECUTED

    def test_not_a_second_before(self) -> None:
        with pytest.raises(refused.TooEarly) as early:
            approved().execute(1, standing_of=ACTIVE, at=NOW + 9 + DAY)
        assert early.value.extra == {"executableFrom": NOW + 10 + DAY}
        assert moment(NOW + 10 + DAY) in early.value.detail
        assert f"its clock is at {moment(NOW + 9 + DAY)}" in early.value.detail

    def test_not_thirty_days_after(self) -> None:
        last = NOW + 10 + DAY + LIFETIME
        assert approved().execute(1, standing_of=ACTIVE, at=last - 1)
        with pytest.raises(refused.ProposalLapsed):
            approved().execute(1, standing_of=ACTIVE, at=last)

    def test_not_twice(self) -> None:
        done = approved().execute(1, standing_of=ACTIVE, at=NOW + 2 * DAY)
        with pytest.raises(refused.ProposalExecuted):
            done.execute(1, standing_of=ACTIVE, at=NOW + 2 * DAY)

    def test_approvals_are_counted_anew(self) -> None:
        with pytest.raises(refused.ApprovalsMissing):
            approved().execute(
                1, standing_of=with_status(p2=PartyStatus.SUSPENDED), at=NOW + 2 * DAY
            )

    def test_a_member_that_lost_its_seat_counts_no_more(self) -> None:
        with pytest.raises(refused.ApprovalsMissing):
            approved().remove_seat(TWO).execute(1, standing_of=ACTIVE, at=NOW + 2 * DAY)


class TestSeats:
    def test_one_less_and_one_more(self) -> None:
        state = council().remove_seat(TWO).add_seat(standing(STRANGER))
        assert state.seats == (ONE, THREE, STRANGER)

    def test_their_number_stays_within_the_bounds(self) -> None:
        with pytest.raises(refused.SeatCountUnfit):
            council().add_seat(standing(STRANGER))
        with pytest.raises(refused.SeatCountUnfit):
            council().remove_seat(ONE).remove_seat(TWO)

    def test_who_has_none_loses_none(self) -> None:
        with pytest.raises(refused.SeatUnknown):
            council().remove_seat(STRANGER)


parties = st.integers(1, 7).map(PartyIndex)
waits = st.integers(0, 3 * DAY)


def _withdrawn(state: CouncilState, by: PartyIndex) -> CouncilState:
    return state.withdraw_approval(1, caller=standing(by), standing_of=ACTIVE, at=NOW + 30)


@given(
    threshold=st.integers(1, 4),
    more=st.integers(0, 3),
    subject=st.sampled_from([NO_PARTY, *(PartyIndex(index) for index in range(1, 8))]),
    acts=st.lists(
        st.tuples(parties, st.sampled_from(["approve", "approve", "object", "withdraw"]), waits),
        max_size=12,
    ),
    suspended=st.sets(parties, max_size=2),
)
def test_whatever_happens_nothing_is_done_without_its_approvals_and_its_waiting(
    threshold: int,
    more: int,
    subject: PartyIndex,
    acts: list[tuple[PartyIndex, str, int]],
    suspended: set[PartyIndex],
) -> None:
    seats = [PartyIndex(index) for index in range(1, threshold + min(more, threshold - 1) + 1)]
    state = CouncilState(Terms(threshold, DAY, 2 * DAY)).found([standing(seat) for seat in seats])
    state = state.propose(motion(subject), caller=standing(ONE), at=NOW)
    now = NOW
    stands = {f"p{party}": PartyStatus.SUSPENDED for party in suspended}
    for party, act, later in acts:
        now += later
        caller = standing(party)
        try:
            if act == "object":
                state = state.object(1, "no", caller=caller, standing_of=ACTIVE, at=now)
            elif act == "withdraw":
                state = state.withdraw_approval(1, caller=caller, standing_of=ACTIVE, at=now)
            else:
                state = state.approve(1, caller=caller, standing_of=ACTIVE, at=now)
        except Problem:
            continue
    proposal = state.proposals[1]
    counted = [seat for seat in proposal.approvals if seat not in suspended]
    enough = len(counted) >= threshold
    if proposal.is_objected:
        enough = enough and set(seats) - {subject} <= set(counted)
        assert not proposal.executable_from or (
            proposal.executable_from >= proposal.objected_at + 2 * DAY
        )
    waited = 0 < proposal.executable_from <= now < proposal.executable_from + LIFETIME
    try:
        done = state.execute(1, standing_of=with_status(**stands), at=now)
    except Problem:
        assert not (enough and waited)
    else:
        assert enough
        assert waited
        assert now >= executable_from(state.terms, proposal, NOW)
        assert done.proposals[1] == replace(proposal, executed_at=now)
