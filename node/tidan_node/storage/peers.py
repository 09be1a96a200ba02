"""The other processes that run the same node on the same database: one of them does the work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

Work = Callable[[], AbstractAsyncContextManager[None]]
"""Entered when this process is to do the work, and left when it no longer may."""


class Peers(Protocol):
    """What a process needs of those beside it."""

    @property
    def can_ask(self) -> bool:
        """Whether it can be told whose turn it is."""
        ...

    async def run(self, work: Work) -> None:
        """Until cancelled: do the work whenever it is the turn of this process, and no longer."""
        ...

    def tell(self, word: str) -> None:
        """The other processes hear this word soon; in a storm of one word, once."""
        ...


class Alone:
    """There are none: a SQLite file has one process, which locks its home."""

    can_ask = True

    async def run(self, work: Work) -> None:
        async with work():
            await asyncio.Event().wait()

    def tell(self, word: str) -> None:
        """Nobody hears it."""
