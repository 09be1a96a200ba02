"""Reads the chain: find the next blocks, take them in, stand at the last of them. For ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import structlog

from tidan_node.domain.checkpoints import Checkpoints, NoCheckpoints
from tidan_node.indexer.ahead import PagesAhead
from tidan_node.indexer.chain import Chain, Heads
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.collecting import collect_seldom
from tidan_node.indexer.event_rows import add_events
from tidan_node.indexer.projections import Projection
from tidan_node.indexer.reorg import common_ancestor, rewind
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.gateway import ChainMoved, Page
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import ChainUnreachable, RpcError
from tidan_node.problems import Problem
from tidan_node.settings import Settings
from tidan_node.storage.database import Database

Progress = Callable[[int, int], None]
"""Told how many of how many blocks are read."""

_log = structlog.stdlib.get_logger(__name__)
AHEAD: Final = 2
"""Pages that are fetched while one is taken in."""
_LIVE_INTERVAL: Final = 15.0
"""Seconds between two looks at a chain that would say that there is something to see."""
REWIND_LIMIT: Final = 10_000
"""A chain that parts from what was read further back than so many blocks is not followed."""


class ReorganisationTooDeep(Problem):
    """Either the chain has lost what had long been final, or its node tells of another branch."""

    status, slug, title = 503, "reorganisation-too-deep", "The chain parted too far back"


@dataclass(frozen=True, slots=True)
class FollowerSettings:
    """How a chain is read: from which block, up to how far below its head, how much at once."""

    chain_id: int
    first_block: int = 0
    finality_depth: int = 0
    page: int = 1_000
    """The most blocks that are read at once."""
    poll_interval: float = 1.0
    rewind_limit: int | None = REWIND_LIMIT

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
        heads: Heads | None = None,
    ) -> None:
        self._database = database
        self._chain = chain
        self._projections = projections
        self._settings = settings
        self._checkpoint = Checkpoint(settings.chain_id)
        self._moments = checkpoints or NoCheckpoints()
        self._progressed = progressed
        self._heads = heads
        self._awake = asyncio.Event()
        self._head: int | None = None
        self._cursor: int | None = None
        self._complete_at: BlockRef | None = None

    @property
    def head(self) -> int | None:
        """The chain's newest block, as last seen; None until the chain has answered."""
        return self._head

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
        async with self._watching(), self._ahead() as ahead:
            while True:
                try:
                    if not checked:
                        await self._chain.check_chain()
                        checked = True
                    while await self._step(ahead):
                        pass
                except (ChainUnreachable, RpcError, ChainMoved) as problem:
                    self._complete_at = None
                    _log.warning("chain not read", problem=problem.slug, detail=problem.detail)
                    # What answers next may be another chain.
                    checked = checked and not isinstance(problem, ChainUnreachable)
                    await self._rest(self._settings.poll_interval)
                else:
                    live = self._heads is not None and self._heads.is_live
                    await self._rest(_LIVE_INTERVAL if live else self._settings.poll_interval)

    async def catch_up(self, progress: Progress = lambda read, of: None) -> None:
        """Read until nothing final is left to be read."""
        await self._chain.check_chain()
        async with self._ahead() as ahead:
            while await self._step(ahead):
                head, first = self._head or 0, self._settings.first_block
                of = max(0, head - self._settings.finality_depth - first + 1)
                progress(of - (self.lag or 0), of)

    async def step(self) -> bool:
        """Take in the next page, or go back to where the chain parted. False: nothing to do."""
        async with self._ahead(depth=0) as alone:
            return await self._step(alone)

    async def _step(self, ahead: PagesAhead) -> bool:
        async with self._database.reading() as connection:
            cursor = await self._checkpoint.cursor(connection)
        first = self._settings.first_block if cursor is None else cursor.number + 1
        fetched = ahead.holds(first)
        head = None if fetched else await self._chain.head()
        if head is not None:
            self._head = head.number
        self._cursor = None if cursor is None else cursor.number
        final = (self._head or 0) - self._settings.finality_depth
        if head is not None and first > final:
            parted = cursor is not None and await self._go_back_if_parted(cursor, head)
            self._complete_at = None if parted else cursor
            return parted
        page = await ahead.page(first, final)
        if cursor is not None and page.blocks[0].parent_hash != cursor.hash:
            await ahead.forget()
            # a page that was fetched some time ago says nothing of the chain as it is now
            return fetched or await self._go_back(cursor)
        await self._take_in(cursor, page)
        return True

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
        await self._require_near(cursor, ancestor)
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

    async def _require_near(self, cursor: BlockRef, ancestor: BlockRef | None) -> None:
        """A chain that is only shorter is healed however short it is: it was brought back from a
        copy, and what it lost is reopened. One that holds other blocks has a limit."""
        limit = self._settings.rewind_limit
        kept = self._settings.first_block - 1 if ancestor is None else ancestor.number
        lost = cursor.number - kept
        if limit is None or lost <= limit or (await self._chain.head()).number <= kept:
            return
        raise ReorganisationTooDeep(
            f"the chain has other blocks than the {lost} that were read after block {kept}, and the"
            f" node takes back {limit} at most. If this chain is the right one, `tidan node reindex"
            f" --chain {self._settings.chain_id}` takes it as it is; if not, mend the chain's node"
            " or chain_url",
            ancestor=kept,
            lost=lost,
        )

    def _ahead(self, depth: int = AHEAD) -> PagesAhead:
        collect_seldom()
        return PagesAhead(self._chain, most=self._settings.page, depth=depth)

    @asynccontextmanager
    async def _watching(self) -> AsyncIterator[None]:
        """New blocks wake the follower, as far as somebody tells of them."""
        if self._heads is None:
            yield
            return
        watching = asyncio.create_task(self._heads.watch(self.wake))
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        self._awake.clear()
