"""Following for ever: woken, ahead of itself, and beside others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.fake_chain import MANIFEST, FakeChain
from tests.indexer.conftest import Sailor
from tidan_node.indexer.checkpoint import DatabaseOfAnotherChain
from tidan_node.ledger.gateway import WrongChain


class Told:
    """Hears of the blocks that the test tells of."""

    is_live = True

    def __init__(self) -> None:
        self.watched, self.ended = asyncio.Event(), False
        self.tell: Callable[[], None] = lambda: None

    async def watch(self, heard: Callable[[], None]) -> None:
        self.tell = heard
        self.watched.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended = True


class TestAhead:
    async def test_pages_of_a_branch_that_was_left_meanwhile_are_read_again(
        self, sailor: Sailor
    ) -> None:
        """Some of them were on their way when the chain parted."""
        for up_to in range(1, 31):
            await sailor.anchor(up_to)
        moment = asyncio.Event()

        def part() -> None:
            if not moment.is_set():
                moment.set()
                sailor.chain.go_back(6)
                sailor.chain.mine(30)

        follower = sailor.follower(page=3, progressed=part)
        await follower.catch_up()
        assert await sailor.heights() == [(number, number) for number in range(1, 7)]
        assert await sailor.cursor() == sailor.chain.chain[36].ref


class TestSeveralChains:
    async def test_a_database_that_holds_one_takes_no_other(self, sailor: Sailor) -> None:
        other = Sailor(sailor.database, FakeChain(replace(MANIFEST, chain_id=7)), sailor.signer)
        await sailor.anchor(1)
        await other.anchor(11)
        await sailor.follower().catch_up()
        before = await sailor.rows()
        with pytest.raises(DatabaseOfAnotherChain, match="and not 7"):
            await other.follower().catch_up()
        assert await sailor.rows() == before

    async def test_of_two_that_begin_in_one_at_once_one_is_refused(self, sailor: Sailor) -> None:
        other = Sailor(sailor.database, FakeChain(replace(MANIFEST, chain_id=7)), sailor.signer)
        await sailor.anchor(1)
        await other.anchor(11)
        both = (sailor.follower().catch_up(), other.follower().catch_up())
        ends = await asyncio.gather(*both, return_exceptions=True)
        assert sorted(type(each).__name__ for each in ends) == [
            "DatabaseOfAnotherChain",
            "NoneType",
        ]
        assert len(await sailor.heights()) == 1


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

    async def test_who_hears_of_blocks_need_not_ask(self, sailor: Sailor) -> None:
        heads, progressed = Told(), asyncio.Event()
        follower = sailor.follower(progressed=progressed.set, heads=heads, poll_interval=60.0)
        task = asyncio.create_task(follower.run())
        async with asyncio.timeout(10):
            await heads.watched.wait()
            for up_to in (1, 2):
                progressed.clear()
                await sailor.anchor(up_to)
                heads.tell()
                await progressed.wait()
        assert await sailor.heights() == [(1, 1), (2, 2)]
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert heads.ended

    async def test_another_chain_is_not_followed(self, sailor: Sailor) -> None:
        await sailor.anchor(1)
        sailor.chain.is_another = True
        with pytest.raises(WrongChain):
            await sailor.follower().run()
        assert await sailor.heights() == []
