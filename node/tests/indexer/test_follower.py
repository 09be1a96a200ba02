"""The chain as rows: followed page by page, in single commits."""

from __future__ import annotations

import asyncio

import pytest

from tests.indexer.conftest import Sailor
from tidan_node.ledger.gateway import Page, WrongChain
from tidan_node.ledger.rpc import RpcError


class Stopped(Exception):
    """The process ended here."""


class StopAt:
    """Ends everything when a moment is reached for the n-th time."""

    def __init__(self, moment: str, nth: int = 1) -> None:
        self._moment = moment
        self._left = nth

    def reached(self, moment: str) -> None:
        if moment == self._moment:
            self._left -= 1
            if self._left == 0:
                raise Stopped


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


class TestRewind:
    async def test_a_replaced_block_is_taken_back(self, sailor: Sailor) -> None:
        follower = sailor.follower()
        await sailor.anchor(1)
        await sailor.anchor(2)
        await follower.catch_up()
        sailor.chain.go_back(1)
        await sailor.anchor(7)
        await follower.catch_up()
        assert await sailor.heights() == [(1, 1), (7, 2)]
        assert await sailor.cursor() == sailor.chain.chain[2].ref

    async def test_a_longer_branch_is_noticed_by_its_parent_hash(self, sailor: Sailor) -> None:
        follower = sailor.follower()
        for up_to in (1, 2, 3):
            await sailor.anchor(up_to)
        await follower.catch_up()
        sailor.chain.go_back(1)
        for up_to in (4, 5, 6, 7):
            await sailor.anchor(up_to)
        await follower.catch_up()
        assert await sailor.heights() == [(1, 1), (4, 2), (5, 3), (6, 4), (7, 5)]

    async def test_a_chain_that_went_back_is_followed_back(self, sailor: Sailor) -> None:
        follower = sailor.follower()
        for up_to in (1, 2, 3):
            await sailor.anchor(up_to)
        await follower.catch_up()
        sailor.chain.go_back(1)
        await follower.catch_up()
        assert await sailor.heights() == [(1, 1)]
        assert await sailor.cursor() == sailor.chain.chain[1].ref

    async def test_a_chain_that_lost_everything_is_read_anew(self, sailor: Sailor) -> None:
        follower = sailor.follower()
        for up_to in (1, 2):
            await sailor.anchor(up_to)
        await follower.catch_up()
        sailor.chain.go_back(0)
        await follower.catch_up()
        assert (await sailor.heights(), await sailor.cursor()) == ([], None)
        await sailor.anchor(3)
        await follower.catch_up()
        assert await sailor.heights() == [(3, 1)]

    @pytest.mark.parametrize("kept", [0, 1, 2, 17, 50, 98, 99])
    async def test_the_place_of_parting_is_found_wherever_it_is(
        self, sailor: Sailor, kept: int
    ) -> None:
        sailor.chain.mine(99)
        follower = sailor.follower(page=30)
        await follower.catch_up()
        sailor.chain.go_back(kept)
        sailor.chain.mine(3)
        await follower.catch_up()
        read = await sailor.rows()
        fresh = [
            (31337, block.ref.number, block.ref.hash, block.ref.parent_hash, block.ref.timestamp)
            for block in sailor.chain.chain[1:]
        ]
        assert read == fresh

    async def test_another_chain_takes_nothing_back(self, sailor: Sailor) -> None:
        follower = sailor.follower()
        await sailor.anchor(1)
        await follower.catch_up()
        sailor.chain.go_back(0)
        sailor.chain.is_another = True
        with pytest.raises(WrongChain):
            await follower.step()
        assert await sailor.heights() == [(1, 1)]

    @pytest.mark.parametrize("moment", ["index.before-commit", "index.after-commit"])
    async def test_it_can_be_stopped_while_it_goes_back(self, sailor: Sailor, moment: str) -> None:
        for up_to in (1, 2, 3):
            await sailor.anchor(up_to)
        await sailor.follower().catch_up()
        sailor.chain.go_back(1)
        await sailor.anchor(8)
        with pytest.raises(Stopped):
            await sailor.follower(checkpoints=StopAt(moment)).catch_up()
        await sailor.follower().catch_up()
        assert await sailor.heights() == [(1, 1), (8, 2)]


class TestReindex:
    async def test_the_rows_come_out_the_same(self, sailor: Sailor) -> None:
        for up_to in range(1, 20):
            await sailor.anchor(up_to)
        follower = sailor.follower(page=7)
        await follower.catch_up()
        before = await sailor.rows()
        progress: list[tuple[int, int]] = []
        await follower.reindex(lambda read, of: progress.append((read, of)))
        assert await sailor.rows() == before
        assert progress == [(7, 19), (14, 19), (19, 19)]

    async def test_it_can_be_stopped_and_taken_up_by_following(self, sailor: Sailor) -> None:
        for up_to in range(1, 20):
            await sailor.anchor(up_to)
        await sailor.follower(page=7).catch_up()
        before = await sailor.rows()
        stopping = sailor.follower(page=7, checkpoints=StopAt("index.after-commit", 2))
        with pytest.raises(Stopped):
            await stopping.reindex()
        await sailor.follower(page=7).catch_up()
        assert await sailor.rows() == before


class TestRun:
    async def test_it_follows_until_it_is_cancelled(self, sailor: Sailor) -> None:
        progressed = asyncio.Event()
        follower = sailor.follower(progressed=progressed.set)
        task = asyncio.create_task(follower.run())
        async with asyncio.timeout(10):
            for up_to in (1, 2):
                progressed.clear()
                await sailor.anchor(up_to)
                follower.wake()
                await progressed.wait()
                assert len(await sailor.heights()) == up_to
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async def test_a_chain_that_does_not_answer_is_waited_for(self, sailor: Sailor) -> None:
        await sailor.anchor(1)
        sailor.chain.reachable = False
        progressed, asked = asyncio.Event(), asyncio.Event()
        sailor.chain.asked = asked.set
        follower = sailor.follower(progressed=progressed.set)
        task = asyncio.create_task(follower.run())
        async with asyncio.timeout(10):
            await asked.wait()
            assert await sailor.heights() == []
            sailor.chain.reachable = True
            await progressed.wait()
            assert await sailor.heights() == [(1, 1)]
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async def test_another_chain_is_not_followed(self, sailor: Sailor) -> None:
        await sailor.anchor(1)
        sailor.chain.is_another = True
        with pytest.raises(WrongChain):
            await sailor.follower().run()
        assert await sailor.heights() == []
