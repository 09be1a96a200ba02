"""Processes that share one PostgreSQL: an advisory lock says whose turn it is, NOTIFY wakes others.

Each process has one connection of its own for both. The server gives the lock up when that
connection ends, however it ends: another process has it within seconds, and this one asks anew.
The lock saves work, it guards nothing: for a moment two may believe that it is their turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, Final

import structlog
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tidan_node.storage.locks import number_of
from tidan_node.storage.peers import Work

_CHANNEL: Final = "tidan"
_LOOK_EVERY: Final = 1.0
_PATIENCE: Final = 5.0
_PAUSE: Final = 1.0
_SESSION: Final = {
    "application_name": "tidan workers",
    # In milliseconds: a process that hangs, or whose machine is silent, is given up by the server.
    "idle_session_timeout": "10000",
}
_log = structlog.stdlib.get_logger(__name__)

Driver = Any
"""asyncpg's connection, which is an extra and has no types."""


class PostgresPeers:
    """`heard` is told each word of another process; and every word after a time without
    connection, in which something may have been missed."""

    def __init__(self, url: URL, *, words: Collection[str], heard: Callable[[str], None]) -> None:
        self._url = url
        self._words = words
        self._heard = heard
        self._to_tell: set[str] = set()
        self._stirred = asyncio.Event()
        self._is_connected = False

    @property
    def can_ask(self) -> bool:
        return self._is_connected

    def tell(self, word: str) -> None:
        self._to_tell.add(word)
        self._stirred.set()

    async def run(self, work: Work) -> None:
        while True:
            try:
                await self._take_turns(work)
            except Exception as error:  # the driver's have no name where it is not installed
                _log.warning("line to the database lost", error=type(error).__name__)
            await asyncio.sleep(_PAUSE)

    async def _take_turns(self, work: Work) -> None:
        # The stack is within: the work has ended before the lock is given up.
        async with self._connected() as connection, AsyncExitStack() as turn:
            for word in self._words:
                self._heard(word)
            is_ours = False
            while True:
                if is_ours:
                    await connection.fetchval("SELECT 1", timeout=_PATIENCE)
                elif await self._ask(connection):
                    is_ours = True
                    await turn.enter_async_context(work())
                await self._attend(connection)

    async def _ask(self, connection: Driver) -> bool:
        asked = "SELECT pg_try_advisory_lock($1)"
        return bool(await connection.fetchval(asked, number_of("workers"), timeout=_PATIENCE))

    async def _attend(self, connection: Driver) -> None:
        """Pass words on until it is time to look again; a connection that is lost ends it."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _LOOK_EVERY
        while loop.time() < until:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(until):
                    await self._stirred.wait()
            self._stirred.clear()
            if connection.is_closed():
                raise _ConnectionLost
            to_tell, self._to_tell = self._to_tell, set()
            for word in to_tell:
                # Not in the transaction that it is about: those with a NOTIFY commit one by one.
                asked = "SELECT pg_notify($1, $2)"
                await connection.execute(asked, _CHANNEL, word, timeout=_PATIENCE)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Driver]:
        engine = create_async_engine(
            self._url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"timeout": _PATIENCE, "server_settings": _SESSION},
        )
        async with engine.connect() as connection:
            driver: Driver = (await connection.get_raw_connection()).driver_connection
            driver.add_termination_listener(lambda _: self._stirred.set())
            await driver.add_listener(_CHANNEL, self._hear)
            self._is_connected = True
            try:
                yield driver
            finally:
                self._is_connected = False
                driver.terminate()  # a farewell could wait for a server that is gone

    def _hear(self, connection: Driver, sender: int, _channel: str, word: str) -> None:
        if sender != connection.get_server_pid():
            self._heard(word)


class _ConnectionLost(Exception):
    """The server, or the way to it, has ended the connection."""
