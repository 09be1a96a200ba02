"""Pages of a size that suits, fetched before they are asked for, and never more than a few."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from tidan_node.domain.events import ChainEvent, Origin, TrailAnchored
from tidan_node.domain.identifiers import Address, BlockHash, PartyIndex, TxHash
from tidan_node.indexer.ahead import PagesAhead, PageSize
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.gateway import Page
from tidan_node.ledger.rpc import AnswerTooSlow, RpcError

_EVENT = ChainEvent(
    TrailAnchored(PartyIndex(1), 1, "0x", 0),
    Origin(1, Address("0x"), 1, BlockHash("0x"), 1, TxHash("0x"), 0),
)


def page_of(first: int, last: int, events: int = 0) -> Page:
    blocks = [
        BlockRef(number, BlockHash(f"{number}"), BlockHash(f"{number - 1}"), number)
        for number in range(first, last + 1)
    ]
    return Page(blocks, [_EVENT] * events)


@dataclass
class Pages:
    """A chain that only has pages. It answers when it may, and keeps what it was asked."""

    per_block: int = 0
    most_events: int = 10**9
    slow: bool = False
    asked: list[tuple[int, int]] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    all_asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def check_chain(self) -> None: ...

    async def head(self) -> BlockRef:
        raise NotImplementedError

    async def block(self, number: int) -> BlockRef | None:
        raise NotImplementedError

    async def page(self, first: int, last: int) -> Page:
        self.asked.append((first, last))
        self.under_way += 1
        self.most_under_way = max(self.under_way, self.most_under_way)
        try:
            if self.under_way == 3:
                self.all_asked.set()
            await self.may_answer.wait()
            await asyncio.sleep(0)  # others have their turn, as while an answer is on its way
            if self.slow:
                raise AnswerTooSlow("nothing came in time")
            events = (last - first + 1) * self.per_block
            if events > self.most_events:
                raise RpcError(-32005, f"query returned more than {self.most_events} results")
            return page_of(first, last, events)
        finally:
            self.under_way -= 1


@pytest.fixture
def pages() -> Pages:
    pages = Pages()
    pages.may_answer.set()
    return pages


async def numbers(ahead: PagesAhead, final: int) -> Sequence[int]:
    """The blocks of all pages up to the last one, in the order in which they came."""
    found: list[int] = []
    while not found or found[-1] < final:
        page = await ahead.page(found[-1] + 1 if found else 1, final)
        found += [block.number for block in page.blocks]
    return found


class TestPagesAhead:
    @pytest.mark.parametrize(("per_block", "most_events"), [(0, 9), (7, 1_000), (50, 49 * 50)])
    async def test_every_block_comes_once_and_in_order(
        self, pages: Pages, per_block: int, most_events: int
    ) -> None:
        pages.per_block, pages.most_events = per_block, most_events
        async with PagesAhead(pages, most=1_000, depth=2) as ahead:
            assert await numbers(ahead, 2_345) == list(range(1, 2_346))

    async def test_the_next_ones_are_on_their_way_and_no_more(self, pages: Pages) -> None:
        async with PagesAhead(pages, most=10, depth=2) as ahead:
            await numbers(ahead, 500)
        assert pages.most_under_way == 3

    async def test_alone_it_fetches_what_is_asked_for(self, pages: Pages) -> None:
        async with PagesAhead(pages, most=10, depth=0) as ahead:
            await ahead.page(1, 500)
        assert pages.asked == [(1, 10)]

    async def test_leaving_it_leaves_nothing_running(self, pages: Pages) -> None:
        pages.may_answer.clear()
        async with PagesAhead(pages, most=10, depth=2) as ahead:
            waiting = asyncio.create_task(ahead.page(1, 500))
            await pages.all_asked.wait()
            waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert pages.under_way == 0

    async def test_another_place_drops_what_was_fetched(self, pages: Pages) -> None:
        async with PagesAhead(pages, most=10, depth=2) as ahead:
            await ahead.page(1, 500)
            assert ahead.holds(11)
            page = await ahead.page(5, 500)
            assert page.blocks[0].number == 5
            assert not ahead.holds(11)

    async def test_one_block_that_is_too_much_is_an_error(self, pages: Pages) -> None:
        pages.per_block, pages.most_events = 10, 9
        async with PagesAhead(pages, most=10, depth=2) as ahead:
            with pytest.raises(RpcError, match="more than 9 results"):
                await ahead.page(1, 500)

    async def test_after_an_error_it_asks_again(self, pages: Pages) -> None:
        pages.slow = True
        async with PagesAhead(pages, most=64, depth=0) as ahead:
            with pytest.raises(AnswerTooSlow):
                await ahead.page(1, 500)
            pages.slow = False
            assert len((await ahead.page(1, 500)).blocks) == 32


class TestPageSize:
    def test_it_grows_in_steps_where_blocks_hold_little(self) -> None:
        size = PageSize(1_000)
        sizes = []
        for _ in range(5):
            sizes.append(size.blocks)
            size.went_well(page_of(1, size.blocks))
        assert sizes == [100, 200, 400, 800, 1_000]

    def test_it_shrinks_where_blocks_hold_much(self) -> None:
        size = PageSize(1_000)
        size.went_well(page_of(1, 100, events=40_000))
        assert size.blocks == 10

    def test_what_was_refused_is_not_asked_again_at_once(self) -> None:
        size = PageSize(1_000)
        size.was_too_much(100)
        for _ in range(15):
            size.went_well(page_of(1, size.blocks))
        assert size.blocks == 50
        size.went_well(page_of(1, size.blocks))
        assert size.blocks == 100

    def test_it_is_never_less_than_a_block(self) -> None:
        size = PageSize(1_000)
        size.was_too_much(1)
        size.went_well(page_of(1, 1, events=9_000))
        assert size.blocks == 1
