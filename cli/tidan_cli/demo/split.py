"""The chapter of a split: one bill of lading for two buyers becomes two, and one again."""

from __future__ import annotations

from typing import Any, Final

from tidan_cli.demo.cast import CARRIER
from tidan_cli.demo.performance import Chapter
from tidan_cli.demo.replacing import Replacing, replacing_chapter

Document = dict[str, Any]  # Any: what a command answers, as JSON

NUMBER: Final = "TDZ2026HAM000441"
PARTS: Final = {"TDZ2026HAM000442": "TDZU4170015", "TDZ2026HAM000443": "TDZU4170020"}
"""The number of each part, and the container that it is about."""
COMBINED: Final = "TDZ2026HAM000444"


def tell(bills: Replacing) -> Document:
    heading = bills.acts.timeline.heading
    heading("One bill of lading for two containers")
    document = bills.drafts.whole(NUMBER)
    title = bills.issue("issues the e-B/L to the shipper", "issue", document)

    heading("The shipper sells each container by itself")
    bills.surrender(title, "SPLIT", "surrenders it, to have two of it")
    parts = [bills.drafts.part(number, container) for number, container in PARTS.items()]
    halves = bills.replace("splits it, a bill for each container", "split", title, *parts)
    bills.refused(CARRIER, "tries to split it once more", "split", title, *parts)

    heading("Both go to one buyer after all")
    for half in halves:
        bills.surrender(half, "COMBINATION", "surrenders a part, to have one of the two")
    whole = bills.drafts.whole(COMBINED)
    words = "combines them in one bill of both containers"
    (combined,) = bills.replace(words, "combine", *halves, "--into", whole)
    return {"origin": title, "parts": halves, "combined": combined, **bills.ended()}


def split() -> Chapter:
    """The chapter, with the demo's own bill of lading."""
    return replacing_chapter("split", tell)
