"""How much others may have this node write down: a trail is kept for ever, asking is free.

Counted in memory: of a node that runs in several processes each grants as much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Final

_MOST: Final = 600
_SPAN: Final = timedelta(hours=1)


class Allowance:
    """So many in a span of time; what is beyond them is not granted."""

    def __init__(self, most: int = _MOST, span: timedelta = _SPAN) -> None:
        self._most = most
        self._span = span
        self._began: datetime | None = None
        self._granted = 0

    def grant(self, now: datetime) -> bool:
        """Whether one more is within what is allowed."""
        if self._began is None or now - self._began >= self._span:
            self._began, self._granted = now, 0
        self._granted += 1
        return self._granted <= self._most

    def rest(self, now: datetime) -> timedelta:
        """How long it takes until the next span begins."""
        return timedelta() if self._began is None else self._began + self._span - now


class Allowances:
    """An allowance for each of those who are known: what one uses up is not taken from another."""

    def __init__(self, most: int = _MOST, span: timedelta = _SPAN) -> None:
        self._most = most
        self._span = span
        self._of: dict[Hashable, Allowance] = {}

    def of(self, who: Hashable) -> Allowance:
        """That of this one. Give no name here that a stranger could make up."""
        return self._of.setdefault(who, Allowance(self._most, self._span))


class SharedAllowance:
    """An allowance for everybody, of which no one address takes more than its share: so that a
    single machine that asks without end uses up its own."""

    def __init__(self, most: int, share: int, span: timedelta) -> None:
        self._everybodys = Allowance(most, span)
        self._share = share
        self._granted: Counter[str] = Counter()
        """At most as many addresses as the allowance has grants."""

    def grant(self, address: str, now: datetime) -> bool:
        """Whether one more is within what is allowed to all, and to this address."""
        if self._everybodys.rest(now) <= timedelta():
            self._granted.clear()
        if self._granted[address] >= self._share or not self._everybodys.grant(now):
            return False
        self._granted[address] += 1
        return True

    def rest(self, now: datetime) -> timedelta:
        """How long it takes until the next span begins."""
        return self._everybodys.rest(now)
