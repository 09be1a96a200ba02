"""Pages that are fetched before they are asked for, several at a time, of a size that suits."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final

from tidan_node.indexer.chain import Chain
from tidan_node.ledger.gateway import Page
from tidan_node.ledger.rpc import AnswerTooSlow, RpcError

_EVENTS: Final = 4_000
"""So many events make a page worth its commit; more would only take memory."""
_FIRST: Final = 100
_GROWS_AGAIN: Final = 16
"""After a refusal, so many pages go well before a larger one is tried."""


@dataclass(slots=True)
class PageSize:
    """How many blocks to ask for. It follows the events that blocks hold, and what the chain's node
    refuses or is too slow for; nodes bound answers each in their own way."""

    most: int
    blocks: int = _FIRST
    _allowed: int = 0
    _well: int = 0

    def __post_init__(self) -> None:
        self._allowed = self.most
        self.blocks = min(self.blocks, self.most)

    def went_well(self, page: Page) -> None:
        """Aim at a worthwhile page, in steps: the next blocks may hold much more."""
        count = len(page.blocks)
        wanted = count * _EVENTS // max(1, len(page.events))
        self._well += 1
        if self._well >= _GROWS_AGAIN and self._allowed < self.most:
            self._allowed, self._well = min(self.most, self._allowed * 2), 0
        self.blocks = max(1, min(wanted, 2 * max(count, self.blocks), self._allowed))

    def was_too_much(self, count: int) -> None:
        """So many blocks were."""
        self.blocks = self._allowed = max(1, min(self._allowed, count // 2))
        self._well = 0


class PagesAhead:
    """The pages from one block on, in order. Those behind the next one are on their way already:
    `depth` of them, which bounds the memory. Use it as a context: it leaves nothing running."""

    def __init__(self, chain: Chain, *, most: int, depth: int) -> None:
        self._chain = chain
        self._depth = depth
        self._size = PageSize(most)
        self._tasks: deque[asyncio.Task[list[Page]]] = deque()
        self._ready: deque[Page] = deque()
        self._next = self._planned = 0

    async def __aenter__(self) -> PagesAhead:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.forget()

    def holds(self, first: int) -> bool:
        """Whether the page that begins with this block was asked for some time ago."""
        return first == self._next and bool(self._ready or self._tasks)

    async def page(self, first: int, final: int) -> Page:
        """The page that begins with this block and ends with `final` or before it."""
        if first != self._next:
            await self.forget()
            self._next = self._planned = first
        while not self._ready:
            self._plan(final)
            task = self._tasks[0]
            try:
                self._ready.extend(await task)
            except BaseException:
                await self.forget()
                raise
            self._tasks.popleft()
            self._plan(final)
        page = self._ready.popleft()
        self._next = page.blocks[-1].number + 1
        return page

    async def forget(self) -> None:
        """Drop what was fetched: the chain may have gone another way meanwhile."""
        tasks = list(self._tasks)
        self._tasks.clear()
        self._ready.clear()
        self._next = -1
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _plan(self, final: int) -> None:
        while self._planned <= final and len(self._tasks) <= self._depth:
            last = min(final, self._planned + self._size.blocks - 1)
            self._tasks.append(asyncio.create_task(self._fetch(self._planned, last)))
            self._planned = last + 1

    async def _fetch(self, first: int, last: int) -> list[Page]:
        """These blocks in one page, or in several where one would be too much."""
        count = last - first + 1
        try:
            page = await self._chain.page(first, last)
        except AnswerTooSlow:
            self._size.was_too_much(count)
            raise
        except RpcError:
            self._size.was_too_much(count)
            if count == 1:
                raise
        else:
            self._size.went_well(page)
            return [page]
        middle = (first + last) // 2
        return [*await self._fetch(first, middle), *await self._fetch(middle + 1, last)]
