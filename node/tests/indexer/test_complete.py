"""When the rows are all that the chain has: what is missing in them is missing there."""

from __future__ import annotations

import asyncio

import pytest

from tests.indexer.conftest import Sailor


class TestComplete:
    async def test_the_rows_are_complete_once_nothing_more_is_there_to_be_read(
        self, sailor: Sailor
    ) -> None:
        await sailor.anchor(1)
        follower = sailor.follower()
        assert follower.complete_at is None
        await follower.step()
        assert follower.complete_at is None
        await follower.step()
        assert follower.complete_at == await sailor.cursor()

    async def test_while_more_is_read_they_stand_at_another_block(self, sailor: Sailor) -> None:
        await sailor.anchor(1)
        follower = sailor.follower()
        await follower.catch_up()
        await sailor.anchor(2)
        await follower.step()
        assert follower.complete_at != await sailor.cursor()

    async def test_after_a_rewind_they_are_not_before_the_branch_is_read(
        self, sailor: Sailor
    ) -> None:
        for up_to in (1, 2):
            await sailor.anchor(up_to)
        follower = sailor.follower()
        await follower.catch_up()
        sailor.chain.go_back(1)
        await follower.step()
        assert follower.complete_at is None
        await follower.catch_up()
        assert follower.complete_at == await sailor.cursor() == sailor.chain.chain[1].ref

    async def test_a_chain_that_does_not_answer_may_have_more(self, sailor: Sailor) -> None:
        await sailor.anchor(1)
        follower = sailor.follower()
        looks: asyncio.Queue[None] = asyncio.Queue()
        task = asyncio.create_task(follower.run())
        async with asyncio.timeout(10):
            sailor.chain.asked = lambda: looks.put_nowait(None)
            for _ in range(9):  # it has read all, and looks again
                await looks.get()
            assert follower.complete_at == await sailor.cursor()
            sailor.chain.reachable = False
            while not looks.empty():
                looks.get_nowait()
            for _ in range(2):  # the first has failed when the second begins
                await looks.get()
            assert follower.complete_at is None
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
