"""Which blocks the chain has left, and where: so that readers who saw them go back to there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.events import ChainEvent
from tidan_node.indexer.tables import blocks
from tidan_node.subscriptions.tables import parted_blocks


@dataclass(frozen=True, slots=True)
class Partings:
    """A projection that keeps of each rewind what the rewound chain no longer tells."""

    chain_id: int

    async def apply(self, connection: AsyncConnection, events: Sequence[ChainEvent]) -> None:
        """What comes to the chain needs no note: the event rows tell of it."""

    async def rewind(self, connection: AsyncConnection, removed: Sequence[ChainEvent]) -> None:
        """The cursor stands at the common ancestor already."""
        found = await connection.scalar(
            select(func.max(blocks.c.number)).where(blocks.c.chain_id == self.chain_id)
        )
        ancestor = -1 if found is None else found
        # Who was on a branch that was left before shares no more with the chain than this.
        await connection.execute(
            update(parted_blocks)
            .where(parted_blocks.c.chain_id == self.chain_id, parted_blocks.c.parted_at > ancestor)
            .values(parted_at=ancestor)
        )
        for block in dict.fromkeys(each.origin.block_hash for each in removed):
            await connection.execute(
                delete(parted_blocks).where(
                    parted_blocks.c.chain_id == self.chain_id, parted_blocks.c.hash == block
                )
            )
            await connection.execute(
                insert(parted_blocks).values(chain_id=self.chain_id, hash=block, parted_at=ancestor)
            )
