"""Answers that were given, as bytes, for as long as nothing at all is written to the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tidan_node.storage.quick import Version

MOST: Final = 20_000
MOST_BYTES: Final = 32 << 20
_BESIDE_THE_BODY: Final = 500
"""Bytes that an answer takes besides, about."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered to one reader, and until when that one is who it was."""

    body: bytes = field(repr=False)
    caller: str
    until: datetime | None


class KeptAnswers:
    """Those of one version of the database; when there is another one they are forgotten."""

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._version: Version | None = None
        self._answers: dict[bytes, KeptAnswer] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._answers)

    def __contains__(self, key: bytes) -> bool:
        """Whether it is worth while to look which version there is."""
        return key in self._answers

    def find(self, version: Version, key: bytes, now: datetime) -> KeptAnswer | None:
        """What this reader was told at this version."""
        self._stand_at(version)
        found = self._answers.get(key)
        if found is not None and found.until is not None and now >= found.until:
            return None
        return found

    def keep(self, version: Version, key: bytes, answer: KeptAnswer) -> None:
        """Where there is no room, what was kept first goes first."""
        size = _size(answer)
        if size > self._most_bytes:
            return
        self._stand_at(version)
        former = self._answers.pop(key, None)
        if former is not None:
            self._bytes -= _size(former)
        while len(self._answers) >= self._most or self._bytes + size > self._most_bytes:
            oldest = next(iter(self._answers))
            self._bytes -= _size(self._answers.pop(oldest))
        self._answers[key] = answer
        self._bytes += size

    def _stand_at(self, version: Version) -> None:
        # which of two is the later one is not asked: what is found is of the version it is asked at
        if version != self._version:
            self._answers.clear()
            self._version, self._bytes = version, 0


def _size(answer: KeptAnswer) -> int:
    return len(answer.body) + _BESIDE_THE_BODY
