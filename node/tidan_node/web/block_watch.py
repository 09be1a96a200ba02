"""Whether the chain goes on, or has halted: it should make blocks all the time, and makes none."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Final

from tidan_node.ledger.blocks import BlockRef
from tidan_node.web.health import NotReady

_LEAST_PATIENCE: Final = 15.0
_PERIODS: Final = 10
"""So many times its period a chain may take for a block: validators that are away cost rounds."""


class BlockWatch:
    """Remembers since when the newest block is the newest, by this process's own clock.

    A chain whose period is 0 makes blocks of transactions alone, and is never said to have halted.
    """

    def __init__(
        self,
        head: Callable[[], Awaitable[BlockRef]],
        period: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._head = head
        self._period = period
        self._clock = clock
        self._newest: BlockRef | None = None
        self._since = 0.0

    async def look(self) -> None:
        """NotReady where the chain has stood still for longer than it should."""
        if self._period == 0:
            return
        head = await self._head()
        if self._newest is None or head.hash != self._newest.hash:
            self._newest, self._since = head, self._clock()
            return
        stood = self._clock() - self._since
        if stood > max(_LEAST_PATIENCE, _PERIODS * self._period):
            raise NotReady(
                f"the chain makes no blocks: {head.number} has been the last for {stood:.0f} s."
                " Too few of its validators may run; what was asked for waits until it goes on"
            )
