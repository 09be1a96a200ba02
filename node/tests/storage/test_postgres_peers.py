"""Of several processes on one PostgreSQL one does the work, and each hears what the others say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.databases import POSTGRESQL, databases
from tidan_node.storage.database import Database
from tidan_node.storage.postgres_peers import PostgresPeers

pytestmark = pytest.mark.parametrize("sql", [POSTGRESQL], indirect=True)
_PATIENCE = 30


class Process:
    """What stands for a process: it works when it may, and writes down what it hears."""

    def __init__(self, database: Database) -> None:
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        self.began, self.ended = asyncio.Event(), asyncio.Event()
        self.peers = PostgresPeers(
            database.url, words=["read", "committed"], heard=self.heard.put_nowait
        )
        self._task = asyncio.create_task(self.peers.run(self._work))

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def hears(self) -> str:
        async with asyncio.timeout(_PATIENCE):
            return await self.heard.get()

    async def connects(self) -> None:
        assert {await self.hears(), await self.hears()} == {"read", "committed"}

    @asynccontextmanager
    async def _work(self) -> AsyncIterator[None]:
        self.ended.clear()
        self.began.set()
        try:
            yield
        finally:
            self.began.clear()
            self.ended.set()


Start = Callable[[], AbstractAsyncContextManager[Process]]


async def soon(event: asyncio.Event) -> None:
    async with asyncio.timeout(_PATIENCE):
        await event.wait()


@pytest.fixture
async def database(sql: str, tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(databases.url(tmp_path / "node.db"))
    yield database
    await database.close()


@pytest.fixture
def started(database: Database) -> Start:
    @asynccontextmanager
    async def start() -> AsyncIterator[Process]:
        process = Process(database)
        try:
            yield process
        finally:
            await process.stop()

    return start


async def holders(database: Database) -> list[int]:
    """The server's processes that hold a turn."""
    async with database.reading() as connection:
        found = await connection.execute(
            text(
                "SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
                " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
            )
        )
        return [row.pid for row in found]


async def cut(database: Database, pid: int) -> None:
    async with database.writing() as connection:
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


async def test_one_works_and_the_next_takes_over_when_it_ends(started: Start) -> None:
    async with started() as first:
        await soon(first.began)
        async with started() as second:
            await second.connects()
            assert not second.began.is_set()
            await first.stop()
            await soon(second.began)
            assert first.ended.is_set()


async def test_who_loses_the_connection_stops_working_and_asks_anew(
    database: Database, started: Start
) -> None:
    async with started() as process:
        await soon(process.began)
        (pid,) = await holders(database)
        await cut(database, pid)
        await soon(process.ended)
        await soon(process.began)
        (another,) = await holders(database)
        assert another != pid


async def test_a_word_is_heard_by_the_others_and_not_by_oneself(started: Start) -> None:
    async with started() as one, started() as other:
        await one.connects()
        await other.connects()
        one.peers.tell("read")
        assert await other.hears() == "read"
        other.peers.tell("committed")
        assert await one.hears() == "committed"


async def test_after_a_time_without_connection_everything_may_have_been_said(
    database: Database, started: Start
) -> None:
    async with started() as process:
        await process.connects()
        await soon(process.began)
        (pid,) = await holders(database)
        await cut(database, pid)
        await process.connects()


async def test_a_storm_of_one_word_is_few_words(started: Start) -> None:
    async with started() as one, started() as other:
        await one.connects()
        await other.connects()
        for _ in range(1000):
            one.peers.tell("read")
        one.peers.tell("committed")
        assert {await other.hears(), await other.hears()} == {"read", "committed"}
        assert other.heard.empty()
