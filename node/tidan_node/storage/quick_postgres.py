"""Quick reads of a PostgreSQL server: statements prepared once, on a few connections of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import URL, String, literal_column
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from tidan_node.storage.quick import NotQuick, Prepared, Values, Version

_CONNECTIONS: Final = 4
_PATIENCE: Final = 5.0
_SNAPSHOT: Final = literal_column("pg_current_snapshot()::text", String)
_VERSION: Final = "SELECT pg_current_snapshot()::text"
_SETTINGS: Final = {"application_name": "tidan quick reads"}

Statements = dict[str, Any]
"""asyncpg's prepared statements; it is an extra and has no types."""


class QuickPostgres:
    """A snapshot names the transactions that had ended when it was taken: of two that are equal
    each sees what the other does, whichever process has written. Who only reads changes none."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"timeout": _PATIENCE, "server_settings": _SETTINGS},
            hide_parameters=True,
        )
        self._room = asyncio.Semaphore(_CONNECTIONS)
        self._free: list[tuple[AsyncConnection, Statements]] = []
        self._closed = False
        self._opened_so_far = 0
        """Part of each version: behind a new connection there may be a server that was restored."""
        self._turn = asyncio.Lock()
        self._next_look: asyncio.Task[Version] | None = None

    async def version(self) -> Version:
        # one look for all who came while the last one was under way: it begins after they asked
        if self._next_look is None:
            self._next_look = asyncio.create_task(self._look())
        return await asyncio.shield(self._next_look)

    async def row(
        self, wanted: Prepared, values: Mapping[str, str]
    ) -> tuple[Version, Values] | None:
        form = wanted.on(self._engine.dialect, _SNAPSHOT)
        raw = await self._first(form.text, *form.parameters(values))
        if raw is None:
            return None
        *found, snapshot = form.read(raw)
        return (self._opened_so_far, snapshot), tuple(found)

    async def close(self) -> None:
        self._closed = True
        while self._free:
            connection, _ = self._free.pop()
            await connection.close()

    async def _look(self) -> Version:
        async with self._turn:
            self._next_look = None
            (snapshot,) = await self._first(_VERSION)
            return self._opened_so_far, snapshot

    async def _first(self, text: str, *parameters: str) -> Any:  # Any: asyncpg's row
        async with self._room:
            try:
                connection, statements = self._free.pop() if self._free else await self._opened()
            except Exception as error:  # drivers and sockets have many words for it
                raise NotQuick from error
            try:
                statement = statements.get(text)
                if statement is None:
                    driver = (await connection.get_raw_connection()).driver_connection
                    assert driver is not None  # noqa: S101 - it has just been opened
                    statement = statements[text] = await driver.prepare(text)
                found = await statement.fetchrow(*parameters, timeout=_PATIENCE)
            except BaseException as error:
                await connection.invalidate()
                await connection.close()
                if isinstance(error, Exception):
                    raise NotQuick from error
                raise
            if self._closed:
                await connection.close()
            else:
                self._free.append((connection, statements))
            return found

    async def _opened(self) -> tuple[AsyncConnection, Statements]:
        self._opened_so_far += 1
        return await self._engine.connect(), {}
