"""Whatever is written on the chain, the node goes on following it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from tests.story import Story, hex_of
from tests.view import feed, rewind_to, rows_of
from tidan_node.domain import events as happened
from tidan_node.domain import title_events
from tidan_node.domain.identifiers import ContentRoot, IssuerCode, PartyIndex, RecordId, TitleId
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.records.records import Records
from tidan_node.storage.database import Database

ALICE, BOB = PartyIndex(1), PartyIndex(2)
LONG = "x" * 100_000
HIDDEN = "law\x00\x1b[2J\u202e\ud800" + LONG


@pytest.fixture
def story() -> Story:
    story = Story()
    story.enrol(Role.CARRIER | Role.TRADER)
    story.enrol(Role.TRADER)
    return story


class TestProfiles:
    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\x00" * 100,
            b"\xff\xfe\xfd",
            b'{"name":"\\ud800"}',
            b'{"name":"\\u0000"}',
            b'{"name":' + b"9" * 10_000 + b"}",
            b'{"codes":[],"identifiers":[],"name":"x","z":1e99999999999999999999}',
            b'{"name":-0e-99999999999999999999}',
            b"[" * 16_000,
            b"x" * 200_000,
        ],
        ids=[
            "empty",
            "nul",
            "not-utf8",
            "surrogate",
            "nul-in-name",
            "number",
            "exponent",
            "small-exponent",
            "deep",
            "huge",
        ],
    )
    async def test_a_malformed_profile_keeps_its_hash_and_the_reason(
        self, database: Database, story: Story, raw: bytes
    ) -> None:
        story.emit(happened.ProfileChanged(BOB, hex_of(raw), raw))
        story.change_status(BOB, PartyStatus.SUSPENDED)
        await feed(database, story.events, pages=2)
        async with database.reading() as connection:
            party = (await Records(connection).party_by_index(BOB)).state
        assert party.profile is None
        assert party.profile_hash == hex_of(raw)
        assert party.profile_error is not None
        assert party.status is PartyStatus.SUSPENDED

    async def test_a_malformed_profile_names_nobody(self, database: Database, story: Story) -> None:
        story.emit(happened.ProfileChanged(BOB, hex_of(1), b"{"))
        await feed(database, story.events)
        rows = await rows_of(database)
        assert [row[0] for row in rows["party_identifiers"]] == [ALICE]


class TestTexts:
    async def test_are_bounded_and_all_of_them_seen(self, database: Database, story: Story) -> None:
        story.emit(happened.StatusChanged(BOB, PartyStatus.SUSPENDED, HIDDEN))
        await feed(database, story.events)
        async with database.reading() as connection:
            party = (await Records(connection).party_by_index(BOB)).state
        assert party.status_reason.startswith("law\ufffd\ufffd[2J\ufffd\ufffdxxx")
        assert len(party.status_reason) == 500

    @pytest.mark.parametrize("code", [LONG, "SMDG:\x00A", "", "\ud800"])
    async def test_a_code_that_cannot_be_asked_for_has_no_name(
        self, database: Database, story: Story, code: str
    ) -> None:
        key = b"\2" + bytes(32)
        for text in (code, "SMDG:OK"):
            story.emit(happened.NumberingKeyRegistered(ALICE, hex_of(text), IssuerCode(text), key))
        story.change_roles(ALICE, Role.TRADER)
        await feed(database, story.events, pages=2)
        rows = await rows_of(database)
        assert [row[3] for row in rows["numbering_keys"]] == [None, "SMDG:OK"]
        assert [row[2] for row in rows["numbering_keys"]] == [hex_of(code), hex_of("SMDG:OK")]


class TestNumbers:
    async def test_the_largest_anchor_is_kept(self, database: Database, story: Story) -> None:
        story.emit(happened.TrailAnchored(BOB, 2**64 - 1, hex_of("all"), 0))
        await feed(database, story.events)
        async with database.reading() as connection:
            (anchor,) = await Records(connection).trail_anchors(BOB, limit=10)
        assert anchor.up_to == 2**64 - 1

    async def test_the_largest_values_of_a_policy_are_kept(
        self, database: Database, story: Story
    ) -> None:
        policy, root = RecordId(hex_of("p")), ContentRoot(hex_of("r"))
        story.emit(
            happened.PolicyIssued(policy, BOB, ALICE, root, 2**40 - 1, 2**16 - 1, 2**16 - 1),
            happened.PolicyAssigned(policy, 2, ALICE, PartyIndex(2**32 - 1)),
        )
        await feed(database, story.events)
        async with database.reading() as connection:
            found = (await Records(connection).policy_by_id(policy)).state.policy
        assert (found.expires, found.schema, found.loss_payee) == (2**40 - 1, 2**16 - 1, 2**32 - 1)


class TestForeignIds:
    async def test_one_id_in_two_registries_is_two_records(
        self, database: Database, story: Story
    ) -> None:
        title = story.issue(ALICE, BOB)
        story.next_block()
        same, root = RecordId(title), ContentRoot(hex_of("r"))
        story.emit(happened.InvoiceRegistered(same, BOB, ALICE, root, 2, 1))
        story.emit(happened.InvoiceAccepted(same, 2, ALICE))
        story.next_block()
        story.offer(title, ALICE)
        await feed(database, story.events)
        await rewind_to(database, story.block - 1)
        async with database.reading() as connection:
            records = Records(connection)
            assert [step.act.kind.name for step in await records.title_history(title)] == ["ISSUE"]
            assert (await records.title_by_id(title)).state.title.seq == 1
            assert (await records.invoice_by_id(same)).state.invoice.seq == 2
            assert len(await records.invoice_history(same)) == 2


class TestMissingEvents:
    async def test_a_record_with_a_gap_says_so_and_keeps_what_is_sure(
        self, database: Database, story: Story
    ) -> None:
        broken, sound = story.issue(ALICE, BOB), story.issue(ALICE, BOB)
        story.next_block()
        story.offer(broken, ALICE)
        del story.events[-1]  # the chain's node left a log out
        story.accept(broken)
        story.offer(sound, ALICE)
        with capture_logs() as logged:
            await feed(database, story.events)
        async with database.reading() as connection:
            records = Records(connection)
            faulty = await records.title_by_id(broken)
            other = await records.title_by_id(sound)
        assert faulty.state.title.seq == 1
        assert faulty.fault is not None
        assert "seq 3 where seq 2" in faulty.fault
        assert (other.state.title.seq, other.fault) == (2, None)
        assert [entry["event"] for entry in logged] == ["record.history-broken"]

    async def test_a_faulty_record_takes_nothing_in_until_it_is_read_anew(
        self, database: Database, story: Story
    ) -> None:
        title = story.issue(ALICE, BOB)
        story.next_block()
        story.offer(title, ALICE)
        story.withdraw(title)
        offered, withdrawn = story.events[-2:]
        late = replace(offered, origin=replace(offered.origin, log_index=9))
        story.events[-2:] = [withdrawn, late]
        with capture_logs():
            await feed(database, story.events)
        async with database.reading() as connection:
            found = await Records(connection).title_by_id(title)
        assert found.state.title.seq == 1
        assert found.fault is not None

    async def test_an_act_on_a_record_that_never_began_is_passed_over(
        self, database: Database, story: Story
    ) -> None:
        story.emit(title_events.OfferWithdrawn(TitleId(hex_of("never")), 4, ALICE))
        title = story.issue(ALICE, BOB)
        with capture_logs() as logged:
            await feed(database, story.events)
        rows = await rows_of(database)
        assert [row[0] for row in rows["titles"]] == [title]
        assert len(logged) == 1

    async def test_an_account_told_twice_does_not_stop_the_view(
        self, database: Database, story: Story
    ) -> None:
        account = story.accounts[ALICE][0]
        story.emit(happened.AccountAdded(BOB, account))
        added = story.events[-1]
        story.events.append(replace(added, origin=replace(added.origin, log_index=99)))
        await feed(database, story.events)
        rows = await rows_of(database)
        assert [(row[0], row[2]) for row in rows["party_accounts"]] == [
            (ALICE, account),
            (BOB, story.accounts[BOB][0]),
            (BOB, account),
        ]
