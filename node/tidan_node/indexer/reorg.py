"""A chain that went another way: find where it parted, and take back what came after."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.indexer.chain import Chain
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.event_rows import remove_events_after
from tidan_node.indexer.projections import Projection
from tidan_node.indexer.tables import blocks
from tidan_node.ledger.blocks import BlockRef
from tidan_node.storage.database import Database


async def common_ancestor(
    database: Database, chain: Chain, checkpoint: Checkpoint
) -> BlockRef | None:
    """The newest block that was read and that the chain still has; None: it has none of them.

    A block stands for all before it, so that halving the range finds it in a few questions.
    """
    async with database.reading() as connection:
        lowest, highest = await _range_read(connection, checkpoint.chain_id)
    ancestor: BlockRef | None = None
    while lowest <= highest:
        middle = (lowest + highest) // 2
        there = await chain.block(middle)
        async with database.reading() as connection:
            read = await checkpoint.hash_at(connection, middle)
        if there is not None and there.hash == read:
            ancestor, lowest = there, middle + 1
        else:
            highest = middle - 1
    return ancestor


async def rewind(
    connection: AsyncConnection,
    *,
    checkpoint: Checkpoint,
    ancestor: BlockRef | None,
    projections: Sequence[Projection],
) -> None:
    """Take back every block above the ancestor, with all that followed from it."""
    number = -1 if ancestor is None else ancestor.number
    removed = await remove_events_after(connection, checkpoint.chain_id, number)
    await checkpoint.go_back(connection, ancestor)
    for projection in projections:
        await projection.rewind(connection, removed)


async def _range_read(connection: AsyncConnection, chain_id: int) -> tuple[int, int]:
    """The first and the last number that was read; an empty range where none was."""
    found = await connection.execute(
        select(func.min(blocks.c.number), func.max(blocks.c.number)).where(
            blocks.c.chain_id == chain_id
        )
    )
    lowest, highest = found.one()
    return (0, -1) if lowest is None else (lowest, highest)
