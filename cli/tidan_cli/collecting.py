"""When Python looks for memory to free: seldom while a program loads, which only fills memory."""

from __future__ import annotations

import gc
from typing import Final

_SELDOM: Final = (100_000, 50, 100)
_AS_PYTHON_DOES: Final = gc.get_threshold()


def collect_seldom() -> None:
    """For a command: it has ended before there is much to free."""
    gc.set_threshold(*_SELDOM)


def collect_as_usual() -> None:
    """For what stays: from now on as ever, but what has been loaded is not looked at again."""
    gc.freeze()
    gc.set_threshold(*_AS_PYTHON_DOES)
