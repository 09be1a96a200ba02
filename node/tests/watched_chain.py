"""A chain in SQL that goes on, and back, as the follower has it, with whoever waits for news."""

from __future__ import annotations

from dataclasses import dataclass

from tests.story import CHAIN, GENESIS_TIME, hex_of
from tidan_node.domain import events as told
from tidan_node.domain.events import ChainEvent, Event, Origin
from tidan_node.domain.identifiers import Address, BlockHash, PartyIndex, RecordId, TxHash
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.event_rows import add_events
from tidan_node.indexer.reorg import rewind
from tidan_node.ledger.blocks import BlockRef
from tidan_node.storage.database import Database
from tidan_node.subscriptions.partings import Partings
from tidan_node.web.news import News

INVOICE = RecordId(hex_of("invoice"))
OTHER_INVOICE = RecordId(hex_of("other invoice"))


def accepted(seq: int, invoice: RecordId = INVOICE) -> Event:
    """An event to tell from others by its seq."""
    return told.InvoiceAccepted(invoice, seq, PartyIndex(2))


@dataclass
class WatchedChain:
    """What the follower does with each block, and with a rewind."""

    database: Database
    news: News
    number: int = 100
    fork: str = "main"

    def block(self, number: int) -> BlockRef:
        return BlockRef(
            number=number,
            hash=BlockHash(hex_of(self.fork, "watched block", number)),
            parent_hash=BlockHash(hex_of(self.fork, "watched block", number - 1)),
            timestamp=GENESIS_TIME + 5 * number,
        )

    async def mine(self, *events: Event) -> list[ChainEvent]:
        """The next block holds these events, and is read."""
        self.number += 1
        block = self.block(self.number)
        happened = [
            ChainEvent(
                event,
                Origin(
                    chain_id=CHAIN,
                    contract=Address(hex_of("contract", size=20)),
                    block_number=block.number,
                    block_hash=block.hash,
                    block_time=block.timestamp,
                    tx_hash=TxHash(hex_of(self.fork, "transaction", block.number, log)),
                    log_index=log,
                ),
            )
            for log, event in enumerate(events)
        ]
        async with self.database.writing() as connection:
            await add_events(connection, happened)
            await Checkpoint(CHAIN).advance(connection, [block])
        self.news.tell()
        return happened

    async def go_back_to(self, number: int, fork: str) -> None:
        """The chain parts behind this block; what comes from now on is of the other branch."""
        async with self.database.writing() as connection:
            await rewind(
                connection,
                checkpoint=Checkpoint(CHAIN),
                ancestor=self.block(number),
                projections=[Partings(CHAIN)],
            )
        self.number, self.fork = number, fork
        self.news.tell()
