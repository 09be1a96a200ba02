"""What happens in one process of a node wakes whoever waits for it in another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from tests.databases import POSTGRESQL, databases
from tidan_node.web.news import News
from tidan_node.web.wake_ups import WakeUps

_PATIENCE = 30


class Process:
    """One process of a node; its workers run only while it is at work."""

    def __init__(self, url: URL) -> None:
        self.news = News()
        self.at_work = False
        self.woken = asyncio.Event()
        self.wake_ups = WakeUps(url, self.news, at_work=lambda: self.at_work)
        self.wake_ups.workers = (self.woken.set,)
        self._began = asyncio.Event()
        self._task = asyncio.create_task(self.wake_ups.peers.run(self._work))

    async def is_at_work(self) -> None:
        await _soon(self._began)

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    @asynccontextmanager
    async def _work(self) -> AsyncIterator[None]:
        self.at_work = True
        self._began.set()
        yield
        self.at_work = False


async def _soon(event: asyncio.Event) -> None:
    async with asyncio.timeout(_PATIENCE):
        await event.wait()


@pytest.fixture
async def processes(sql: str, tmp_path: Path) -> AsyncIterator[tuple[Process, Process]]:
    url = make_url(databases.url(tmp_path / "node.db"))
    first = Process(url)
    await first.is_at_work()
    second = Process(url)
    yield first, second
    await second.stop()
    await first.stop()


@pytest.mark.parametrize("sql", [POSTGRESQL], indirect=True)
class TestTwoProcesses:
    async def test_a_commit_in_the_one_wakes_the_workers_of_the_other(
        self, processes: tuple[Process, Process]
    ) -> None:
        at_work, other = processes
        await _soon(other.woken)  # it listens
        at_work.woken.clear()
        other.wake_ups.committed()
        await _soon(at_work.woken)

    async def test_a_block_that_the_one_has_read_is_news_in_the_other(
        self, processes: tuple[Process, Process]
    ) -> None:
        at_work, other = processes
        await _soon(other.woken)
        count = other.news.count
        at_work.wake_ups.read()
        assert await other.news.after(count, patience=_PATIENCE) > count


class TestOneProcess:
    async def test_a_commit_wakes_its_workers_and_a_block_is_news(self, tmp_path: Path) -> None:
        news, woken = News(), asyncio.Event()
        wake_ups = WakeUps(
            make_url(f"sqlite+aiosqlite:///{tmp_path}/node.db"), news, at_work=lambda: True
        )
        wake_ups.workers = (woken.set,)
        wake_ups.committed()
        wake_ups.read()
        assert woken.is_set()
        assert news.count == 1
