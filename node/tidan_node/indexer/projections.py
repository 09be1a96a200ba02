"""What turns events into rows that the node can be asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.events import ChainEvent


class Projection(Protocol):
    """A view of the chain in SQL. It writes in the caller's transaction and never commits."""

    async def apply(self, connection: AsyncConnection, events: Sequence[ChainEvent]) -> None:
        """Take in events in the chain's order, each exactly once."""
        ...

    async def rewind(self, connection: AsyncConnection, removed: Sequence[ChainEvent]) -> None:
        """Undo these events, newest last. Their rows are gone already: rebuild from the rest."""
        ...
