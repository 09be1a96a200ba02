"""What only the entry point of a process may read: where a test wants it to crash."""

from __future__ import annotations

import os

from tidan_node.domain.checkpoints import Checkpoints, CrashAt, NoCheckpoints

CRASH_AT = "TIDAN_CRASH_AT"


def checkpoints() -> Checkpoints:
    """Nothing happens at a checkpoint, unless the environment names one to crash at."""
    moment = os.environ.get(CRASH_AT)
    return CrashAt.parse(moment) if moment else NoCheckpoints()
