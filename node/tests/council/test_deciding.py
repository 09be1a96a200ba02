"""Approving, objecting, executing: how a proposal goes its way, and what each answer tells."""

from __future__ import annotations

from typing import Any

import pytest

from tests.council.wishes import NEWCOMER
from tests.council_acts import propose
from tests.office import opened
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.proposals import LIFETIME
from tidan_node.ledger.calls import Call
from tidan_node.people.caller import Scope

PROPOSALS = "/v1/council/proposals"
SUSPENSION = {"kind": "suspend", "party": 5}
FOUR = PartyIndex(4)


def recovery() -> dict[str, Any]:
    """Of the trader, which has a node and can object."""
    return {"kind": "recover", "party": 4, "added": NEWCOMER}


async def shown(members: Any, number: int) -> dict[str, Any]:
    answer = await members.regulator.get(f"{PROPOSALS}/{number}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


class TestShowProposal:
    async def test_it_says_in_words_and_fields_what_it_does_and_what_is_missing(
        self, members: Any
    ) -> None:
        number = await members.proposed(SUSPENSION)
        told = await shown(members, number)
        assert (told["kind"], told["words"]) == ("suspend", "suspend Party 5 Ltd (party 5)")
        assert told["details"]["party"] == {"index": 5, "name": "Party 5 Ltd"}
        assert (told["status"], told["reason"]) == ("OPEN", "it is time")
        assert (told["approvalsCounted"], told["approvalsNeeded"]) == (1, 2)
        assert told["proposer"]["index"] == 1
        assert (told["executableFrom"], told["executedAt"], told["subject"]) == (None, None, None)
        assert told["call"]["contract"] == "PartyRegistry"

    async def test_it_says_from_when_it_can_be_executed(self, members: Any) -> None:
        number = await members.proposed(SUSPENSION)
        await members.approved(number, members.bank)
        told = await shown(members, number)
        assert told["status"] == "APPROVED"
        assert [each["party"]["index"] for each in told["approvals"]] == [1, 2]
        assert told["executableFrom"].endswith("Z")

    async def test_an_approval_of_a_suspended_member_counts_no_more(self, members: Any) -> None:
        number = await members.proposed(SUSPENSION)
        await members.approved(number, members.bank)
        members.story.change_status(PartyIndex(2), PartyStatus.SUSPENDED)
        await members.consortium.publish()
        told = await shown(members, number)
        assert [each["counts"] for each in told["approvals"]] == [True, False]
        assert told["approvalsCounted"] == 1

    async def test_one_that_is_not_there_is_404(self, members: Any) -> None:
        answer = await members.carrier.get(f"{PROPOSALS}/7")
        assert (answer.status_code, answer.json()["type"]) == (404, "/v1/problems/proposal-unknown")


class TestListProposals:
    async def test_the_newest_come_first_page_by_page(self, members: Any) -> None:
        for party in (4, 5, 3):
            await members.proposed({"kind": "suspend", "party": party})
        first = (await members.bank.get(PROPOSALS, limit="2")).json()
        rest = (await members.bank.get(PROPOSALS, limit="2", cursor=first["nextCursor"])).json()
        assert [each["number"] for each in first["items"] + rest["items"]] == [3, 2, 1]
        assert rest["nextCursor"] is None

    async def test_only_those_that_stand_so(self, members: Any) -> None:
        done = await members.decided(SUSPENSION)
        lapsed = await members.proposed({"kind": "suspend", "party": 4})
        await members.later(LIFETIME)
        open_ = await members.proposed({"kind": "suspend", "party": 4})
        ready = await members.proposed({"kind": "suspend", "party": 3})
        await members.approved(ready, members.bank)
        for status, number in (
            ("EXECUTED", done),
            ("LAPSED", lapsed),
            ("OPEN", open_),
            ("APPROVED", ready),
        ):
            found = (await members.bank.get(PROPOSALS, status=status)).json()["items"]
            assert [(each["number"], each["status"]) for each in found] == [(number, status)]

    async def test_an_operation_names_the_one_that_it_made(self, members: Any) -> None:
        await members.proposed({"kind": "suspend", "party": 4})
        answer = await members.carrier.post(PROPOSALS, {**SUSPENSION, "reason": "why"})
        operation = answer.json()["operation"]["id"]
        path = {"operation": operation}
        assert (await members.carrier.get(PROPOSALS, **path)).json()["items"] == []
        unknown = await members.carrier.get(PROPOSALS, operation="nobody")
        assert unknown.status_code == 404


class TestApprove:
    async def test_a_member_approves_once(self, members: Any) -> None:
        number = await members.proposed(SUSPENSION)
        answer = await members.carrier.post(f"{PROPOSALS}/{number}/approval")
        assert (answer.status_code, answer.json()["type"]) == (
            409,
            "/v1/problems/already-approved",
        )

    async def test_who_has_no_seat_approves_nothing(self, members: Any) -> None:
        number = await members.proposed(SUSPENSION)
        answer = await members.trader.post(f"{PROPOSALS}/{number}/approval")
        assert answer.json()["type"] == "/v1/problems/not-seated"

    async def test_it_is_trailed(self, members: Any) -> None:
        number = await members.proposed(SUSPENSION)
        await members.approved(number, members.bank)
        ((act, subject, _),) = await members.bank.trail()
        assert (act, subject) == ("council.approve", f"proposal:{number}")


class TestWithdraw:
    async def test_a_member_takes_its_approval_back_and_may_give_it_again(
        self, members: Any
    ) -> None:
        number = await members.proposed(SUSPENSION)
        await members.approved(number, members.bank)
        answer = await members.bank.post(f"{PROPOSALS}/{number}/approval/withdrawal")
        assert answer.status_code == 202, answer.text
        await members.bank.carry_out()
        told = await shown(members, number)
        assert [each["party"]["index"] for each in told["approvals"]] == [1]
        assert (told["status"], told["executableFrom"]) == ("OPEN", None)
        await members.later()
        execution = await members.trader.post(f"{PROPOSALS}/{number}/execution")
        assert execution.json()["type"] == "/v1/problems/approvals-missing"
        await members.approved(number, members.bank)
        assert (await shown(members, number))["status"] == "APPROVED"
        early = await members.trader.post(f"{PROPOSALS}/{number}/execution")
        assert early.json()["type"] == "/v1/problems/too-early"

    async def test_who_has_not_approved_takes_nothing_back(self, members: Any) -> None:
        number = await members.proposed(SUSPENSION)
        for office, slug in ((members.bank, "not-approved"), (members.trader, "not-seated")):
            answer = await office.post(f"{PROPOSALS}/{number}/approval/withdrawal")
            assert answer.json()["type"] == f"/v1/problems/{slug}"
            assert await office.rows() == (0, 0, 0)


class TestExecute:
    async def test_not_before_its_time(self, members: Any) -> None:
        number = await members.proposed(SUSPENSION)
        await members.approved(number, members.bank)
        answer = await members.trader.post(f"{PROPOSALS}/{number}/execution")
        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (409, "/v1/problems/too-early")
        assert problem["executableFrom"] > members.story.now

    async def test_not_without_its_approvals(self, members: Any) -> None:
        number = await members.proposed(SUSPENSION)
        await members.later()
        answer = await members.trader.post(f"{PROPOSALS}/{number}/execution")
        assert answer.json()["type"] == "/v1/problems/approvals-missing"

    async def test_not_twice(self, members: Any) -> None:
        number = await members.decided(SUSPENSION)
        told = await shown(members, number)
        assert (told["status"], told["executedAt"] is None) == ("EXECUTED", False)
        answer = await members.trader.post(f"{PROPOSALS}/{number}/execution")
        assert answer.json()["type"] == "/v1/problems/proposal-executed"


class TestDecidedTwice:
    async def test_the_second_proposal_of_the_same_is_superseded(self, members: Any) -> None:
        """Two members propose it at once: neither node has seen the other's proposal yet."""
        suspension = Call(
            "PartyRegistry", "changeStatus", (5, int(PartyStatus.SUSPENDED), "in my words")
        )
        first = await members.proposed(SUSPENSION)
        second = propose(members.story, PartyIndex(2), suspension)
        await members.consortium.publish()
        await members.approved(first, members.bank)
        await members.approved(second, members.carrier)
        await members.later()
        await members.trader.post(f"{PROPOSALS}/{first}/execution")
        await members.trader.carry_out()
        await members.decided({"kind": "reinstate", "party": 5})

        answer = await members.trader.post(f"{PROPOSALS}/{second}/execution")
        told = await shown(members, second)

        assert (answer.status_code, answer.json()["type"]) == (409, "/v1/problems/already-decided")
        assert (told["status"], told["supersededBy"]) == ("SUPERSEDED", first)
        assert (await members.trader.get("/v1/parties/5")).json()["status"] == "ACTIVE"
        (listed,) = (await members.bank.get(PROPOSALS, status="SUPERSEDED")).json()["items"]
        assert listed["number"] == second

    async def test_what_is_proposed_already_is_not_proposed_again(self, members: Any) -> None:
        number = await members.proposed(SUSPENSION)
        answer = await members.bank.post(PROPOSALS, {**SUSPENSION, "reason": "another reason"})
        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (409, "/v1/problems/already-proposed")
        assert problem["proposal"] == number
        assert await members.bank.rows() == (0, 0, 0)

    async def test_what_was_decided_before_can_be_decided_again(self, members: Any) -> None:
        await members.decided(SUSPENSION)
        await members.decided({"kind": "reinstate", "party": 5})
        await members.decided(SUSPENSION)
        assert (await members.trader.get("/v1/parties/5")).json()["status"] == "SUSPENDED"


class TestObject:
    async def test_the_party_concerned_says_no_and_all_others_are_needed(
        self, members: Any
    ) -> None:
        number = await members.proposed(recovery())
        await members.approved(number, members.bank)
        answer = await members.trader.post(
            f"{PROPOSALS}/{number}/objection", {"reason": "our key is not lost"}
        )
        assert answer.status_code == 202, answer.text
        await members.trader.carry_out()
        told = await shown(members, number)
        assert told["subject"] == {"index": 4, "name": "Party 4 Ltd"}
        assert told["objection"]["reason"] == "our key is not lost"
        assert (told["status"], told["approvalsNeeded"]) == ("OPEN", 3)
        await members.later(3 * 86_400)
        execution = await members.trader.post(f"{PROPOSALS}/{number}/execution")
        assert execution.json()["type"] == "/v1/problems/approvals-missing"
        await members.approved(number, members.regulator)
        assert (await shown(members, number))["status"] == "APPROVED"

    async def test_nobody_else_does(self, members: Any) -> None:
        number = await members.proposed(recovery())
        answer = await members.regulator.post(
            f"{PROPOSALS}/{number}/objection", {"reason": "I would not"}
        )
        assert (answer.status_code, answer.json()["type"]) == (403, "/v1/problems/not-the-subject")

    async def test_there_is_none_to_what_takes_no_accounts(self, members: Any) -> None:
        number = await members.proposed(SUSPENSION)
        answer = await members.trader.post(f"{PROPOSALS}/{number}/objection", {"reason": "no"})
        assert answer.json()["type"] == "/v1/problems/nothing-to-object-to"


class TestShowCouncil:
    async def test_it_names_members_and_terms(self, members: Any) -> None:
        members.story.change_status(PartyIndex(2), PartyStatus.SUSPENDED)
        await members.consortium.publish()
        told = (await members.trader.get("/v1/council")).json()
        assert told["founded"] is True
        assert told["terms"] == {"threshold": 2, "delay": 86_400, "objectionWindow": 86_400}
        assert [(each["party"]["index"], each["status"]) for each in told["seats"]] == [
            (1, "ACTIVE"),
            (2, "SUSPENDED"),
            (3, "ACTIVE"),
        ]

    async def test_before_the_founding_there_are_none(self, unfounded: Any) -> None:
        told = (await unfounded.trader.get("/v1/council")).json()
        assert (told["founded"], told["terms"], told["seats"]) == (False, None, [])
        assert (await unfounded.trader.get(PROPOSALS)).json()["items"] == []


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        (PROPOSALS, Scope.COUNCIL_ACT),
        (f"{PROPOSALS}/1/approval", Scope.COUNCIL_ACT),
        (f"{PROPOSALS}/1/approval/withdrawal", Scope.COUNCIL_ACT),
        (f"{PROPOSALS}/1/objection", Scope.COUNCIL_ACT),
        (f"{PROPOSALS}/1/execution", Scope.COUNCIL_ACT),
        ("/v1/rotations", Scope.ACCOUNTS_ACT),
        ("/v1/rotations/cancellation", Scope.ACCOUNTS_ACT),
        ("/v1/rotations/completion", Scope.ACCOUNTS_ACT),
    ],
)
async def test_nothing_is_done_without_its_scope(members: Any, path: str, scope: Scope) -> None:
    scopes = frozenset(Scope) - {scope}
    async with opened(members.consortium, PartyIndex(5), scopes) as office:
        answer = await office.post(path, {})
        assert (answer.status_code, answer.json()["scope"]) == (403, scope)
