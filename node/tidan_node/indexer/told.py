"""The transactions that told the events of a chain, as far as it has been read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import TxHash
from tidan_node.indexer.tables import chain_events


@dataclass(frozen=True, slots=True)
class ToldTransactions:
    """Of one chain."""

    chain_id: int

    async def since(self, connection: AsyncConnection, block: int) -> list[tuple[TxHash, int, int]]:
        """Each transaction with an event in this block or a later one, in the chain's order, with
        the block and the place of its first event."""
        first = func.min(chain_events.c.log_index)
        found = await connection.execute(
            select(chain_events.c.tx_hash, chain_events.c.block_number, first)
            .where(chain_events.c.chain_id == self.chain_id, chain_events.c.block_number >= block)
            .group_by(chain_events.c.tx_hash, chain_events.c.block_number)
            .order_by(chain_events.c.block_number, first)
        )
        return [(TxHash(tx_hash), number, log) for tx_hash, number, log in found]
