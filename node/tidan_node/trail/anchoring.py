"""What the sealer needs from above it: somebody who brings a checkpoint to the chain."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection


class Anchoring(Protocol):
    """Asks for a checkpoint to be anchored, in the caller's transaction."""

    async def anchor(self, connection: AsyncConnection, up_to: int, checkpoint: str) -> None: ...
