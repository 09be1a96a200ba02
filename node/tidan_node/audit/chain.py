"""The chain as an audit reads it: what was told of some records, and what the contracts keep."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import Address, TxHash
from tidan_node.ledger.abi import Value
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call
from tidan_node.ledger.record_chain import Told


class AuditedChain(Protocol):
    """All that an audit needs. It trusts the chain's node to be on the right chain, and checks
    that no event was left out by the heads that the contracts keep."""

    @property
    def first_block(self) -> int:
        """The block of the consortium's first contract: what a node reads begins there."""
        ...

    async def head(self) -> BlockRef: ...

    async def blocks(self, numbers: Sequence[int]) -> list[BlockRef | None]:
        """The blocks of these numbers; None for one that the chain has not got."""
        ...

    async def events_about(self, subjects: Sequence[str], up_to: BlockRef) -> Sequence[ChainEvent]:
        """Every event about these records, parties or gateways (ids, indices as text, addresses),
        oldest first."""
        ...

    async def events_by(self, contract: str, up_to: BlockRef) -> Sequence[ChainEvent]:
        """Every event of one contract, oldest first: of one that has few."""
        ...

    def everything(self, up_to: BlockRef) -> AsyncIterator[Told]:
        """Every event of every contract, page by page, oldest first."""
        ...

    async def views(self, calls: Sequence[Call], block: int) -> list[tuple[Value, ...]]:
        """What the contracts' views answer as of a block, in the order of the calls."""
        ...

    async def title_callers(self, transactions: Sequence[TxHash]) -> Mapping[TxHash, Address]:
        """Through which account each of these acted on titles, as far as that can be told."""
        ...
