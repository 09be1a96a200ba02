"""Whose answer to an overdue surrender is awaited, and by which number it is told."""

from __future__ import annotations

from typing import Any

from tests.overdue import alarmed, alarms, look, surrendered
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.membership_events import SuccessorNamed
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import Scope

CARRIER = PartyIndex(1)


class TestSuccessors:
    async def revoke(self, trade: Any, successor: PartyIndex | None = None) -> None:
        story = trade.consortium.story
        story.change_status(CARRIER, PartyStatus.REVOKED)
        if successor is not None:
            story.emit(SuccessorNamed(CARRIER, successor))
        await trade.consortium.publish()

    async def test_the_successor_of_a_revoked_carrier_should_answer(self, trade: Any) -> None:
        title = await surrendered(trade)
        successor = PartyIndex(3)
        trade.consortium.story.change_roles(successor, Role.CARRIER)
        await self.revoke(trade, successor)

        assert await look(trade.carrier) == (True, False)
        assert await look(trade.buyer) == (True, True)
        (alarm,) = await alarms(trade.buyer)
        assert (alarm["title"], alarm["awaited"]["index"]) == (title, successor)

    async def test_where_there_is_none_its_possessor_is_told_that_nobody_should(
        self, trade: Any
    ) -> None:
        await surrendered(trade)
        await self.revoke(trade)

        assert await look(trade.carrier) == (True, False)
        assert await look(trade.seller) == (True, True)
        assert [each["awaited"] for each in await alarms(trade.seller)] == [None]

    async def test_of_a_successor_that_is_revoked_too_no_answer_is_awaited(
        self, trade: Any
    ) -> None:
        await surrendered(trade)
        await self.revoke(trade, PartyIndex(3))
        trade.consortium.story.change_status(PartyIndex(3), PartyStatus.REVOKED)
        await trade.consortium.publish()

        assert await look(trade.buyer) == (True, False)
        assert await look(trade.seller) == (True, True)
        assert [each["awaited"] for each in await alarms(trade.seller)] == [None]

    async def test_the_successor_of_a_successor_may_not_answer_and_is_not_awaited(
        self, trade: Any
    ) -> None:
        await surrendered(trade)
        await self.revoke(trade, PartyIndex(3))
        story = trade.consortium.story
        story.change_status(PartyIndex(3), PartyStatus.REVOKED)
        story.emit(SuccessorNamed(PartyIndex(3), PartyIndex(4)))
        await trade.consortium.publish()

        assert await look(trade.bank) == (True, False)
        assert await look(trade.seller) == (True, True)
        assert [each["awaited"] for each in await alarms(trade.seller)] == [None]

    async def test_another_successor_that_the_carrier_is_given_is_awaited_then(
        self, trade: Any
    ) -> None:
        title = await surrendered(trade)
        await self.revoke(trade, PartyIndex(3))
        story = trade.consortium.story
        story.change_status(PartyIndex(3), PartyStatus.REVOKED)
        story.emit(SuccessorNamed(CARRIER, PartyIndex(4)))
        await trade.consortium.publish()

        assert await look(trade.bank) == (True, True)
        (alarm,) = await alarms(trade.bank)
        assert (alarm["title"], alarm["awaited"]["index"]) == (title, 4)

    async def test_a_suspended_successor_is_still_awaited(self, trade: Any) -> None:
        title = await surrendered(trade)
        await self.revoke(trade, PartyIndex(3))
        trade.consortium.story.change_status(PartyIndex(3), PartyStatus.SUSPENDED)
        await trade.consortium.publish()

        assert await look(trade.buyer) == (True, True)
        assert await alarmed(trade.buyer) == [title]


class TestNumbers:
    async def test_it_says_the_number_where_the_document_is_held(self, trade: Any) -> None:
        await surrendered(trade)
        for office in (trade.carrier, trade.seller):
            await look(office)

        assert [each["number"] for each in await alarms(trade.carrier)] == ["TDB-0417"]
        assert [each["number"] for each in await alarms(trade.seller)] == [None]

    async def test_a_key_that_may_not_read_documents_is_told_none(self, trade: Any) -> None:
        title = await surrendered(trade)
        await look(trade.carrier)
        async with trade.carrier.database.writing() as connection:
            _, key = await ApiKeys(connection).create_key("m", frozenset({Scope.RECORDS_READ}))

        answer = await trade.carrier.client.get(
            "/v1/title-alarms", headers={"Authorization": f"Bearer {key.reveal()}"}
        )

        assert [(each["title"], each["number"]) for each in answer.json()["items"]] == [
            (title, None)
        ]
