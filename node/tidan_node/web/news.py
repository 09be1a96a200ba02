"""One wake-up for everybody who waits: streams and deliveries do not each look into SQL.

Of this process; what another one of the node has read is told here by way of the database."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class News:
    """Counts what has been told. Who waits names the count that it knows, and misses nothing.

    Once it is closed nobody waits any longer: whoever is asked to wait is told so at once.
    """

    def __init__(self) -> None:
        self._count = 0
        self._closed = False
        self._told = asyncio.Event()

    @property
    def count(self) -> int:
        return self._count

    @property
    def is_closed(self) -> bool:
        return self._closed

    def tell(self) -> None:
        """There may be something new to read."""
        self._count += 1
        self._wake()

    def close(self) -> None:
        """The node ends: so does every stream."""
        self._closed = True
        self._wake()

    async def after(self, count: int, *, patience: float) -> int:
        """The count once it is another one, or when the patience is over."""
        if self._count == count and not self._closed:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._told.wait()
        return self._count

    def _wake(self) -> None:
        told, self._told = self._told, asyncio.Event()
        told.set()
