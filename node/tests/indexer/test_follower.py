"""The chain as rows: followed page by page, in single commits."""

from __future__ import annotations

import asyncio

import pytest

from tests.indexer.conftest import Sailor, StopAt, Stopped
from tidan_node.ledger.gateway import Page
from tidan_node.ledger.rpc import RpcError


class TestStep:
    async def test_nothing_to_read_is_said(self, sailor: Sailor) -> None:
        assert not await sailor.follower().step()
        assert await sailor.cursor() is None

    async def test_what_the_chain_tells_becomes_rows(self, sailor: Sailor) -> None:
        for up_to in (5, 6, 9):
            await sailor.anchor(up_to)
        follower = sailor.follower()
        assert await follower.step()
        assert not await follower.step()
        assert await sailor.heights() == [(5, 1), (6, 2), (9, 3)]
        assert await sailor.cursor() == sailor.chain.chain[3].ref

    async def test_a_long_chain_is_read_in_pages(self, sailor: Sailor) -> None:
        sailor.chain.mine(25)
        follower = sailor.follower(page=10)
        assert [await follower.step() for _ in range(4)] == [True, True, True, False]

    async def test_only_final_blocks_are_read(self, sailor: Sailor) -> None:
        await sailor.anchor(1)
        await sailor.anchor(2)
        follower = sailor.follower(depth=1)
        await follower.catch_up()
        assert await sailor.heights() == [(1, 1)]
        sailor.chain.mine()
        await follower.catch_up()
        assert await sailor.heights() == [(1, 1), (2, 2)]

    async def test_a_page_that_is_too_much_is_read_in_smaller_ones(self, sailor: Sailor) -> None:
        for up_to in range(1, 31):
            await sailor.anchor(up_to)
        sailor.chain.largest_page = 3
        await sailor.follower(page=200).catch_up()
        assert len(await sailor.heights()) == 30

    async def test_a_single_block_that_is_too_much_is_an_error(self, sailor: Sailor) -> None:
        sailor.chain.mine(4)
        sailor.chain.largest_page = 0
        with pytest.raises(RpcError):
            await sailor.follower().step()

    async def test_a_page_is_only_taken_in_after_the_one_before_it(self, sailor: Sailor) -> None:
        """Two readers of one database: whoever comes second takes nothing in twice."""
        for up_to in (1, 2, 3):
            await sailor.anchor(up_to)
        await asyncio.gather(sailor.follower().step(), sailor.follower().step())
        await sailor.follower().catch_up()
        assert await sailor.heights() == [(1, 1), (2, 2), (3, 3)]

    async def test_a_page_that_is_out_of_date_when_it_is_written_is_dropped(
        self, sailor: Sailor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between its reading and its writing the chain parted, and another reader saw it."""
        await sailor.anchor(1)
        await sailor.follower().catch_up()
        await sailor.anchor(2)
        read = sailor.chain.page

        async def overtaken(first: int, last: int) -> Page:
            page = await read(first, last)
            monkeypatch.undo()
            sailor.chain.go_back(1)
            await sailor.anchor(7)
            await sailor.anchor(8)
            await sailor.follower().catch_up()
            return page

        monkeypatch.setattr(sailor.chain, "page", overtaken)
        await sailor.follower().step()
        assert await sailor.heights() == [(1, 1), (7, 2), (8, 3)]
        assert await sailor.cursor() == sailor.chain.chain[3].ref

    async def test_lag_is_what_is_still_to_be_read(self, sailor: Sailor) -> None:
        follower = sailor.follower(depth=2, page=5)
        assert follower.lag is None
        sailor.chain.mine(12)
        assert await follower.step()
        assert follower.lag == 5
        await follower.catch_up()
        assert follower.lag == 0

    @pytest.mark.parametrize("moment", ["index.before-commit", "index.after-commit"])
    @pytest.mark.parametrize("nth", [1, 2, 3])
    async def test_it_can_be_stopped_at_any_moment(
        self, sailor: Sailor, moment: str, nth: int
    ) -> None:
        for up_to in range(1, 13):
            await sailor.anchor(up_to)
        with pytest.raises(Stopped):
            await sailor.follower(page=4, checkpoints=StopAt(moment, nth)).catch_up()
        await sailor.follower(page=4).catch_up()
        assert await sailor.heights() == [(number, number) for number in range(1, 13)]
