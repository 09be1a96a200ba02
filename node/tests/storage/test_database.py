"""Readers and writers of the node's database."""

import asyncio
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from tests.databases import POSTGRESQL, SQLITE, databases
from tidan_node.storage.database import Database, DatabaseUnusable, Overtaken
from tidan_node.storage.full_disk import DiskFull, is_full

of_sqlite = pytest.mark.parametrize("sql", [SQLITE], indirect=True)
of_postgresql = pytest.mark.parametrize("sql", [POSTGRESQL], indirect=True)
_notes = Table("notes", MetaData(), Column("number", Integer, primary_key=True))


def _url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def database(sql: str, tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(databases.url(tmp_path / "node.sqlite"))
    async with database.writing() as connection:
        await connection.run_sync(_notes.metadata.create_all)
    yield database
    await database.close()


def _modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}


async def _count(database: Database) -> int:
    async with database.reading() as connection:
        return int(await connection.scalar(select(func.count()).select_from(_notes)) or 0)


async def test_a_block_that_ends_well_is_committed(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(_notes).values(number=1))
    assert await _count(database) == 1


async def test_a_block_that_fails_leaves_nothing(database: Database) -> None:
    async def stop_half_way() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(_notes).values(number=1))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await stop_half_way()
    assert await _count(database) == 0


@of_sqlite
async def test_fifty_writers_at_once_queue_and_all_succeed(database: Database) -> None:
    async def count_up() -> None:
        async with database.writing() as connection:
            seen = await connection.scalar(select(func.count()).select_from(_notes))
            await connection.execute(insert(_notes).values(number=seen))

    await asyncio.gather(*(count_up() for _ in range(50)))
    assert await _count(database) == 50


@of_sqlite
async def test_writers_of_two_processes_queue_too(database: Database, tmp_path: Path) -> None:
    other = Database(_url(tmp_path / "node.sqlite"))

    async def count_up(through: Database) -> None:
        async with through.writing() as connection:
            seen = await connection.scalar(select(func.count()).select_from(_notes))
            await connection.execute(insert(_notes).values(number=seen))

    try:
        both = [database, other]
        await asyncio.gather(*(count_up(both[turn % 2]) for turn in range(20)))
    finally:
        await other.close()
    assert await _count(database) == 20


async def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    async with database.reading() as reader:
        before = await reader.scalar(select(func.count()).select_from(_notes))
        async with database.writing() as writer:
            await writer.execute(insert(_notes).values(number=1))
        after = await reader.scalar(select(func.count()).select_from(_notes))
    assert before == after == 0
    assert await _count(database) == 1


async def test_what_a_reader_writes_is_thrown_away(database: Database) -> None:
    async with database.reading() as connection:
        await connection.execute(insert(_notes).values(number=1))
    assert await _count(database) == 0


async def test_a_cancelled_writer_lets_the_next_one_in(database: Database) -> None:
    inside = asyncio.Event()

    async def never_ends() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(_notes).values(number=1))
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(never_ends())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.writing() as connection:
        await connection.execute(insert(_notes).values(number=2))
    assert await _count(database) == 1


@of_sqlite
async def test_only_the_owner_can_read_the_file(database: Database, tmp_path: Path) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(_notes).values(number=1))
    assert _modes(tmp_path) == {0o600}


@of_sqlite
async def test_a_commit_is_on_the_disk_before_it_returns(database: Database) -> None:
    async with database.writing() as connection:
        journal = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar_one()
        synchronous = (await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one()
    assert (journal, synchronous) == ("wal", 2)


@of_sqlite
async def test_looking_at_an_open_database_takes_no_lock_from_it(
    tmp_path: Path, database: Database
) -> None:
    """An outsider that closes the file last would unlink the log under the node's commits."""
    await Database(_url(tmp_path / "node.sqlite")).close()

    assert _counted_by_an_outsider(tmp_path / "node.sqlite") == 0
    async with database.writing() as connection:
        await connection.execute(insert(_notes).values(number=1))

    assert _counted_by_an_outsider(tmp_path / "node.sqlite") == 1


def _counted_by_an_outsider(path: Path) -> int:
    """The rows that another process finds, which then closes the database."""
    look = (
        "import sqlite3, sys\n"
        "print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM notes').fetchone()[0])"
    )
    words = [sys.executable, "-c", look, str(path)]
    return int(subprocess.run(words, check=True, capture_output=True).stdout)


async def test_a_server_that_does_not_answer_is_a_refusal_that_names_no_place() -> None:
    database = Database("postgresql+asyncpg://hunter2@/node?host=/nowhere")
    with pytest.raises(DatabaseUnusable) as refused:
        async with database.reading():
            pass
    assert refused.value.status == 503
    assert "nowhere" not in refused.value.detail


@of_postgresql
async def test_a_server_that_drops_the_connection_is_refused_and_then_used_again(
    database: Database,
) -> None:
    async def is_dropped() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(_notes).values(number=1))
            await connection.execute(select(func.pg_terminate_backend(func.pg_backend_pid())))

    with pytest.raises(DatabaseUnusable):
        await is_dropped()
    assert await _count(database) == 0


@of_postgresql
async def test_of_two_writers_who_wait_for_each_other_one_is_told_to_come_again(
    database: Database,
) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(_notes), [{"number": 1}, {"number": 2}])
    both_hold = asyncio.Barrier(2)

    async def hold(first: int, second: int) -> None:
        async with database.writing() as connection:
            await connection.execute(delete(_notes).where(_notes.c.number == first))
            await both_hold.wait()
            await connection.execute(delete(_notes).where(_notes.c.number == second))

    ended = await asyncio.gather(hold(1, 2), hold(2, 1), return_exceptions=True)
    (refused,) = [each for each in ended if each is not None]
    assert isinstance(refused, Overtaken)
    assert await _count(database) == 0


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUnusable):
        Database(url)


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable) as refused:
        Database(_url(tmp_path))
    assert refused.value.field == "database_url"


@of_sqlite
async def test_a_full_disk_is_told_as_such_and_leaves_nothing_half_done(database: Database) -> None:
    """SQLite's own limit answers as a disk without room does."""

    async def note(first: int) -> None:
        rows = [{"number": each} for each in range(first, first + 5_000)]
        async with database.writing() as connection:
            await connection.execute(insert(_notes), rows)

    await note(0)
    async with database.writing() as connection:
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    with pytest.raises(DiskFull) as told:
        await note(5_000)
    assert told.value.status == 507
    assert await _count(database) == 5_000

    async with database.writing() as connection:
        await connection.execute(text("PRAGMA max_page_count = 100000"))
    await note(5_000)
    assert await _count(database) == 10_000


def test_what_postgresql_says_of_a_full_disk_is_told_as_such() -> None:
    def said(sqlstate: str) -> DBAPIError:
        error = Exception()
        error.sqlstate = sqlstate  # type: ignore[attr-defined]  # as asyncpg's errors have it
        return DBAPIError("INSERT", None, error)

    assert is_full(said("53100"))
    assert not is_full(said("53200"))
