"""The requests that this process is answering just now, by the names that callers gave them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tidan_node.web.refusals import IdempotencyKeyInUse


@dataclass(frozen=True, slots=True)
class RequestName:
    """Whose request this is, what they call it, and a fingerprint of what it asks."""

    caller: str
    key: str
    fingerprint: str


class KeysInUse:
    """Kept in memory, so that a process that dies takes its claims with it.

    Of two processes that answer one request at once, one commits: an answer's name is a key."""

    def __init__(self) -> None:
        self._running: set[tuple[str, str]] = set()

    @contextmanager
    def claim(self, name: RequestName) -> Iterator[None]:
        """Only one request of a name runs at a time."""
        claimed = (name.caller, name.key)
        if claimed in self._running:
            raise IdempotencyKeyInUse("the first request with this key has no answer yet")
        self._running.add(claimed)
        try:
            yield
        finally:
            self._running.discard(claimed)
