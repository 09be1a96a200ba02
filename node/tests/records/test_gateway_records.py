"""Gateways and the carriers' word on them, as they are read back from their rows."""

from __future__ import annotations

import pytest

from tests.council_acts import found
from tests.story import GATEWAY, Story
from tests.view import feed, rewind_to, rows_of
from tidan_node.domain import membership_events as membership
from tidan_node.domain.identifiers import Address, PartyIndex
from tidan_node.domain.parties import Role
from tidan_node.records.records import Records
from tidan_node.storage.database import Database

ONE, TWO, THREE = (PartyIndex(index) for index in (1, 2, 3))
HOSTILE = "up\x1b[31m\u202edown \x00" + "x" * 600


@pytest.fixture
def story() -> Story:
    story = Story()
    for _ in range(3):
        story.enrol(Role.CARRIER)
    found(story, ONE, TWO, THREE)
    return story


class TestGateways:
    async def test_it_is_one_from_its_recognition_until_its_dismissal(
        self, database: Database, story: Story
    ) -> None:
        story.recognise_gateway()
        story.next_block()
        story.dismiss_gateway()
        story.next_block()
        story.recognise_gateway()
        await feed(database, story.events, pages=3)
        assert await is_gateway(database)
        await rewind_to(database, story.block - 1)
        assert not await is_gateway(database)
        await rewind_to(database, story.block - 2)
        assert await is_gateway(database)
        await rewind_to(database, 0)
        assert not await is_gateway(database)

    async def test_its_name_is_kept_as_people_can_read_it(
        self, database: Database, story: Story
    ) -> None:
        story.emit(membership.GatewayRecognised(GATEWAY, HOSTILE))
        await feed(database, story.events)
        async with database.reading() as connection:
            (found,) = await Records(connection).gateways(limit=9)
        assert found.state.name.startswith("up\ufffd[31m\ufffddown")
        assert len(found.state.name) == 500

    async def test_a_dismissal_of_what_was_never_recognised_makes_no_gateway(
        self, database: Database, story: Story
    ) -> None:
        story.emit(membership.GatewayDismissed(GATEWAY))
        await feed(database, story.events)
        async with database.reading() as connection:
            assert await Records(connection).gateways(limit=9) == []


class TestAdmissions:
    async def test_a_carrier_admits_from_its_word_until_it_takes_that_back(
        self, database: Database, story: Story
    ) -> None:
        story.recognise_gateway()
        story.admit_gateway(TWO)
        story.next_block()
        story.withdraw_admission(TWO)
        story.admit_gateway(ONE)
        story.next_block()
        story.admit_gateway(TWO)
        await feed(database, story.events, pages=3)
        assert await admitting(database) == [ONE, TWO]
        await rewind_to(database, story.block - 1)
        assert await admitting(database) == [ONE]
        await rewind_to(database, story.block - 2)
        assert await admitting(database) == [TWO]
        await rewind_to(database, 0)
        assert await admitting(database) == []

    async def test_one_carriers_word_on_one_gateway_is_no_word_on_another(
        self, database: Database, story: Story
    ) -> None:
        other = Address("0x" + "6b" * 20)
        story.recognise_gateway()
        story.recognise_gateway(other)
        story.admit_gateway(ONE)
        story.next_block()
        story.admit_gateway(ONE, other)
        story.admit_gateway(TWO, other)
        await feed(database, story.events)
        assert await admitting(database) == [ONE]
        assert await admitting(database, other) == [ONE, TWO]
        await rewind_to(database, story.block - 1)
        assert await admitting(database) == [ONE]
        assert await admitting(database, other) == []

    async def test_what_was_not_given_is_not_taken_back(
        self, database: Database, story: Story
    ) -> None:
        story.emit(membership.AdmissionWithdrawn(ONE, GATEWAY))
        await feed(database, story.events)
        assert (await rows_of(database))["gateway_admissions"] == []


async def admitting(database: Database, gateway: Address = GATEWAY) -> list[PartyIndex]:
    """Who admits it, asked in both ways."""
    async with database.reading() as connection:
        records = Records(connection)
        found = [each.state for each in await records.admissions_of([gateway])]
        for each in (ONE, TWO, THREE):
            admits = any(said.carrier == each and said.admitted for said in found)
            assert await records.is_admitted(each, gateway) == admits
    return [each.carrier for each in found if each.admitted]


async def is_gateway(database: Database) -> bool:
    async with database.reading() as connection:
        return await Records(connection).is_gateway(GATEWAY)
