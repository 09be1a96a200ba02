"""What an objection changes, and who may object."""

from __future__ import annotations

import pytest

from tests.domain.councils import (
    ACTIVE,
    DAY,
    NOW,
    ONE,
    TERMS,
    THREE,
    TWO,
    approved,
    motion,
    proposed,
    standing,
    with_status,
)
from tidan_node.domain import council_problems as refused
from tidan_node.domain.council import CouncilState, required_approvals
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.parties import PartyNotActive, PartyStatus, Standing
from tidan_node.domain.proposals import Terms
from tidan_node.domain.record_problems import EmptyValue
from tidan_node.problems import Problem


class TestObject:
    def test_all_others_are_needed_then_and_the_waiting_begins_anew(self) -> None:
        state = approved(THREE).object(
            1, "no", caller=standing(THREE), standing_of=ACTIVE, at=NOW + DAY
        )
        proposal = state.proposals[1]
        assert required_approvals(state, proposal) == 2
        assert proposal.executable_from == NOW + DAY + 3 * DAY

    def test_a_quorum_alone_cannot_override_a_party_that_is_there(self) -> None:
        five = CouncilState(Terms(3, DAY, DAY)).found(
            [standing(PartyIndex(index)) for index in range(1, 6)]
        )
        state = five.propose(motion(PartyIndex(5)), caller=standing(ONE), at=NOW)
        for member in (TWO, THREE):
            state = state.approve(1, caller=standing(member), standing_of=ACTIVE, at=NOW)
        state = state.object(
            1, "no", caller=standing(PartyIndex(5)), standing_of=ACTIVE, at=NOW + 1
        )
        assert state.proposals[1].executable_from == 0
        with pytest.raises(refused.ApprovalsMissing):
            state.execute(1, standing_of=ACTIVE, at=NOW + 5 * DAY)
        state = state.approve(
            1, caller=standing(PartyIndex(4)), standing_of=ACTIVE, at=NOW + 2 * DAY
        )
        assert state.proposals[1].executable_from == NOW + 3 * DAY

    def test_in_a_council_of_all_an_objection_never_makes_it_easier(self) -> None:
        two = CouncilState(TERMS).found([standing(ONE), standing(TWO)])
        state = two.propose(motion(TWO), caller=standing(ONE), at=NOW)
        state = state.object(1, "no", caller=standing(TWO), standing_of=ACTIVE, at=NOW)
        assert state.proposals[1].executable_from == 0

    def test_a_suspended_subject_may_say_no(self) -> None:
        state = approved(THREE).object(
            1,
            "no",
            caller=standing(THREE, PartyStatus.SUSPENDED),
            standing_of=with_status(p3=PartyStatus.SUSPENDED),
            at=NOW + 20,
        )
        assert state.proposals[1].is_objected

    @pytest.mark.parametrize(
        ("subject", "caller", "reason", "kind"),
        [
            (NO_PARTY, standing(THREE), "no", refused.NothingToObjectTo),
            (THREE, standing(TWO), "no", refused.NotTheSubject),
            (THREE, standing(THREE, PartyStatus.REVOKED), "no", PartyNotActive),
            (THREE, standing(THREE), "", EmptyValue),
        ],
    )
    def test_a_wrong_one_is_refused(
        self, subject: PartyIndex, caller: Standing, reason: str, kind: type[Problem]
    ) -> None:
        with pytest.raises(kind):
            proposed(subject).object(1, reason, caller=caller, standing_of=ACTIVE, at=NOW)

    def test_it_is_said_once_so_that_a_thief_cannot_go_on(self) -> None:
        state = approved(THREE).object(
            1, "no", caller=standing(THREE), standing_of=ACTIVE, at=NOW + 20
        )
        with pytest.raises(refused.AlreadyObjected):
            state.object(1, "no", caller=standing(THREE), standing_of=ACTIVE, at=NOW + 30)
