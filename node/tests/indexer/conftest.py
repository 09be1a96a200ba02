"""A chain in memory, a database, and a small view of the one in the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.empty_database import database_in
from tests.fake_chain import FakeChain, anchor
from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.domain.events import ChainEvent, TrailAnchored
from tidan_node.domain.identifiers import TxHash
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.event_rows import events_of
from tidan_node.indexer.follower import Follower, FollowerSettings
from tidan_node.indexer.tables import blocks, chain_events
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.signer import LegacyTransaction, LocalSigner
from tidan_node.storage.database import Database

_heights = Table(
    "heights",
    MetaData(),
    Column("up_to", Integer, primary_key=True),
    Column("block", Integer, nullable=False),
)


class Heights:
    """A projection: what was anchored, and in which block."""

    async def apply(self, connection: AsyncConnection, events: Sequence[ChainEvent]) -> None:
        for each in events:
            assert isinstance(each.event, TrailAnchored)
            await connection.execute(
                insert(_heights).values(up_to=each.event.up_to, block=each.origin.block_number)
            )

    async def rewind(self, connection: AsyncConnection, removed: Sequence[ChainEvent]) -> None:
        await connection.execute(delete(_heights))
        await self.apply(connection, await events_of(connection, "1"))

    async def drop(self, connection: AsyncConnection) -> None:
        await connection.execute(delete(_heights))


@dataclass
class Sailor:
    """One reader of a chain, and what it has written down."""

    database: Database
    chain: FakeChain
    signer: LocalSigner
    sent: int = field(default=0)

    def follower(
        self,
        *,
        depth: int = 0,
        page: int = 200,
        checkpoints: Checkpoints | None = None,
        progressed: Callable[[], None] = lambda: None,
    ) -> Follower:
        return Follower(
            database=self.database,
            chain=self.chain,
            projections=[Heights()],
            settings=FollowerSettings(
                chain_id=self.chain.manifest.chain_id,
                first_block=self.chain.manifest.block,
                finality_depth=depth,
                page=page,
                poll_interval=0.01,
            ),
            checkpoints=checkpoints,
            progressed=progressed,
        )

    async def anchor(self, up_to: int) -> TxHash:
        """One transaction, in one block of its own."""
        signed = self.signer.sign(
            LegacyTransaction(
                chain_id=self.chain.manifest.chain_id,
                nonce=await self.chain.transaction_count(self.signer.address),
                gas_price=0,
                gas=100_000,
                to=self.chain.manifest.address_of("TrailAnchor"),
                data=encode_call(anchor(up_to)),
            )
        )
        await self.chain.send([signed.raw])
        return signed.tx_hash

    async def heights(self) -> list[tuple[int, int]]:
        async with self.database.reading() as connection:
            rows = await connection.execute(select(_heights).order_by(_heights.c.up_to))
            return [(row.up_to, row.block) for row in rows]

    async def cursor(self) -> BlockRef | None:
        async with self.database.reading() as connection:
            return await Checkpoint(self.chain.manifest.chain_id).cursor(connection)

    async def rows(self) -> list[tuple[object, ...]]:
        """Every row that reading the chain has written, but for the numbers that SQL gave."""
        async with self.database.reading() as connection:
            read = await connection.execute(select(blocks).order_by(blocks.c.number))
            told = await connection.execute(select(chain_events).order_by(chain_events.c.id))
            shown = [tuple(row) for row in read] + [tuple(row)[1:] for row in told]
        return shown + list(await self.heights())


@pytest.fixture
async def sailor(tmp_path: Path) -> AsyncIterator[Sailor]:
    database = database_in(tmp_path / "node.sqlite")
    async with database.writing() as connection:
        await connection.run_sync(_heights.metadata.create_all)
    yield Sailor(database, FakeChain(), LocalSigner(b"\x11" * 32))
    await database.close()
