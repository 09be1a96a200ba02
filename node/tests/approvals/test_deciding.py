"""Who may say yes, how often, and that the last yes and the act are one commit."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tidan_node.people.caller import Scope
from tidan_node.people.roles import UserRole

pytestmark = pytest.mark.usefixtures("sql")

OFFER = {"recipient": "3"}


async def _slug(answer: Any) -> str:
    return str(answer.json()["type"]).rsplit("/", 1)[-1]


class TestApprove:
    async def test_the_last_approval_carries_it_out_in_the_makers_name(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()
        approval = await maker.waiting(house.offers, OFFER)

        answer = await checker.approve(approval)

        assert answer.status_code == 200
        said = answer.json()
        (operation,) = await house.operations()
        assert said["status"] == "done"
        assert said["answer"]["operation"]["id"] == operation["id"]
        assert said["approvers"]["given"] == 1
        assert await house.told(approval) == [
            "approval.asked",
            "approval.approved",
            "approval.done",
        ]
        ((_, call),) = await house.seller.waiting()
        assert (call.function, call.args[2]) == ("offer", 3)

    async def test_its_body_is_let_go_once_it_is_done(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        approval = await (await house.maker()).waiting(house.offers, OFFER)
        await checker.approve(approval)

        details = (await checker.get(f"/v1/approvals/{approval}")).json()

        assert details["request"] is None
        assert details["intended"]["details"]["recipient"] == 3

    async def test_the_same_decision_sent_again_is_one(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        approval = await (await house.maker()).waiting(house.offers, OFFER)

        first = await checker.approve(approval, key="yes")
        again = await checker.approve(approval, key="yes")
        late = await checker.approve(approval, key="yes-once-more")

        assert again.json() == first.json()
        assert (late.status_code, await _slug(late)) == (409, "approval-ended")
        assert len(await house.operations()) == 1

    async def test_two_approvers_are_two_people(self, house: Any) -> None:
        first, second = await house.checker("first"), await house.checker("second")
        await house.require("title.offer", 2)
        approval = await (await house.maker()).waiting(house.offers, OFFER)

        half = (await first.approve(approval)).json()
        twice = await first.approve(approval)
        by_another_key = await (await house.other_key(first)).approve(approval)
        whole = (await second.approve(approval)).json()

        assert (half["status"], half["approvers"]["given"]) == ("open", 1)
        assert {await _slug(twice), await _slug(by_another_key)} == {"approved-before"}
        assert whole["status"] == "done"
        assert {vote["name"] for vote in whole["approvals"]} == {"first", "second"}
        assert len(await house.operations()) == 1

    async def test_of_two_last_approvals_at_once_one_carries_it_out(self, house: Any) -> None:
        checkers = [await house.checker(name) for name in ("first", "second", "third")]
        await house.require("title.offer", 1)
        approval = await (await house.maker()).waiting(house.offers, OFFER)

        answers = await asyncio.gather(*(each.approve(approval) for each in checkers))

        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        assert len(await house.operations()) == 1

    async def test_an_approver_who_was_disabled_since_counts_no_more(self, house: Any) -> None:
        first, second, third = [await house.checker(name) for name in ("1st", "2nd", "3rd")]
        await house.require("title.offer", 2)
        approval = await (await house.maker()).waiting(house.offers, OFFER)
        await first.approve(approval)
        await house.disable(first)

        still_one = (await second.approve(approval)).json()
        done = (await third.approve(approval)).json()

        assert (still_one["status"], still_one["approvers"]["given"]) == ("open", 1)
        assert done["status"] == "done"

    async def test_a_rule_made_stricter_since_counts(self, house: Any) -> None:
        first, second = await house.checker("first"), await house.checker("second")
        await house.require("title.offer", 1)
        approval = await (await house.maker()).waiting(house.offers, OFFER)
        stricter = await house.seller.post(
            "/v1/approval-rules", {"act": "title.offer", "approvers": 2}
        )
        await first.approve(stricter.json()["approval"]["id"])

        half = (await first.approve(approval)).json()
        whole = (await second.approve(approval)).json()

        assert (half["status"], half["approvers"]["needed"]) == ("open", 2)
        assert whole["status"] == "done"


class TestNeverTheMaker:
    async def test_by_no_key_or_session_of_its_own(self, house: Any) -> None:
        both = await house.person("both", UserRole.MAKER, UserRole.CHECKER)
        await house.checker()
        await house.require("title.offer", 1)
        approval = await both.waiting(house.offers, OFFER)
        itself = [both, await house.other_key(both), await house.session(both)]

        answers = [await each.approve(approval) for each in itself]

        assert {answer.status_code for answer in answers} == {403}
        assert {await _slug(answer) for answer in answers} == {"maker-may-not-decide"}
        assert await house.operations() == []

    async def test_nor_what_its_agent_has_asked_for(self, house: Any) -> None:
        both = await house.person("both", UserRole.MAKER, UserRole.CHECKER)
        checker = await house.checker()
        await house.require("title.offer", 1)
        agent = await house.agent(both, Scope.TITLES_ACT)
        approval = await agent.waiting(house.offers, OFFER)

        own = await both.approve(approval)
        others = await checker.approve(approval)

        assert await _slug(own) == "maker-may-not-decide"
        assert (others.json()["status"], others.json()["maker"]["agent"]) == ("done", True)

    async def test_an_agent_of_an_approver_approves_nothing(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        approval = await (await house.maker()).waiting(house.offers, OFFER)
        agent = await house.agent(checker, Scope.OPERATIONS_READ, Scope.RECORDS_READ)

        answer = await agent.approve(approval)

        assert (answer.status_code, await _slug(answer)) == (403, "scope-missing")

    async def test_nor_does_a_service(self, house: Any) -> None:
        await house.checker()
        await house.require("title.offer", 1)
        approval = await (await house.maker()).waiting(house.offers, OFFER)

        answer = await house.seller.post(f"/v1/approvals/{approval}/approval")

        assert (answer.status_code, await _slug(answer)) == (403, "approver-not-a-person")

    async def test_nobody_approves_what_it_cannot_see(self, house: Any) -> None:
        blind = await house.person("blind", UserRole.CHECKER, scopes=[Scope.APPROVALS_DECIDE])
        await house.require("title.offer", 1)
        approval = await (await house.maker()).waiting(house.offers, OFFER)

        approved = await blind.approve(approval)
        refused = await blind.post(f"/v1/approvals/{approval}/refusal", {"reason": "unseen"})

        assert (approved.status_code, await _slug(approved)) == (403, "approval-not-seen")
        assert refused.json()["status"] == "refused"


class TestOtherEnds:
    async def test_one_refusal_ends_it_and_its_reason_stays_out_of_the_trail(
        self, house: Any
    ) -> None:
        first, second = await house.checker("first"), await house.checker("second")
        await house.require("title.offer", 2)
        approval = await (await house.maker()).waiting(house.offers, OFFER)
        await first.approve(approval)

        refused = await second.post(f"/v1/approvals/{approval}/refusal", {"reason": "ruby price"})
        late = await first.approve(approval)

        assert (refused.json()["status"], refused.json()["reason"]) == ("refused", "ruby price")
        assert await _slug(late) == "approval-ended"
        assert (await house.told(approval))[-1] == "approval.refused"
        assert "ruby" not in str(await house.seller.trail())
        assert await house.operations() == []

    async def test_only_its_maker_withdraws_it(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()
        approval = await maker.waiting(house.offers, OFFER)

        others = await checker.post(f"/v1/approvals/{approval}/withdrawal")
        own = await (await house.session(maker)).post(f"/v1/approvals/{approval}/withdrawal")

        assert (others.status_code, await _slug(others)) == (403, "not-the-maker")
        assert own.json()["status"] == "withdrawn"
        assert await house.operations() == []

    async def test_a_key_without_the_act_does_not_withdraw_it(self, house: Any) -> None:
        await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()
        approval = await maker.waiting(house.offers, OFFER)
        reading = await house.agent(maker, Scope.OPERATIONS_READ)

        answer = await reading.post(f"/v1/approvals/{approval}/withdrawal")

        assert (answer.status_code, await _slug(answer)) == (403, "scope-missing")

    async def test_after_seven_days_it_has_expired(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        approval = await (await house.maker()).waiting(house.offers, OFFER)
        await house.pass_days(7)

        late = await checker.approve(approval)
        listed = (await checker.get("/v1/approvals", status="expired")).json()["items"]

        assert (late.status_code, await _slug(late)) == (409, "approval-ended")
        assert [each["id"] for each in listed] == [approval]
        await house.keep_house()
        assert await house.told(approval) == ["approval.asked", "approval.expired"]
        await house.keep_house()
        assert len(await house.told(approval)) == 2
