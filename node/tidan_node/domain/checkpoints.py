"""Named moments between an intent and its effect, where a crash must lose and double nothing."""

from __future__ import annotations

import os
from typing import Protocol


class Checkpoints(Protocol):
    """Told of each moment as it is reached; in production it does nothing."""

    def reached(self, moment: str) -> None: ...


class NoCheckpoints:
    """What production uses."""

    def reached(self, moment: str) -> None:
        """Nothing happens."""


class CrashAt:
    """Ends the process as `kill -9` would when a moment is reached for the n-th time."""

    def __init__(self, moment: str, *, nth: int = 1) -> None:
        self._moment = moment
        self._left = nth

    @classmethod
    def parse(cls, text: str) -> CrashAt:
        """From `moment` or `moment:n`."""
        moment, _, nth = text.partition(":")
        return cls(moment, nth=int(nth or "1"))

    def reached(self, moment: str) -> None:
        if moment != self._moment:
            return
        self._left -= 1
        if self._left == 0:
            os._exit(137)
