"""How often Python looks for circles of objects that nobody needs."""

from __future__ import annotations

import gc
from typing import Final

_OBJECTS: Final = 50_000
_YOUNGER: Final = 20


def collect_seldom() -> None:
    """A page makes tens of thousands of objects, and no circle among them: with Python's own
    settings a quarter of the time of reading went into looking for some."""
    gc.set_threshold(_OBJECTS, _YOUNGER, _YOUNGER)
