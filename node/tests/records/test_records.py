"""The view answers as of one block, and its pages neither skip nor repeat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random

import pytest

from tests.chance import played
from tests.story import GENESIS_TIME, Story, hex_of
from tests.view import feed, stand_at
from tidan_node.domain import events as happened
from tidan_node.domain.identifiers import PartyIndex, RecordId, SeriesId, TitleId
from tidan_node.domain.invoices import InvoiceStatus
from tidan_node.domain.parties import Role
from tidan_node.domain.policies import PolicyStatus
from tidan_node.domain.record_problems import RecordUnknown
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.title_problems import TitleUnknown
from tidan_node.domain.titles import TitleStatus
from tidan_node.records.problems import NothingIndexed
from tidan_node.records.recorded import Recorded
from tidan_node.records.records import Records
from tidan_node.storage.database import Database

CARRIER, SHIPPER, BUYER = PartyIndex(1), PartyIndex(2), PartyIndex(3)
NOWHERE = "0x" + "00" * 32


@pytest.fixture
def story() -> Story:
    story = Story()
    for role in (Role.CARRIER | Role.INSURER, Role.TRADER, Role.TRADER):
        story.enrol(role)
    return story


class TestAsOf:
    async def test_is_the_last_block_that_was_read(self, database: Database) -> None:
        async with database.writing() as connection:
            await stand_at(connection, 41)
        async with database.reading() as connection:
            records = Records(connection)
            block = await records.as_of()
            assert (block.number, block.hash) == (41, hex_of("main", "block", 41))
            assert await records.chain_time() == GENESIS_TIME + 5 * 41

    async def test_before_the_first_block_there_is_no_answer(self, database: Database) -> None:
        async with database.reading() as connection:
            with pytest.raises(NothingIndexed):
                await Records(connection).as_of()


class TestTitleById:
    async def test_is_the_title_with_all_that_stands_beside_it(
        self, database: Database, story: Story
    ) -> None:
        title = story.issue(CARRIER, SHIPPER)
        story.next_block(3)
        story.offer(title, BUYER)
        await feed(database, story.events)
        async with database.reading() as connection:
            found = await Records(connection).title_by_id(title)
            history = await Records(connection).title_history(title)
        assert found.state == history[-1].after
        assert found.state.title == story.titles[title]
        assert (found.first.block, found.last.block) == (1, 4)
        assert (found.first.time, found.last.time) == (GENESIS_TIME + 5, GENESIS_TIME + 20)

    async def test_an_unknown_title_is_named(self, database: Database) -> None:
        async with database.reading() as connection:
            with pytest.raises(TitleUnknown, match=NOWHERE):
                await Records(connection).title_by_id(TitleId(NOWHERE))
            with pytest.raises(TitleUnknown, match=NOWHERE):
                await Records(connection).title_history(TitleId(NOWHERE))


class TestTitleHistory:
    async def test_ends_where_the_row_stands_for_every_title(self, database: Database) -> None:
        story = played(Random(5), 150)
        await feed(database, story.events, pages=7)
        async with database.reading() as connection:
            records = Records(connection)
            for title in story.titles:
                history = await records.title_history(title)
                assert history[-1].after == (await records.title_by_id(title)).state
        assert any(title.seq > 3 for title in story.titles.values())


class TestTitleOfSeries:
    async def test_finds_the_title_of_a_number(self, database: Database, story: Story) -> None:
        title = story.issue(CARRIER, SHIPPER)
        story.issue(CARRIER, SHIPPER)
        await feed(database, story.events)
        async with database.reading() as connection:
            records = Records(connection)
            series = (await records.title_by_id(title)).state.series
            found = await records.title_of_series(series)
            assert found is not None
            assert found.state.title.title_id == title
            assert await records.title_of_series(SeriesId(NOWHERE)) is None


class TestTitles:
    async def test_come_newest_first_and_page_by_page(
        self, database: Database, story: Story
    ) -> None:
        issued = []
        for number in range(11):
            story.next_block(number % 2)  # some share a block
            issued.append(story.issue(CARRIER, SHIPPER))
        await feed(database, story.events)
        seen: list[Recorded[TitleState]] = []
        async with database.reading() as connection:
            records = Records(connection)
            after: tuple[int, str] | None = None
            while page := await records.titles(limit=3, after=after):
                seen += page
                after = (page[-1].first.block, page[-1].state.title.title_id)
        assert {each.state.title.title_id for each in seen} == set(issued)
        assert len(seen) == len(issued)
        assert [e.first.block for e in seen] == sorted((e.first.block for e in seen), reverse=True)

    async def test_are_filtered(self, database: Database, story: Story) -> None:
        offered, passed, given_back = (story.issue(CARRIER, SHIPPER) for _ in range(3))
        story.offer(offered, BUYER)
        story.offer(passed, BUYER)
        story.accept(passed)
        story.surrender(given_back)
        await feed(database, story.events)

        async def ids(found: Awaitable[list[Recorded[TitleState]]]) -> set[TitleId]:
            return {each.state.title.title_id for each in await found}

        async with database.reading() as connection:
            titles: Callable[..., Awaitable[list[Recorded[TitleState]]]]
            titles = Records(connection).titles
            assert await ids(titles(limit=9, possessor=SHIPPER)) == {offered, given_back}
            assert await ids(titles(limit=9, offeree=BUYER)) == {offered}
            assert await ids(titles(limit=9, status=TitleStatus.PENDING_DELIVERY)) == {given_back}
            assert await ids(
                titles(limit=9, issuer=CARRIER, possessor=SHIPPER, status=TitleStatus.LIVE)
            ) == {offered}
            assert await ids(titles(limit=9, issuer=SHIPPER)) == set()


class TestInvoices:
    async def test_are_found_by_id_party_status_and_page(
        self, database: Database, story: Story
    ) -> None:
        first = story.register_invoice(SHIPPER, BUYER)
        story.next_block()
        second = story.register_invoice(BUYER, SHIPPER)
        story.act_on_invoice(second, happened.InvoiceAccepted)
        story.act_on_invoice(second, happened.InvoiceLinked)
        await feed(database, story.events)
        async with database.reading() as connection:
            records = Records(connection)
            found = await records.invoice_by_id(second)
            assert found.state.invoice.status is InvoiceStatus.ACCEPTED
            assert (await records.invoice_history(second))[-1].after == found.state
            (title,) = await records.titles_of_invoice(second)
            assert await records.is_linked(second, title)
            assert not await records.is_linked(first, title)
            assert await records.invoices(limit=5, title=title) == [found]
            assert await records.invoices(limit=5, title=title, seller=SHIPPER) == []
            (by_seller,) = await records.invoices(limit=5, seller=SHIPPER)
            assert by_seller.state.invoice.invoice_id == first
            (accepted,) = await records.invoices(limit=5, status=InvoiceStatus.ACCEPTED)
            assert accepted == found
            (older,) = await records.invoices(limit=5, after=(found.first.block, second))
            assert older.state.invoice.invoice_id == first
            with pytest.raises(RecordUnknown):
                await records.invoice_by_id(RecordId(NOWHERE))
            with pytest.raises(RecordUnknown):
                await records.invoice_history(RecordId(NOWHERE))


class TestPolicies:
    async def test_are_found_by_id_party_status_and_page(
        self, database: Database, story: Story
    ) -> None:
        first = story.issue_policy(CARRIER, SHIPPER)
        story.next_block()
        second = story.issue_policy(CARRIER, BUYER)
        story.act_on_policy(second, happened.PolicyEndorsed)
        story.act_on_policy(first, happened.PolicyAssigned, loss_payee=BUYER)
        await feed(database, story.events)
        async with database.reading() as connection:
            records = Records(connection)
            found = await records.policy_by_id(second)
            assert found.state.policy.status is PolicyStatus.ENDORSED
            assert (await records.policy_history(second))[-1].after == found.state
            (by_insured,) = await records.policies(limit=5, insured=SHIPPER)
            assert by_insured.state.policy.policy_id == first
            assert await records.policies(limit=5, loss_payee=BUYER) == [by_insured]
            assert await records.policies(limit=1, insurer=CARRIER) == [found]
            (older,) = await records.policies(limit=5, after=(found.first.block, second))
            assert older.state.policy.policy_id == first
            assert await records.policies(limit=5, status=PolicyStatus.CANCELLED) == []
            with pytest.raises(RecordUnknown):
                await records.policy_by_id(RecordId(NOWHERE))


class TestTrailAnchors:
    async def test_come_in_their_order_after_the_one_named(
        self, database: Database, story: Story
    ) -> None:
        for count in (5, 100, 1000):
            story.next_block()
            story.anchor(SHIPPER, count)
        story.anchor(BUYER)
        await feed(database, story.events)
        async with database.reading() as connection:
            records = Records(connection)
            anchors = await records.trail_anchors(SHIPPER, limit=10)
            assert [anchor.up_to for anchor in anchors] == [5, 105, 1105]
            assert anchors[0].block_number == 2
            later = await records.trail_anchors(SHIPPER, limit=1, after=5)
            assert [anchor.up_to for anchor in later] == [105]
