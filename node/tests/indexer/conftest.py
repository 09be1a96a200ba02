"""A chain in memory, a database, and a small view of the one in the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.databases import databases
from tests.fake_chain import FakeChain, anchor
from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.domain.events import ChainEvent, TrailAnchored
from tidan_node.domain.identifiers import TxHash
from tidan_node.indexer.chain import Heads
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.follower import Follower, FollowerSettings
from tidan_node.indexer.tables import blocks, chain_events
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.signer import LegacyTransaction, LocalSigner
from tidan_node.storage.database import Database

HEIGHTS = Table(
    "heights",
    MetaData(),
    Column("up_to", Integer, primary_key=True),
    Column("block", Integer, nullable=False),
)


class Stopped(Exception):
    """The process ended here."""


class StopAt:
    """Ends everything when a moment is reached for the n-th time."""

    def __init__(self, moment: str, nth: int = 1) -> None:
        self._moment = moment
        self._left = nth

    def reached(self, moment: str) -> None:
        if moment == self._moment:
            self._left -= 1
            if self._left == 0:
                raise Stopped


class Heights:
    """A projection: what was anchored, and in which block."""

    async def apply(self, connection: AsyncConnection, events: Sequence[ChainEvent]) -> None:
        for each in events:
            assert isinstance(each.event, TrailAnchored)
            await connection.execute(
                insert(HEIGHTS).values(up_to=each.event.up_to, block=each.origin.block_number)
            )

    async def rewind(self, connection: AsyncConnection, removed: Sequence[ChainEvent]) -> None:
        lost = [each.event.up_to for each in removed if isinstance(each.event, TrailAnchored)]
        await connection.execute(delete(HEIGHTS).where(HEIGHTS.c.up_to.in_(lost)))


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
        rewind_limit: int | None = None,
        heads: Heads | None = None,
        poll_interval: float = 0.01,
    ) -> Follower:
        settings = self.settings(depth=depth, page=page)
        return Follower(
            database=self.database,
            chain=self.chain,
            projections=[Heights()],
            settings=replace(settings, rewind_limit=rewind_limit, poll_interval=poll_interval),
            checkpoints=checkpoints,
            progressed=progressed,
            heads=heads,
        )

    def settings(self, *, depth: int = 0, page: int = 200) -> FollowerSettings:
        return FollowerSettings(
            chain_id=self.chain.manifest.chain_id,
            first_block=self.chain.manifest.block,
            finality_depth=depth,
            page=page,
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
            rows = await connection.execute(select(HEIGHTS).order_by(HEIGHTS.c.up_to))
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
async def sailor(sql: str, tmp_path: Path) -> AsyncIterator[Sailor]:
    database = databases.opened(tmp_path / "node.db")
    async with database.writing() as connection:
        await connection.run_sync(HEIGHTS.metadata.create_all)
    yield Sailor(database, FakeChain(), LocalSigner(b"\x11" * 32))
    await database.close()
