"""The view of a chain read anew, beside the one that is being asked, and put in its place at once.

Until then readers have the rows of before; whatever ends it earlier leaves those as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.indexer.chain import Chain
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.differences import take_over
from tidan_node.indexer.event_rows import events_after
from tidan_node.indexer.follower import Follower, FollowerSettings
from tidan_node.indexer.projections import Projection
from tidan_node.indexer.tables import blocks, chain_events, checkpoints
from tidan_node.ledger.blocks import BlockRef
from tidan_node.storage.database import Database
from tidan_node.storage.metadata import metadata

OWN_TABLES: Final = (blocks, chain_events, checkpoints)


@dataclass(frozen=True, slots=True)
class Rebuild:
    """One chain of one node. `rows` are the projections whose `tables` are rebuilt; `others` only
    hear of what the node has not read before."""

    database: Database
    chain: Chain
    settings: FollowerSettings
    rows: Sequence[Projection]
    others: Sequence[Projection]
    tables: Sequence[Table]
    moments: Checkpoints

    async def run(
        self, scratch: Database, progress: Callable[[int, int], None] = lambda read, of: None
    ) -> None:
        """Read everything into the scratch database, which is empty, and take it over from there.

        The chain is taken as it is now, however far back it parted from what was read."""
        tables = [*OWN_TABLES, *self.tables]
        async with scratch.writing() as connection:
            await connection.run_sync(metadata.create_all, tables=tables)
        present = self._follower(self.database, [*self.rows, *self.others])
        anew = self._follower(scratch, self.rows)
        await present.catch_up()
        await anew.catch_up(progress)
        while not await self._taken_over(scratch):
            # the node has read on meanwhile, or gone back
            await present.catch_up()
            await anew.catch_up()

    async def _taken_over(self, scratch: Database) -> bool:
        checkpoint = Checkpoint(self.settings.chain_id)
        async with self.database.writing() as connection, scratch.reading() as anew:
            cursor = await checkpoint.cursor(connection, lock=True)
            if cursor is not None and await checkpoint.hash_at(anew, cursor.number) != cursor.hash:
                return False
            for table in (*OWN_TABLES, *self.tables):
                await take_over(connection, anew, table, chain_id=self.settings.chain_id)
            await self._tell_others(connection, cursor)
            self.moments.reached("reindex.before-commit")
        return True

    async def _tell_others(self, connection: AsyncConnection, cursor: BlockRef | None) -> None:
        number = -1 if cursor is None else cursor.number
        news = await events_after(connection, self.settings.chain_id, number)
        if news:
            for projection in self.others:
                await projection.apply(connection, news)

    def _follower(self, database: Database, projections: Sequence[Projection]) -> Follower:
        return Follower(
            database=database,
            chain=self.chain,
            projections=projections,
            settings=replace(self.settings, rewind_limit=None),
        )
