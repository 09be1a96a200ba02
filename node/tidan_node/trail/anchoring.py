"""What the sealer needs from above it: somebody who brings a checkpoint to the chain."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection


class Anchoring(Protocol):
    """Asks for a checkpoint to be anchored, in the caller's transaction."""

    async def is_under_way(self, connection: AsyncConnection) -> bool:
        """Whether one that was asked for has not ended yet: the next will stand for more."""
        ...

    async def anchor(self, connection: AsyncConnection, up_to: int, checkpoint: str) -> None: ...
