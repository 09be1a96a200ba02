"""Waiting for what another process does, with an end to the patience."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from tidan_node.ledger.embedded.processes import identity_of


def wait_until(condition: Callable[[], bool], *, patience: float = 30) -> None:
    give_up_at = time.monotonic() + patience
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < give_up_at, "it did not happen"
        pause.wait(0.01)


def wait_until_ended(pid: int) -> None:
    wait_until(lambda: identity_of(pid) is None)
