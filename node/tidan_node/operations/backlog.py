"""How much is under way: beyond a limit the node takes no more, rather than keep it for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.operations.problems import QueueFull
from tidan_node.operations.repository import UNFINISHED
from tidan_node.operations.tables import operations

DEFAULT_LIMIT: Final = 10_000
_RETRY_AFTER: Final = 5
_COUNTED_ANEW: Final = 1.0


class Backlog:
    """Counted once a second; in between, what this process adds is added, so that the limit may be
    passed by what other processes take meanwhile, and by no more."""

    def __init__(
        self, most: int = DEFAULT_LIMIT, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._clock = clock
        self._count = 0
        self._counted_at = float("-inf")

    async def admit(self, connection: AsyncConnection) -> None:
        """One more, or QueueFull."""
        now = self._clock()
        if now - self._counted_at >= _COUNTED_ANEW:
            self._count, self._counted_at = await self._counted(connection), now
        if self._count >= self._most:
            raise QueueFull(
                f"{self._most} operations are under way; send it again in a while",
                rule="queue_limit",
                limit=self._most,
                retryAfter=_RETRY_AFTER,
            )
        self._count += 1

    async def _counted(self, connection: AsyncConnection) -> int:
        some = (
            select(operations.c.id)
            .where(operations.c.status.in_(UNFINISHED))
            .limit(self._most)
            .subquery()
        )
        return int(await connection.scalar(select(func.count()).select_from(some)) or 0)
