"""Signed texts that anybody may ask for: made anew only where they say something else, or age."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class _Kept:
    says: Hashable
    made_at: datetime
    text: str


class KeptTexts:
    """The last text of each name. What is asked for often costs one signature now and then."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, _Kept] = {}

    def text(
        self,
        name: Hashable,
        says: Hashable,
        *,
        now: datetime,
        life: timedelta,
        make: Callable[[], str],
    ) -> str:
        """The text of this name that says this: the kept one, until half of its life is over."""
        kept = self._kept.get(name)
        if kept is None or kept.says != says or not kept.made_at <= now < kept.made_at + life / 2:
            kept = self._kept[name] = _Kept(says, now, make())
        return kept.text
