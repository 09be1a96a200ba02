"""The shared view of a chain in SQL, fed with events as the indexer feeds it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.databases import databases
from tests.story import CHAIN, GENESIS_TIME, hex_of
from tidan_node.domain.events import ChainEvent
from tidan_node.indexer.event_rows import add_events, remove_events_after
from tidan_node.indexer.tables import blocks, checkpoints
from tidan_node.records.projections import PROJECTED, record_projections
from tidan_node.storage.database import Database

Rows = dict[str, list[tuple[object, ...]]]


async def fresh_view(path: Path) -> Database:
    return databases.opened(path)


async def feed(database: Database, events: Sequence[ChainEvent], *, pages: int = 1) -> None:
    """Take the events in, in so many pages of whole blocks."""
    by_block = [list(group) for _, group in groupby(events, lambda e: e.origin.block_number)]
    size = max(1, -(-len(by_block) // pages))
    for start in range(0, len(by_block), size):
        page = [each for block in by_block[start : start + size] for each in block]
        async with database.writing() as connection:
            new = await add_events(connection, page)
            for projection in record_projections():
                await projection.apply(connection, new)


async def apply_again(database: Database, events: Sequence[ChainEvent]) -> None:
    """What must change nothing: the same events once more, past the indexer's own guard."""
    async with database.writing() as connection:
        for projection in record_projections():
            await projection.apply(connection, events)


async def rewind_to(database: Database, block: int) -> None:
    async with database.writing() as connection:
        removed = await remove_events_after(connection, CHAIN, block)
        for projection in record_projections():
            await projection.rewind(connection, removed)


async def drop(database: Database) -> None:
    async with database.writing() as connection:
        for table in PROJECTED:
            await connection.execute(delete(table))


async def rows_of(database: Database) -> Rows:
    """All projected rows, each table in the order of its primary key."""
    async with database.reading() as connection:
        return {
            table.name: [
                tuple(row)
                for row in await connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in PROJECTED
        }


async def stand_at(connection: AsyncConnection, number: int) -> None:
    """The cursor of an indexer that has read up to this block."""
    await connection.execute(
        insert(blocks).values(
            chain_id=CHAIN,
            number=number,
            hash=hex_of("main", "block", number),
            parent_hash=hex_of("main", "block", number - 1),
            timestamp=GENESIS_TIME + 5 * number,
        )
    )
    await connection.execute(
        insert(checkpoints).values(
            chain_id=CHAIN, number=number, hash=hex_of("main", "block", number)
        )
    )
