"""Connections to SQL: many readers, and writers; those of SQLite queue instead of failing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection, IsolationLevel
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from tidan_node.problems import Problem
from tidan_node.storage.full_disk import DiskFull, is_full
from tidan_node.storage.inline_sqlite import DRIVER, READ
from tidan_node.storage.quick import QuickReader
from tidan_node.storage.quick_postgres import QuickPostgres
from tidan_node.storage.quick_sqlite import QuickSqlite

_BUSY_MILLISECONDS: Final = 60_000
_QUEUE_SECONDS: Final = 120
_OVERTAKEN: Final = ("23505", "40001", "40P01")
"""PostgreSQL's for a key that was taken, a view that is out of date, and a deadlock."""
_WRITERS_CACHE: Final = 16_384
"""KiB that SQLite's one writer keeps of the file. A page of the chain touches places all over its
indexes; with less, SQLite writes them out before the commit, and reads them again."""
_SERVER_CONNECTIONS: Final = 10
"""For those who read and for those who write, in each process, of a server such as PostgreSQL."""


class DatabaseUnusable(Problem):
    status, slug, title = 503, "database-unusable", "The node's database cannot be used"


class Overtaken(Problem):
    """Another one wrote at the same time what this one stands on, so that nothing of it was kept.
    The same request may be sent again at once, under the same key."""

    status, slug, title = 409, "overtaken", "Another request was quicker"


def overtaken(error: DBAPIError) -> bool:
    """Whether a server refused this for what another transaction did at the same time. SQLite's
    writers wait for one another: there the same refusal is a mistake of ours."""
    return getattr(error.orig, "sqlstate", None) in _OVERTAKEN


class Database:
    """The node's SQL database. A repository never commits; these two blocks do."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.get_backend_name() == "sqlite":
            self._reader = _sqlite_engine(self.url, begin=READ, pool_size=8)
            # SQLite has one writer at a time: a pool of one makes the others wait in order.
            self._writer = _sqlite_engine(
                self.url, begin="BEGIN IMMEDIATE", pool_size=1, cache=_WRITERS_CACHE
            )
            self.quick: QuickReader = QuickSqlite(self.url.database or "")
        else:
            # A reader of several rows sees all of them at one time. Who writes may read beside it:
            # from one pool writers that wait for readers could take all there is.
            self._reader = _server_engine(self.url, "REPEATABLE READ")
            # A writer sees what others have committed once it has waited for their locks.
            self._writer = _server_engine(self.url, "READ COMMITTED")
            self.quick = QuickPostgres(self.url)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One view of the database; whatever is written here is thrown away."""
        async with _answering(self._reader.connect()) as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed at the end of the block, or not at all."""
        async with _answering(self._writer.begin()) as connection:
            yield connection

    async def close(self) -> None:
        """Let go of every connection."""
        await self.quick.close()
        await self._reader.dispose()
        await self._writer.dispose()


@asynccontextmanager
async def _answering(
    opening: AbstractAsyncContextManager[AsyncConnection],
) -> AsyncIterator[AsyncConnection]:
    """A server that is gone is a refusal of its own, and so is a disk that is full: whoever meets
    one tries again later."""
    try:
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(opening)
            except Exception as error:  # drivers and sockets have many words for it
                if is_full(error):
                    raise DiskFull from error
                raise DatabaseUnusable("it does not answer just now") from error
            yield connection
    except (DBAPIError, sqlite3.Error) as error:  # of a commit the driver's own
        if is_full(error):
            raise DiskFull from error
        if not isinstance(error, DBAPIError):
            raise
        if error.connection_invalidated:
            raise DatabaseUnusable("it does not answer just now") from error
        if overtaken(error) and not isinstance(error, IntegrityError):
            raise Overtaken("send it again") from error
        raise  # a key that was taken meanwhile means something to whoever asked for it


def _server_engine(url: URL, isolation_level: IsolationLevel) -> AsyncEngine:
    return create_async_engine(
        url,
        isolation_level=isolation_level,
        pool_size=_SERVER_CONNECTIONS,
        max_overflow=0,
        pool_timeout=_QUEUE_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def _sqlite_engine(
    url: URL, *, begin: str, pool_size: int, cache: int | None = None
) -> AsyncEngine:
    _require_file(url)
    engine = create_async_engine(
        url.set(drivername=f"sqlite+{DRIVER}"),
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
        if cache is not None:
            cursor.execute(f"PRAGMA cache_size = -{cache}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def open_transaction(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection  # Any: a driver's own
        driver.begin(begin)

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
