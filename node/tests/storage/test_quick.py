"""A quick reader finds one row by one statement, and notices every commit, whoever made it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select, text, update

from tests.databases import POSTGRESQL, SQLITE, databases
from tidan_node.people.tables import users
from tidan_node.storage.database import Database
from tidan_node.storage.quick import NotQuick, Prepared
from tidan_node.storage.quick_postgres import QuickPostgres
from tidan_node.storage.quick_sqlite import QuickSqlite

NOW = datetime(2026, 6, 1, 12, 30, 0, 250, tzinfo=UTC)
_USER = Prepared(
    select(users.c.name, users.c.roles, users.c.created_at, users.c.disabled_at).where(
        users.c.id == bindparam("id")
    )
)


@pytest.fixture
async def database(sql: str, tmp_path: Path) -> AsyncIterator[Database]:
    database = databases.opened(tmp_path / "node.db")
    kind = QuickPostgres if sql == POSTGRESQL else QuickSqlite
    assert isinstance(database.quick, kind)
    async with database.writing() as connection:
        row = {"id": "u", "issuer": "i", "subject": "s", "name": "Ann", "roles": ["READER"]}
        await connection.execute(insert(users).values(created_at=NOW, **row))
    yield database
    await database.close()


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Database]:
    """What stands for another process: connections of its own to the same database."""
    other = Database(database.url.render_as_string(hide_password=False))
    yield other
    await other.close()


async def rename(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(update(users).values(name="Bea"))


async def test_a_row_has_the_values_that_its_columns_mean(database: Database) -> None:
    found = await database.quick.row(_USER, {"id": "u"})

    assert found is not None
    assert found[1] == ("Ann", ["READER"], NOW, None)


async def test_there_is_no_row_for_what_is_not_there(database: Database) -> None:
    assert await database.quick.row(_USER, {"id": "nobody"}) is None


async def test_a_version_stays_while_nothing_is_written(
    database: Database, other: Database
) -> None:
    version = await database.quick.version()
    async with database.reading() as connection:
        await connection.execute(select(users))
    async with other.writing() as connection:
        await connection.execute(select(users))
    found = await database.quick.row(_USER, {"id": "u"})

    assert found is not None
    assert version == found[0] == await database.quick.version()


async def test_a_commit_of_this_process_makes_another_version(database: Database) -> None:
    version = await database.quick.version()

    await rename(database)

    assert await database.quick.version() != version


async def test_a_commit_of_another_process_makes_another_version(
    database: Database, other: Database
) -> None:
    version = await database.quick.version()

    await rename(other)

    assert await database.quick.version() != version
    found = await database.quick.row(_USER, {"id": "u"})
    assert found is not None
    assert found[1][0] == "Bea"


async def test_what_is_not_committed_yet_is_neither_seen_nor_a_version(
    database: Database, other: Database
) -> None:
    version = await database.quick.version()
    async with other.writing() as connection:
        await connection.execute(update(users).values(name="Bea"))
        found = await database.quick.row(_USER, {"id": "u"})
        before = await database.quick.version()

    assert found is not None
    assert found[1][0] == "Ann"
    assert await database.quick.version() not in (version, before, found[0])


async def test_who_asks_after_a_commit_does_not_share_a_look_from_before(
    database: Database,
) -> None:
    versions = []
    for number in range(20):
        looking = [asyncio.create_task(database.quick.version()) for _ in range(3)]
        async with database.writing() as connection:
            await connection.execute(update(users).values(name=f"Ann {number}"))
        versions.append(await database.quick.version())
        await asyncio.gather(*looking)

    assert len(set(versions)) == 20


async def test_many_at_once_are_all_answered(database: Database) -> None:
    found = await asyncio.gather(*(database.quick.row(_USER, {"id": "u"}) for _ in range(50)))

    assert all(each is not None and each[1][0] == "Ann" for each in found)


async def test_a_database_that_cannot_be_asked_is_not_quick(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")

    with pytest.raises(NotQuick):
        await database.quick.row(_USER, {"id": "u"})
    await database.close()


@pytest.mark.parametrize("sql", [POSTGRESQL], indirect=True)
async def test_a_connection_that_the_server_ends_is_not_quick_and_then_another_is(
    database: Database, other: Database
) -> None:
    version = await database.quick.version()
    ended = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'tidan quick reads' AND datname = current_database()"
    )
    async with other.reading() as connection:
        await connection.execute(ended)

    with pytest.raises(NotQuick):
        await database.quick.row(_USER, {"id": "u"})
    assert await database.quick.row(_USER, {"id": "u"}) is not None
    assert await database.quick.version() != version


@pytest.mark.parametrize("sql", [SQLITE], indirect=True)
async def test_a_quick_reader_writes_nothing(database: Database) -> None:
    write = Prepared(select(text("1")))
    assert await database.quick.row(write, {}) is not None
    assert isinstance(database.quick, QuickSqlite)
    with pytest.raises(NotQuick):
        database.quick._ask("DELETE FROM users")
