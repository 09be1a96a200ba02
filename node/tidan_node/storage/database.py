"""Connections to SQL: many readers, and writers that queue instead of failing."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from tidan_node.problems import Problem

_BUSY_MILLISECONDS: Final = 60_000
_QUEUE_SECONDS: Final = 120


class DatabaseUnusable(Problem):
    status, slug, title = 503, "database-unusable", "The node's database cannot be used"


class Database:
    """The node's SQL database. A repository never commits; these two blocks do."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.get_backend_name() == "sqlite":
            self._reader = _sqlite_engine(self.url, begin="BEGIN", pool_size=8)
            # SQLite has one writer at a time: a pool of one makes the others wait in order.
            self._writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", pool_size=1)
        else:
            self._writer = create_async_engine(self.url, pool_pre_ping=True, hide_parameters=True)
            # A reader of several rows sees all of them at one time.
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One view of the database; whatever is written here is thrown away."""
        async with self._reader.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed at the end of the block, or not at all."""
        async with self._writer.begin() as connection:
            yield connection

    async def close(self) -> None:
        """Let go of every connection."""
        await self._reader.dispose()
        await self._writer.dispose()


def _sqlite_engine(url: URL, *, begin: str, pool_size: int) -> AsyncEngine:
    _require_file(url)
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_QUEUE_SECONDS,
        # Documents and secrets are among the values: an error quotes none of them.
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver would open its own transactions, late and without IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def open_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _require_file(url: URL) -> None:
    """The file is there before the driver makes it, so that only its owner can read it.

    One that is there is never opened here: closing it would take away the locks that SQLite holds
    on it in this process (https://sqlite.org/howtocorrupt.html, 2.2), and with them its log.
    """
    if url.database in (None, "", ":memory:"):
        raise DatabaseUnusable("a SQLite database needs a file", field="database_url")
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if not path.is_file() or not os.access(path, os.R_OK | os.W_OK):
            raise DatabaseUnusable(
                f"{path} cannot be read and written", field="database_url"
            ) from None
    except OSError as error:
        raise DatabaseUnusable(
            f"{path} cannot be opened: {error.strerror}", field="database_url"
        ) from error
