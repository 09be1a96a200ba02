"""One transaction's view of the chain: the block that it stands at, and pages of its records."""

from __future__ import annotations

from typing import Final, TypeVar

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.indexer.checkpoint import AT_CURSOR
from tidan_node.indexer.tables import blocks, checkpoints
from tidan_node.ledger.blocks import BlockRef
from tidan_node.records.problems import NothingIndexed
from tidan_node.records.recorded import Recorded
from tidan_node.records.row_store import After, RowStore

State = TypeVar("State")

BLOCK_COLUMNS: Final = (blocks.c.number, blocks.c.hash, blocks.c.parent_hash, blocks.c.timestamp)
"""Of the block that every answer is true at."""

_AS_OF: Final = select(*BLOCK_COLUMNS).select_from(checkpoints.outerjoin(blocks, AT_CURSOR))


class ChainView:
    """What all questions to the records stand on."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def as_of(self) -> BlockRef:
        """The block that every answer of this transaction is true at."""
        row = (await self._connection.execute(_AS_OF)).first()
        if row is None or row.hash is None:
            raise NothingIndexed("the node has not read a block of its chain yet")
        return BlockRef(*row)

    async def chain_time(self) -> int:
        """The time of the block of `as_of`, in seconds: deadlines are held against it."""
        return (await self.as_of()).timestamp

    async def page(
        self,
        store: RowStore[State],
        wanted: list[ColumnElement[bool]],
        *,
        limit: int,
        after: After | None,
    ) -> list[Recorded[State]]:
        """Records of one table, the newest first, from just after the one named."""
        place = tuple_(store.table.c.first_block, store.table.c.id)
        if after is not None:
            wanted = [*wanted, place < after]
        rows = await self._connection.execute(
            select(store.table)
            .where(*wanted)
            .order_by(store.table.c.first_block.desc(), store.table.c.id.desc())
            .limit(limit)
        )
        return [store.recorded(row) for row in rows]
