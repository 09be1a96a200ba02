"""A name has one holder at a time, until its transaction ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.databases import POSTGRESQL, databases
from tidan_node.storage.database import Database
from tidan_node.storage.locks import hold, number_of


@pytest.fixture
async def database(sql: str, tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(databases.url(tmp_path / "node.db"))
    yield database
    await database.close()


async def somebody_waits(database: Database) -> bool:
    async with database.reading() as connection:
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        return bool(await connection.scalar(text(waiting)))


@pytest.mark.parametrize("sql", [POSTGRESQL], indirect=True)  # SQLite has one writer anyway
async def test_who_comes_second_goes_on_when_the_first_has_ended(database: Database) -> None:
    told: list[str] = []
    held = asyncio.Event()

    async def first() -> None:
        async with database.writing() as connection:
            await hold(connection, "chain 1")
            held.set()
            while not told and not await somebody_waits(database):
                pass
            told.append("first")

    async def second() -> None:
        await held.wait()
        async with database.writing() as connection:
            await hold(connection, "chain 1")
            told.append("second")

    await asyncio.gather(first(), second())
    assert told == ["first", "second"]


def test_numbers_are_of_what_postgresql_can_lock() -> None:
    numbers = {number_of(f"name {each}") for each in range(1000)}
    assert len(numbers) == 1000
    assert all(-(2**63) <= each < 2**63 for each in numbers)
