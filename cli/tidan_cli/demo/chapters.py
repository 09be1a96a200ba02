"""The chapters beside the main one, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tidan_cli.demo.amendment import amendment
from tidan_cli.demo.paper import paper
from tidan_cli.demo.performance import Chapter
from tidan_cli.demo.recognition import recognition
from tidan_cli.demo.recovery import RECOVERY
from tidan_cli.demo.split import split

CHAPTERS: Final[Mapping[str, Callable[[], Chapter]]] = {
    "amendment": amendment,
    "split": split,
    "paper": paper,
    "recovery": lambda: RECOVERY,
    "recognition": recognition,
}
