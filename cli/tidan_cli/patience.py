"""Looking again and again until something has ended: soon at first, later less often."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(slots=True)
class Patience:
    """How long to look on, and how long to rest before the next look; all in seconds.

    `deadline` is a moment of the monotonic clock."""

    deadline: float
    pause: float
    longest: float

    def rested(self) -> bool:
        """Rest once. False, and at once, when the time is up."""
        if time.monotonic() >= self.deadline:
            return False
        time.sleep(min(self.pause, max(0.0, self.deadline - time.monotonic())))
        self.pause = min(self.pause * 1.5, self.longest)
        return True
