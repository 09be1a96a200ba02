"""SQLite inside the loop: what waits or is long goes to a thread, and nothing of it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tidan_node.storage import inline_sqlite
from tidan_node.storage.database import Database
from tidan_node.storage.savepoints import go_back, release, set_savepoint

LONG = text(
    "SELECT count(*) FROM (WITH RECURSIVE n(i) AS"
    " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT i FROM n)"
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'node.db'}")
    async with database.writing() as connection:
        await connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY)"))
    yield database
    await database.close()


async def ids(database: Database) -> list[int]:
    async with database.reading() as connection:
        return list(await connection.scalars(text("SELECT id FROM things ORDER BY id")))


async def test_a_long_search_lets_the_loop_go_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inline_sqlite, "_LONGEST", 0.0)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(others())
    async with database.reading() as connection:
        assert await connection.scalar(LONG) == 300_000
    beside.cancel()
    assert turns > 0


async def test_a_long_search_between_two_writes_takes_neither_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO things VALUES (1)"))
        monkeypatch.setattr(inline_sqlite, "_LONGEST", 0.0)
        assert await connection.scalar(LONG) == 300_000
        await connection.execute(text("INSERT INTO things VALUES (2)"))
    assert await ids(database) == [1, 2]


async def test_many_rows_are_written_as_few_are(database: Database) -> None:
    async with database.writing() as connection:
        rows = [{"id": number} for number in range(1, 501)]
        await connection.execute(text("INSERT INTO things VALUES (:id)"), rows)
    assert await ids(database) == list(range(1, 501))


async def test_a_writer_that_is_cancelled_while_it_waits_leaves_nothing_and_blocks_nobody(
    database: Database, tmp_path: Path
) -> None:
    other = Database(f"sqlite+aiosqlite:///{tmp_path / 'node.db'}")
    async with other.writing() as held:
        await held.execute(text("INSERT INTO things VALUES (1)"))
        waiting = asyncio.create_task(_write(database, 2))
        await asyncio.sleep(0)
        waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await _write(database, 3)
    await other.close()
    assert await ids(database) == [1, 3]


async def test_what_is_taken_back_is_only_what_was_written_since(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO things VALUES (1)"))
        await set_savepoint(connection, "outer")
        await connection.execute(text("INSERT INTO things VALUES (2)"))
        await set_savepoint(connection, "inner")
        await connection.execute(text("INSERT INTO things VALUES (3)"))
        await go_back(connection, "inner")
        await release(connection, "outer")
    assert await ids(database) == [1, 2]


async def _write(database: Database, number: int) -> None:
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO things VALUES (:id)"), {"id": number})
