"""A worker that dies does not take the node with it, and does not stay dead."""

from __future__ import annotations

import asyncio

import pytest

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
