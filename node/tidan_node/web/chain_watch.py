"""How a chain that the node follows is, and how far it has been read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy.exc import SQLAlchemyError

from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.gateway import WrongChain
from tidan_node.ledger.rpc import ChainUnreachable
from tidan_node.problems import Problem
from tidan_node.records.followed_chain import FollowedChain
from tidan_node.storage.database import DatabaseUnusable
from tidan_node.storage.migrate import missing_from
from tidan_node.web.block_watch import BlockWatch
from tidan_node.web.health import PATIENCE, Check, NotReady, ask
from tidan_node.web.supervisor import Worker

READY_LAG: Final = 100
"""Blocks that the view may be behind the chain before the node says that it is not ready."""
_MINUTE: Final = 60.0

Hearing = Literal["websocket", "polling"]


class MigrationsPending(Problem):
    """The database is of another version: `tidan node migrate` brings it up to this one."""

    status, slug, title = 503, "migrations-pending", "The database is not of this version"


@dataclass(frozen=True, slots=True)
class ChainStanding:
    """What can be told of a chain just now; None for what cannot."""

    head: int | None
    cursor: BlockRef | None
    lag: int | None
    hears_by: Hearing | None
    problem: str | None


class ChainWatch:
    """One chain, the worker that reads it, and whether workers run in this process."""

    def __init__(self, chain: FollowedChain, is_working: Callable[[], bool]) -> None:
        self.chain = chain
        name = "follower" if chain.is_home else f"follower of {chain.name}"
        self.worker = Worker(name, chain.follower.run, is_told_apart=not chain.is_home)
        self._is_working = is_working
        self._blocks = BlockWatch(chain.gateway.head, chain.manifest.block_period)
        self._migrated_until = 0.0

    async def migrations(self) -> str:
        """Nobody migrates a database while its node runs: looking once a minute is enough."""
        if time.monotonic() >= self._migrated_until:
            missing = await missing_from(self.chain.database)
            if missing:
                raise MigrationsPending(f"run `tidan node migrate`; missing: {', '.join(missing)}")
            self._migrated_until = time.monotonic() + _MINUTE
        return "none pending"

    async def endpoint(self) -> str:
        """Whether the chain answers, is the right one, and goes on."""
        try:
            await self.chain.gateway.check_chain()
            await self._blocks.look()
        except ChainUnreachable as error:  # it names the endpoint, and readiness is public
            raise NotReady("the chain does not answer") from error
        except WrongChain as error:
            raise NotReady(f"it is another chain than the manifest's: {error.detail}") from error
        return f"chain {self.chain.chain_id}"

    async def view(self) -> str:
        """Whether the rows keep up with the chain."""
        lag = await self.lag()
        if lag is None:
            raise NotReady("the chain has not been read yet")
        if lag > READY_LAG:
            raise NotReady(f"lag {lag} blocks")
        return f"lag {lag}"

    async def whole(self) -> str:
        """All of it in one."""
        try:
            await self.migrations()
            await self.cursor()
        except DatabaseUnusable as error:
            raise NotReady("its database does not answer") from error
        await self.endpoint()
        if self._is_working() and self.worker.down:
            raise NotReady(f"not read, and tried again: {self.worker.why}")
        return f"chain {self.chain.chain_id}, {await self.view()}"

    async def lag(self) -> int | None:
        """As the follower knows it; where another process reads the chain, as its rows say."""
        if self._is_working():
            return self.chain.follower.lag
        cursor = await self.cursor()
        head = None if cursor is None else await self._head()
        return None if head is None else self._between(cursor, head)

    async def cursor(self) -> BlockRef | None:
        """The block that all rows are true at."""
        async with self.chain.database.reading() as connection:
            return await self.chain.checkpoint.cursor(connection)

    async def standing(self) -> ChainStanding:
        """Everything about it, in a time that is bounded whatever is down."""
        found = await ask(Check(self.chain.name, self.whole))
        head, lag, cursor = None, None, None
        with suppress(TimeoutError, Problem, SQLAlchemyError):  # the check has named it
            async with asyncio.timeout(PATIENCE):
                head = await self._head()
                cursor = await self.cursor()
                lag = None if head is None else self._between(cursor, head)
        return ChainStanding(
            head=head,
            cursor=cursor,
            lag=lag,
            hears_by=self._hears_by(),
            problem=None if found.ok else found.detail,
        )

    def _between(self, cursor: BlockRef | None, head: int) -> int:
        """The final blocks that are still to be read."""
        settings = self.chain.settings
        read = settings.first_block - 1 if cursor is None else cursor.number
        return max(0, head - settings.finality_depth - read)

    async def _head(self) -> int | None:
        if self._is_working():
            return self.chain.follower.head
        try:
            return (await self.chain.gateway.head()).number
        except ChainUnreachable:
            return None

    def _hears_by(self) -> Hearing | None:
        if not self._is_working():
            return None
        return "websocket" if self.chain.heads.is_live else "polling"
