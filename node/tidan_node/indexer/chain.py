"""What the indexer needs of a chain; the gateway is one, and so is each test's fake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.gateway import Page


class Chain(Protocol):
    """A chain that is read in pages of blocks."""

    async def check_chain(self) -> None:
        """Refuse a chain that is another one."""
        ...

    async def head(self) -> BlockRef: ...

    async def block(self, number: int) -> BlockRef | None: ...

    async def page(self, first: int, last: int) -> Page:
        """Blocks and their events that belong together, or ChainMoved."""
        ...


class Heads(Protocol):
    """Whoever hears of new blocks as they come."""

    @property
    def is_live(self) -> bool:
        """Whether it would hear of one now."""
        ...

    async def watch(self, heard: Callable[[], None]) -> None:
        """Call at each new block, until cancelled."""
        ...
