"""How far the node has read a chain, and which blocks it has seen on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import BlockHash
from tidan_node.indexer.tables import blocks, checkpoints
from tidan_node.ledger.blocks import BlockRef
from tidan_node.problems import Problem
from tidan_node.storage.bulk import insert_rows
from tidan_node.storage.locks import hold

_COLUMNS: Final = ("chain_id", "number", "hash", "parent_hash", "timestamp")
_NAME: Final = "chain"
AT_CURSOR: Final = (blocks.c.chain_id == checkpoints.c.chain_id) & (
    blocks.c.number == checkpoints.c.number
)
"""Of a checkpoint its block, joined as an outer one: of an inner join SQLite would take the blocks
first, all of them, and look for the checkpoint of each."""


class DatabaseOfAnotherChain(Problem):
    """Records carry no chain's name: those of two chains in one database would be mixed."""

    status, slug, title = 503, "database-of-another-chain", "The database holds another chain"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The place of one chain's reading. It moves only together with what was read.

    With `lock` it stays where it is until the transaction ends."""

    chain_id: int

    async def cursor(self, connection: AsyncConnection, *, lock: bool = False) -> BlockRef | None:
        """The last block that was read: all rows are true at it. None: nothing was read yet."""
        wanted = select(
            *(blocks.c.chain_id, blocks.c.number, blocks.c.hash),
            *(blocks.c.parent_hash, blocks.c.timestamp),
        ).select_from(checkpoints.outerjoin(blocks, AT_CURSOR))
        if lock:  # before the look, and by its name: at first there is no row
            await hold(connection, _NAME)
        rows = [row for row in await connection.execute(wanted) if row.chain_id is not None]
        for row in rows:
            if row.chain_id != self.chain_id:
                raise DatabaseOfAnotherChain(
                    f"chain {row.chain_id} was read into this database, and not {self.chain_id}:"
                    " each chain needs one of its own",
                    field="database_url",
                )
        return BlockRef(*rows[0][1:]) if rows else None

    async def hash_at(
        self, connection: AsyncConnection, number: int, *, lock: bool = False
    ) -> BlockHash | None:
        """The hash of a block that was read; None above the cursor or below the first page."""
        if lock:
            await hold(connection, _NAME)
        found = await connection.scalar(
            select(blocks.c.hash).where(
                blocks.c.chain_id == self.chain_id, blocks.c.number == number
            )
        )
        return None if found is None else BlockHash(found)

    async def advance(self, connection: AsyncConnection, read: Sequence[BlockRef]) -> None:
        """Keep these blocks, and stand at the last of them."""
        await self._forget_from(connection, read[0].number)
        chain = self.chain_id
        rows = [(chain, each.number, each.hash, each.parent_hash, each.timestamp) for each in read]
        await insert_rows(connection, blocks, _COLUMNS, rows)
        await self._stand_at(connection, read[-1])

    async def go_back(self, connection: AsyncConnection, ancestor: BlockRef | None) -> None:
        """Forget every block above the ancestor, or all of them, and stand at it."""
        await self._forget_from(connection, 0 if ancestor is None else ancestor.number + 1)
        await self._stand_at(connection, ancestor)

    async def _forget_from(self, connection: AsyncConnection, number: int) -> None:
        await connection.execute(
            delete(blocks).where(blocks.c.chain_id == self.chain_id, blocks.c.number >= number)
        )

    async def _stand_at(self, connection: AsyncConnection, block: BlockRef | None) -> None:
        await connection.execute(delete(checkpoints).where(checkpoints.c.chain_id == self.chain_id))
        if block is not None:
            await connection.execute(
                insert(checkpoints).values(
                    chain_id=self.chain_id, number=block.number, hash=block.hash
                )
            )
