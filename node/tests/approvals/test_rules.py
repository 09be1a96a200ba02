"""Rules are set by an administrator, and once there is one, under four eyes themselves."""

from __future__ import annotations

from typing import Any

import pytest

from tidan_node.approvals.rules import drop_rules
from tidan_node.people.roles import UserRole

RULES = "/v1/approval-rules"
OFFERS = {"act": "title.offer", "approvers": 1}


async def _needed(house: Any, act: str) -> int:
    items = (await house.seller.get(RULES)).json()["items"]
    return next(int(each["approvers"]) for each in items if each["act"] == act)


class TestRequire:
    async def test_the_first_rule_is_set_at_once(self, house: Any) -> None:
        await house.checker()

        answer = await house.seller.post(RULES, OFFERS)

        assert answer.json() == {"act": "title.offer", "approvers": 1, "before": 0}
        assert await _needed(house, "title.offer") == 1
        assert await _needed(house, "title.accept") == 0
        assert ("approval-rule.set", "title.offer", {"approvers": 1, "before": 0}) in (
            await house.seller.trail()
        )

    @pytest.mark.parametrize("approvers", [0, 1])
    async def test_every_further_change_waits(self, house: Any, approvers: int) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)

        answer = await house.seller.post(RULES, {"act": "title.offer", "approvers": approvers})

        assert answer.status_code == 202
        approval = answer.json()["approval"]
        assert approval["act"] == "approval-rule.set"
        assert await _needed(house, "title.offer") == 1
        done = (await checker.approve(approval["id"])).json()
        assert done["answer"] == {"act": "title.offer", "approvers": approvers, "before": 1}
        assert await _needed(house, "title.offer") == approvers

    async def test_it_needs_as_many_as_the_strictest_rule(self, house: Any) -> None:
        first, second = await house.checker("first"), await house.checker("second")
        await house.require("title.surrender", 2)

        freed = await house.seller.post(RULES, {"act": "title.surrender", "approvers": 0})

        approval = freed.json()["approval"]["id"]
        assert (await first.approve(approval)).json()["status"] == "open"
        assert (await second.approve(approval)).json()["status"] == "done"

    async def test_an_administrator_does_not_approve_its_own_change(self, house: Any) -> None:
        admin = await house.person("admin", UserRole.ADMIN, UserRole.CHECKER)
        await house.checker()
        await house.require("title.offer", 1)

        approval = await admin.waiting(RULES, {"act": "title.offer", "approvers": 0})

        assert (await admin.approve(approval)).status_code == 403
        assert await _needed(house, "title.offer") == 1

    async def test_a_rule_that_changed_meanwhile_is_not_changed_blindly(self, house: Any) -> None:
        one, other = await house.checker("first"), await house.checker("second")
        await house.require("title.offer", 1)
        asked = [await house.seller.post(RULES, OFFERS | {"approvers": n}) for n in (2, 0)]
        first, second = [each.json()["approval"]["id"] for each in asked]
        await one.approve(first)

        half = (await one.approve(second)).json()
        late = (await other.approve(second)).json()

        assert (half["status"], half["approvers"]["needed"]) == ("open", 2)
        assert late["problem"]["type"] == "/v1/problems/approval-outdated"
        assert await _needed(house, "title.offer") == 2

    async def test_more_than_there_are_others_is_refused(self, house: Any) -> None:
        admin = await house.person("admin", UserRole.ADMIN, UserRole.CHECKER)

        alone = await admin.post(RULES, OFFERS)
        nobody = await house.seller.post(RULES, OFFERS | {"approvers": 2})

        assert {alone.status_code, nobody.status_code} == {409}
        assert alone.json()["type"] == "/v1/problems/too-few-approvers"
        assert (alone.json()["able"], nobody.json()["able"]) == (0, 1)
        assert await _needed(house, "title.offer") == 0

    @pytest.mark.parametrize("act", ["title.sell", "approval-rule.set", "user.roles"])
    async def test_an_act_that_has_no_rule_of_its_own_is_refused(
        self, house: Any, act: str
    ) -> None:
        answer = await house.seller.post(RULES, {"act": act, "approvers": 0})

        assert (answer.status_code, answer.json()["type"]) == (422, "/v1/problems/act-unknown")
        assert answer.json()["field"] == "act"


class TestWhoApproves:
    async def test_new_people_and_new_roles_wait_too(self, house: Any) -> None:
        checker = await house.checker()
        maker = await house.maker()
        await house.require("title.offer", 1)
        person = {"issuer": "https://login.example", "subject": "new", "name": "new"}

        added = await house.seller.post("/v1/users", person | {"roles": ["CHECKER"]})
        raised = await house.seller.post(
            f"/v1/users/{maker.user.user_id}/roles", {"roles": ["CHECKER"]}
        )

        waiting = [each.json()["approval"] for each in (added, raised)]
        assert [each["act"] for each in waiting] == ["user.add", "user.roles"]
        ends = [(await checker.approve(each["id"])).json()["status"] for each in waiting]
        assert ends == ["done", "done"]
        assert (await house.seller.get(RULES)).json()["able"] == 3

    async def test_shutting_somebody_out_never_waits(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)

        answer = await house.seller.post(f"/v1/users/{checker.user.user_id}/disabling")

        assert answer.status_code == 200
        listed = (await house.seller.get(RULES)).json()
        assert listed["able"] == 0


class TestDrop:
    async def test_it_frees_every_act_and_is_in_the_trail(self, house: Any) -> None:
        await house.checker()
        await house.require("title.offer", 1)

        async with house.seller.database.writing() as connection:
            dropped = await drop_rules(connection, house.clock())

        assert dropped == {"title.offer": 1}
        assert await _needed(house, "title.offer") == 0
        assert await _needed(house, "approval-rule.set") == 0
        assert ("approval-rule.dropped", "title.offer", {"approvers": 0, "before": 1}) in (
            await house.seller.trail()
        )
