"""A party is found by what it is called, and never by what another calls itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.story import Story, hex_of
from tests.view import feed
from tidan_node.domain import events as happened
from tidan_node.domain.identifiers import Address, IssuerCode, PartyIndex
from tidan_node.domain.parties import PartyUnknown, Role
from tidan_node.domain.profiles import Identifier, Profile
from tidan_node.records.problems import PartyAmbiguous
from tidan_node.records.records import Records
from tidan_node.storage.database import Database

ALICE, BOB, EVE = PartyIndex(1), PartyIndex(2), PartyIndex(3)
STRANGE = Address("0x" + "cd" * 20)


@pytest.fixture
def story() -> Story:
    story = Story()
    for role in (Role.CARRIER, Role.TRADER, Role.TRADER):
        story.enrol(role)
    return story


def calls_itself(story: Story, index: PartyIndex, profile: Profile) -> None:
    raw = profile.canonical()
    story.emit(happened.ProfileChanged(index, hex_of(raw), raw))


async def found(database: Database, reference: str) -> PartyIndex:
    async with database.reading() as connection:
        return (await Records(connection).party_by_identifier(reference, "recipient")).state.index


class TestPartyByIdentifier:
    @pytest.mark.parametrize(
        "reference",
        ["2", " 2 ", "LEI:52990000000000000293", "LEI:" + "5299" + "293".zfill(16), "Party 2 Ltd"],
    )
    async def test_finds_by_number_identifier_and_name(
        self, database: Database, story: Story, reference: str
    ) -> None:
        await feed(database, story.events)
        assert await found(database, reference) == BOB

    async def test_finds_by_account_in_any_case(self, database: Database, story: Story) -> None:
        await feed(database, story.events)
        account = story.accounts[BOB][0]
        assert await found(database, "0x" + account[2:].upper()) == BOB

    @pytest.mark.parametrize(
        "reference",
        [
            "0",
            "9",
            "4294967296",
            "9999999999",
            "LEI:NONE",
            "party 2 ltd",
            "Party 2",
            "",
            "٢",
            "0x" + "00" * 20,
            "x" * 10_000,
            "%",
            "' OR 1=1 --",
        ],
    )
    async def test_knows_nobody_by_another_name(
        self, database: Database, story: Story, reference: str
    ) -> None:
        await feed(database, story.events)
        with pytest.raises(PartyUnknown) as refusal:
            await found(database, reference)
        assert refusal.value.field == "recipient"

    @pytest.mark.parametrize("name", ["2", "LEI:52990000000000000293", "0x" + "cd" * 20])
    async def test_a_name_that_looks_like_another_form_is_not_taken_for_it(
        self, database: Database, story: Story, name: str
    ) -> None:
        story.emit(happened.AccountAdded(BOB, STRANGE))
        calls_itself(story, EVE, Profile(name))
        await feed(database, story.events)
        assert await found(database, name) == BOB

    async def test_an_identifier_that_nobody_has_is_not_looked_for_among_names(
        self, database: Database, story: Story
    ) -> None:
        calls_itself(story, EVE, Profile("LEI:TRUSTED"))
        await feed(database, story.events)
        with pytest.raises(PartyUnknown):
            await found(database, "LEI:TRUSTED")

    async def test_a_name_of_two_parties_lists_both(self, database: Database, story: Story) -> None:
        calls_itself(story, EVE, Profile("Party 2 Ltd"))
        await feed(database, story.events)
        with pytest.raises(PartyAmbiguous) as refusal:
            await found(database, "Party 2 Ltd")
        assert refusal.value.document()["candidates"] == [
            {"index": 2, "name": "Party 2 Ltd"},
            {"index": 3, "name": "Party 2 Ltd"},
        ]

    async def test_an_identifier_that_two_claim_chooses_neither(
        self, database: Database, story: Story
    ) -> None:
        claimed = story.profile_of(BOB).identifiers
        calls_itself(story, EVE, replace(story.profile_of(EVE), identifiers=claimed))
        await feed(database, story.events)
        with pytest.raises(PartyAmbiguous) as refusal:
            await found(database, f"LEI:{claimed[0].value}")
        assert [each["index"] for each in refusal.value.extra["candidates"]] == [2, 3]  # type: ignore[attr-defined]  # a list of objects

    async def test_a_registered_code_is_its_partys_whatever_others_claim(
        self, database: Database, story: Story
    ) -> None:
        code, key = IssuerCode("SMDG:MSC"), b"\x03" + b"\x11" * 32
        story.emit(happened.NumberingKeyRegistered(ALICE, hex_of(code), code, key))
        for index in (BOB, EVE):
            calls_itself(story, index, Profile("Mimic", (Identifier("SMDG", "MSC"),)))
        await feed(database, story.events)
        assert await found(database, "SMDG:MSC") == ALICE

    async def test_a_former_name_is_forgotten(self, database: Database, story: Story) -> None:
        calls_itself(story, BOB, Profile("New Name", (Identifier("DUNS", "1"),)))
        await feed(database, story.events, pages=3)
        assert await found(database, "DUNS:1") == BOB
        for former in ("Party 2 Ltd", "LEI:52990000000000000293"):
            with pytest.raises(PartyUnknown):
                await found(database, former)


class TestPartyByAccount:
    async def test_a_removed_account_acts_for_nobody(
        self, database: Database, story: Story
    ) -> None:
        story.emit(happened.AccountAdded(BOB, STRANGE))
        former = story.accounts[BOB][0]
        story.emit(happened.AccountRemoved(BOB, former))
        await feed(database, story.events)
        async with database.reading() as connection:
            records = Records(connection)
            party = await records.party_by_account(STRANGE)
            assert party is not None
            assert party.state.index == BOB
            assert await records.party_by_account(former) is None


class TestParties:
    async def test_come_in_the_order_of_their_numbers_page_by_page(
        self, database: Database, story: Story
    ) -> None:
        for _ in range(12):
            story.enrol(Role.TRADER)
        await feed(database, story.events)
        seen: list[int] = []
        async with database.reading() as connection:
            while page := await Records(connection).parties(
                limit=4, after=PartyIndex(seen[-1]) if seen else None
            ):
                assert len(page) <= 4
                seen += [party.state.index for party in page]
        assert seen == list(range(1, 16))


class TestNumberingKey:
    async def test_is_that_of_the_code_and_its_party(
        self, database: Database, story: Story
    ) -> None:
        code, key = IssuerCode("SMDG:MSC"), b"\x03" + b"\x11" * 32
        story.emit(happened.NumberingKeyRegistered(ALICE, hex_of(code), code, key))
        await feed(database, story.events)
        async with database.reading() as connection:
            records = Records(connection)
            found = await records.numbering_key(code)
            assert found is not None
            assert (found.party, found.key) == (ALICE, key)
            assert await records.numbering_key(IssuerCode("SMDG:NONE")) is None


class TestPartyNames:
    async def test_names_those_that_it_knows(self, database: Database, story: Story) -> None:
        await feed(database, story.events)
        async with database.reading() as connection:
            names = await Records(connection).party_names([BOB, ALICE, BOB, PartyIndex(99)])
        assert names == {ALICE: "Party 1 Ltd", BOB: "Party 2 Ltd"}
