"""A worker that dies does not take the node with it, and does not stay dead."""

from __future__ import annotations

import asyncio

import pytest

from tidan_node.storage.peers import Alone, Work
from tidan_node.web.health import NotReady
from tidan_node.web.supervisor import Supervisor, Worker


async def test_a_worker_that_fails_is_started_again() -> None:
    again = asyncio.Event()
    runs = 0

    async def run() -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise RuntimeError("unexpected")
        again.set()
        await asyncio.Event().wait()

    worker = Worker("follower", run)
    supervisor = Supervisor([worker], first_pause=0.001)
    supervisor.start()
    await asyncio.wait_for(again.wait(), 5)

    assert worker.failures == 1
    assert await supervisor.look() == "1 running"
    await supervisor.stop()


async def test_while_it_waits_to_start_again_the_node_is_not_ready() -> None:
    failed = asyncio.Event()

    async def run() -> None:
        failed.set()
        raise RuntimeError("unexpected")

    supervisor = Supervisor([Worker("dispatcher", run)], first_pause=60)
    supervisor.start()
    await asyncio.wait_for(failed.wait(), 5)
    await asyncio.sleep(0)

    with pytest.raises(NotReady, match="dispatcher"):
        await supervisor.look()
    await supervisor.stop()


async def test_stopping_ends_every_worker() -> None:
    ended: list[str] = []
    running = asyncio.Event()

    async def run() -> None:
        running.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("sealer")

    supervisor = Supervisor([Worker("sealer", run)])
    supervisor.start()
    await asyncio.wait_for(running.wait(), 5)
    await supervisor.stop()

    assert ended == ["sealer"]
    with pytest.raises(NotReady, match="no worker"):
        await supervisor.look()


class InTurns(Alone):
    """Other processes, which let this one work while `turn` is set."""

    def __init__(self) -> None:
        self.turn, self.is_over = asyncio.Event(), asyncio.Event()

    async def run(self, work: Work) -> None:
        while True:
            await self.turn.wait()
            async with work():
                await self.is_over.wait()
            self.turn.clear()
            self.is_over.clear()


async def test_a_process_that_cannot_ask_whose_turn_it_is_is_not_ready() -> None:
    peers = InTurns()
    supervisor = Supervisor([], peers=peers)
    supervisor.start()
    peers.can_ask = False

    with pytest.raises(NotReady, match="cannot be told"):
        await supervisor.look()
    await supervisor.stop()


async def test_workers_run_in_this_process_only_while_it_has_its_turn() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    peers = InTurns()
    supervisor = Supervisor([Worker("follower", run)], peers=peers)
    supervisor.start()
    before = await supervisor.look()
    peers.turn.set()
    await asyncio.wait_for(begun.wait(), 5)
    during = await supervisor.look()
    peers.is_over.set()
    await asyncio.wait_for(ended.wait(), 5)
    await asyncio.sleep(0)
    after = await supervisor.look()
    await supervisor.stop()

    assert before == after == "standing by: another process of this node runs the workers"
    assert during == "1 running"
