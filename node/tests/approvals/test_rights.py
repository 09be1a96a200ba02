"""What a maker and its approvers may do is asked anew when the act is done."""

from __future__ import annotations

from typing import Any

import pytest

from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import Scope
from tidan_node.people.roles import UserRole
from tidan_node.people.users import Users

OFFER = {"recipient": "3"}


class TestTheMakersRights:
    @pytest.mark.parametrize("lost", ["disabled", "role", "key", "time"])
    async def test_without_them_it_ends_as_failed(self, house: Any, lost: str) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.agent(await house.maker(), Scope.TITLES_ACT, days=1)
        approval = await maker.waiting(house.offers, OFFER)
        await self._lose(house, maker, lost)

        answer = (await checker.approve(approval)).json()

        assert answer["status"] == "failed"
        assert answer["problem"]["type"] == "/v1/problems/maker-not-entitled"
        assert (await house.told(approval))[-1] == "approval.failed"
        assert await house.operations() == []

    async def _lose(self, house: Any, maker: Any, lost: str) -> None:
        if lost == "time":
            await house.pass_days(2)
        async with house.seller.database.writing() as connection:
            if lost == "disabled":
                await Users(connection).disable(maker.user.user_id)
            elif lost == "role":
                await Users(connection).change_roles(maker.user.user_id, [UserRole.READER])
            elif lost == "key":
                await ApiKeys(connection).revoke(maker.key_id)

    async def test_a_session_that_has_ended_takes_nothing_away(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        signed_in = await house.session(await house.maker())
        approval = await signed_in.waiting(house.offers, OFFER)
        await house.pass_days(2)
        assert (await signed_in.get("/v1/approvals")).status_code == 401

        answer = await checker.approve(approval)

        assert answer.json()["status"] == "done"

    async def test_but_the_person_of_the_session_must_still_be_a_maker(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()
        approval = await (await house.session(maker)).waiting(house.offers, OFFER)
        await house.disable(maker)

        answer = (await checker.approve(approval)).json()

        assert answer["problem"]["type"] == "/v1/problems/maker-not-entitled"
        assert await house.operations() == []


class TestAnotherPlatform:
    async def test_a_maker_whose_recognition_was_withdrawn_may_no_more(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        house.recognise("theirs")
        maker = await house.session(await house.maker(), anchor="theirs")
        approval = await maker.waiting(house.offers, OFFER)
        house.recognise()

        answer = (await checker.approve(approval)).json()

        assert answer["problem"]["type"] == "/v1/problems/maker-not-entitled"
        assert await house.operations() == []

    async def test_nor_does_an_approval_count_that_was_given_by_it(self, house: Any) -> None:
        first, second, third = [await house.checker(name) for name in ("1st", "2nd", "3rd")]
        await house.require("title.offer", 2)
        house.recognise("theirs")
        approval = await (await house.maker()).waiting(house.offers, OFFER)
        await (await house.session(first, anchor="theirs")).approve(approval)
        house.recognise()

        still = (await second.approve(approval)).json()
        done = (await third.approve(approval)).json()

        assert (still["status"], done["status"]) == ("open", "done")
        assert len(await house.operations()) == 1


class TestTheApproversKeys:
    async def test_an_approval_by_a_key_that_was_revoked_since_counts_no_more(
        self, house: Any
    ) -> None:
        first, second = await house.checker("first"), await house.checker("second")
        await house.require("title.offer", 2)
        approval = await (await house.maker()).waiting(house.offers, OFFER)
        stolen = await house.other_key(first)
        await stolen.approve(approval)
        async with house.seller.database.writing() as connection:
            await ApiKeys(connection).revoke(stolen.key_id)

        still = (await second.approve(approval)).json()
        done = (await first.approve(approval)).json()

        assert (still["status"], still["approvers"]["given"]) == ("open", 1)
        assert done["status"] == "done"
        assert len(await house.operations()) == 1
