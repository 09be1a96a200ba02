"""The node as an audit sees it: nothing but its HTTP answers, none of which is believed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Protocol

Answer = Mapping[str, object]
UNREADABLE: Final = "event-unreadable"
CYCLE: Final = "cursor-repeated"
"""In place of a problem: a list that leads back to where it was never ends."""

_ID: Final = re.compile(r"0x[0-9a-f]{64}")


def is_id(text: str) -> bool:
    """Whether this can name a record at all: what a node lists may be anything."""
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: an object, or the problem in its place."""

    status: int
    document: Answer

    @property
    def answer(self) -> Answer | None:
        """The object; None where there is none."""
        return self.document if self.status == HTTPStatus.OK else None

    @property
    def refusal(self) -> str | None:
        """The slug of the problem in place of an answer that every node has."""
        return None if self.answer is not None else self.failure or "not-found"

    @property
    def failure(self) -> str | None:
        """The slug of the problem that the node failed with; that it has nothing is no failure."""
        if self.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return None
        return str(self.document.get("type", "")).rsplit("/", 1)[-1] or "internal"


class AuditedNode(Protocol):
    """A node that is asked. What the caller may not ask, or a node that is away, is raised; that
    there is no such thing (404) and that the node failed (5xx) are replies."""

    async def get(self, path: str, **query: str) -> Reply: ...


@dataclass(frozen=True, slots=True)
class Listed:
    """An item of a list; or, where the node fails, the place from which on it does."""

    item: Answer | None
    failure: str | None = None
    after: str | None = None
    page: Answer | None = None
    """The whole page that it came in: what it says beside its items."""


async def listed(
    node: AuditedNode, path: str, *, key: str = "id", limit: int = 200, **query: str
) -> AsyncIterator[Listed]:
    """Every item of a paged list. Where a page fails it is asked for again in steps of one, so that
    the place of the failure is known."""
    cursor: str | None = None
    last: str | None = None
    step = limit
    passed: set[str] = set()
    while True:
        wanted = query | ({} if cursor is None else {"cursor": cursor})
        reply = await node.get(path, limit=str(step), **wanted)
        if reply.failure is not None and step > 1:
            step = 1
            continue
        if reply.answer is None:
            yield Listed(None, reply.failure or "not-found", last)
            return
        items = reply.answer.get("items")
        for item in items if isinstance(items, list) else ():
            if isinstance(item, Mapping):
                last = str(item.get(key))
                yield Listed(item, page=reply.answer)
        following = reply.answer.get("nextCursor")
        if not isinstance(following, str):
            return
        if following in passed:
            yield Listed(None, CYCLE, last)
            return
        passed.add(following)
        cursor = following
