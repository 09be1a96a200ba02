"""Reads the chain: find the next blocks, take them in, stand at the last of them. For ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from tidan_node.domain.checkpoints import Checkpoints, NoCheckpoints
from tidan_node.indexer.chain import Chain
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.event_rows import add_events, forget_events
from tidan_node.indexer.projections import Projection
from tidan_node.indexer.reorg import common_ancestor, rewind
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.gateway import ChainMoved, Page
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import ChainUnreachable, RpcError
from tidan_node.settings import Settings
from tidan_node.storage.database import Database

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FollowerSettings:
    """How a chain is read: from which block, up to how far below its head, how much at once."""

    chain_id: int
    first_block: int = 0
    finality_depth: int = 0
    page: int = 200
    poll_interval: float = 1.0

    @classmethod
    def of(cls, settings: Settings, manifest: Manifest) -> FollowerSettings:
        """What the node's settings say, and where they are silent the manifest."""
        depth = settings.finality_depth
        return cls(
            chain_id=manifest.chain_id,
            first_block=manifest.block,
            finality_depth=manifest.finality_depth if depth is None else depth,
            poll_interval=settings.poll_interval,
        )


class Follower:
    """The one reader of a chain. Everything of a page is one commit, so that it can stop anywhere.

    `progressed` is called after each commit; `wake` makes it look at once.
    """

    def __init__(
        self,
        *,
        database: Database,
        chain: Chain,
        projections: Sequence[Projection],
        settings: FollowerSettings,
        checkpoints: Checkpoints | None = None,
        progressed: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._chain = chain
        self._projections = projections
        self._settings = settings
        self._checkpoint = Checkpoint(settings.chain_id)
        self._moments = checkpoints or NoCheckpoints()
        self._progressed = progressed
        self._awake = asyncio.Event()
        self._page = settings.page
        self._head: int | None = None
        self._cursor: int | None = None
        self._complete_at: BlockRef | None = None

    @property
    def lag(self) -> int | None:
        """How many final blocks are still to be read; None until the chain has answered."""
        if self._head is None:
            return None
        read = self._settings.first_block - 1 if self._cursor is None else self._cursor
        return max(0, self._head - self._settings.finality_depth - read)

    @property
    def complete_at(self) -> BlockRef | None:
        """The block at which the last look at the chain found nothing more to be read; None: it
        found more, or did not find the chain. While rows stand at another one, they tell less."""
        return self._complete_at

    def wake(self) -> None:
        """There may be a new block."""
        self._awake.set()

    async def run(self) -> None:
        """Follow the chain until cancelled. A chain that is another one ends it: WrongChain."""
        checked, self._complete_at = False, None
        while True:
            try:
                if not checked:
                    await self._chain.check_chain()
                    checked = True
                while await self.step():
                    pass
            except (ChainUnreachable, RpcError, ChainMoved) as problem:
                self._complete_at = None
                _log.warning("chain not read", problem=problem.slug, detail=problem.detail)
                # What answers next may be another chain.
                checked = checked and not isinstance(problem, ChainUnreachable)
            await self._rest()

    async def catch_up(self) -> None:
        """Read until nothing final is left to be read."""
        await self._chain.check_chain()
        while await self.step():
            pass

    async def step(self) -> bool:
        """Take in the next page, or go back to where the chain parted. False: nothing to do."""
        async with self._database.reading() as connection:
            cursor = await self._checkpoint.cursor(connection)
        head = await self._chain.head()
        self._head, self._cursor = head.number, None if cursor is None else cursor.number
        final = head.number - self._settings.finality_depth
        first = self._settings.first_block if cursor is None else cursor.number + 1
        if first > final:
            parted = cursor is not None and await self._go_back_if_parted(cursor, head)
            self._complete_at = None if parted else cursor
            return parted
        page = await self._read(first, final)
        if cursor is not None and page.blocks[0].parent_hash != cursor.hash:
            return await self._go_back(cursor)
        await self._take_in(cursor, page)
        return True

    async def reindex(self, progress: Callable[[int, int], None] = lambda read, of: None) -> None:
        """Forget everything that was read, and read it again: the rows come out the same."""
        await self.catch_up()
        async with self._database.writing() as connection:
            for projection in self._projections:
                await projection.drop(connection)
            await forget_events(connection, self._settings.chain_id)
            await self._checkpoint.go_back(connection, None)
        first = self._settings.first_block
        while await self.step():
            head, lag = self._head or first, self.lag or 0
            of = max(0, head - self._settings.finality_depth - first + 1)
            progress(of - lag, of)

    async def _read(self, first: int, final: int) -> Page:
        """The next page; smaller ones where the chain's node finds it too much."""
        while True:
            last = min(final, first + self._page - 1)
            try:
                page = await self._chain.page(first, last)
            except RpcError:
                if last == first:
                    raise
                self._page = max(1, (last - first + 1) // 2)
                continue
            self._page = min(self._settings.page, self._page * 2)
            return page

    async def _take_in(self, cursor: BlockRef | None, page: Page) -> None:
        async with self._database.writing() as connection:
            if await self._checkpoint.cursor(connection, lock=True) != cursor:
                return  # somebody else has read on; this page is theirs
            events = await add_events(connection, page.events)
            await self._checkpoint.advance(connection, page.blocks)
            if events:
                for projection in self._projections:
                    await projection.apply(connection, events)
            self._moments.reached("index.before-commit")
        self._moments.reached("index.after-commit")
        self._cursor = page.blocks[-1].number
        self._progressed()

    async def _go_back_if_parted(self, cursor: BlockRef, head: BlockRef) -> bool:
        """Nothing new: is what was read still what the chain holds?"""
        there = head if head.number == cursor.number else await self._chain.block(cursor.number)
        if there == cursor:
            return False
        return await self._go_back(cursor)

    async def _go_back(self, cursor: BlockRef) -> bool:
        await self._chain.check_chain()
        ancestor = await common_ancestor(self._database, self._chain, self._checkpoint)
        if ancestor == cursor:
            return False  # it came back meanwhile
        async with self._database.writing() as connection:
            if await self._checkpoint.cursor(connection, lock=True) != cursor:
                return True
            await rewind(
                connection,
                checkpoint=self._checkpoint,
                ancestor=ancestor,
                projections=self._projections,
            )
            self._moments.reached("index.before-commit")
        self._moments.reached("index.after-commit")
        back_to = None if ancestor is None else ancestor.number
        _log.warning("chain reorganised", was_at=cursor.number, back_to=back_to)
        self._cursor = back_to
        self._progressed()
        return True

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.poll_interval):
                await self._awake.wait()
        self._awake.clear()
