"""SQLite in the loop itself: what is short is done at once, what waits or takes long in a thread.

A statement of a request takes some ten microseconds; to hand it to a thread and back takes several
times as long, and there are a dozen in a request. What may wait for the disk or for another process
(to become the one writer, to commit) never holds up the loop, and neither does a search that turns
out to be long: it is broken off and done again in a thread.
"""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

T = TypeVar("T")
Rows = Iterator[Any]  # Any: what the columns hold

DRIVER: Final = "inline"
READ: Final = "BEGIN"
"""Takes nothing as yet, and so waits for nobody."""
_LONGEST: Final = 0.005
"""Seconds that a search may hold up the loop."""

_MANY: Final = 100
"""So many rows are written in a thread."""

_LOOKED_EVERY: Final = 2_000
"""Steps of SQLite's machine, some twenty microseconds."""


class _Nothing:
    """What SQLAlchemy awaits once a statement, since it takes a driver that never waits for one
    that is not async."""

    def __await__(self) -> Generator[Any]:  # Any: nothing comes of it
        return
        yield


_NOTHING: Final = _Nothing()
_THREADS: Final = ThreadPoolExecutor(8, thread_name_prefix="sqlite")


class Connection(sqlite3.Connection):
    """One that belongs to one task at a time."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # Any: those of sqlite3 itself
        super().__init__(*arguments, **options)
        self.until = float("inf")
        self.set_progress_handler(self._takes_too_long, _LOOKED_EVERY)

    def cursor(self, *_: object) -> Cursor:  # type: ignore[override]  # always of this one kind
        return Cursor(self)

    def begin(self, statement: str) -> None:
        """Open a transaction as this statement says; who becomes the writer may have to wait."""
        if statement == READ:
            super().execute(statement)
            return
        _in_thread(partial(sqlite3.Connection.execute, self, statement))

    def commit(self) -> None:
        _in_thread(super().commit)

    def _takes_too_long(self) -> bool:
        return time.monotonic() > self.until


class Cursor(sqlite3.Cursor):
    """What it finds is there as a whole when `execute` returns."""

    connection: Connection
    _rows: Rows = iter(())

    def execute(self, statement: str, parameters: Any = ()) -> Cursor:  # Any: as sqlite3 has it
        if statement.startswith(("SELECT", "WITH")):
            self._rows = iter(self._search(statement, parameters))
        else:
            self._rows = iter(self._done(statement, parameters))
        await_only(_NOTHING)
        return self

    def executemany(self, statement: str, parameters: Iterable[Any]) -> Cursor:  # Any: as above
        write = partial(super().executemany, statement, parameters)
        if isinstance(parameters, Sequence) and len(parameters) < _MANY:
            write()
        else:
            _in_thread(write)
        await_only(_NOTHING)
        return self

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        return list(itertools.islice(self._rows, size))

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    async def _async_soft_close(self) -> None:
        """Nothing is left to be read."""

    def _done(self, statement: str, parameters: Any) -> list[Any]:
        super().execute(statement, parameters)
        return [] if self.description is None else super().fetchall()

    def _search(self, statement: str, parameters: Any) -> list[Any]:
        self.connection.until = time.monotonic() + _LONGEST
        try:
            return self._done(statement, parameters)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
        finally:
            self.connection.until = float("inf")
        return _in_thread(partial(self._done, statement, parameters))


class InlineDialect(SQLiteDialect_pysqlite):
    """The driver of the standard library, asked as if it were an async one."""

    driver = DRIVER
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:  # Any: as SQLAlchemy has it
        place, options = super().create_connect_args(url)
        return place, {**options, "factory": Connection, "check_same_thread": False}


registry.register(f"sqlite.{DRIVER}", __name__, InlineDialect.__name__)


def _in_thread(work: Callable[[], T]) -> T:
    return await_only(_waited(work))


async def _waited(work: Callable[[], T]) -> T:
    """Whoever is cancelled waits until it is done: nobody else may have the connection sooner."""
    running = asyncio.get_running_loop().run_in_executor(_THREADS, work)
    cancelled: asyncio.CancelledError | None = None
    while not running.done():
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        running.exception()
        raise cancelled
    return running.result()
