"""The chapter of amendment: the cargo is to go to another port, and its bill of lading says so."""

from __future__ import annotations

from typing import Any, Final

from tidan_cli.demo.cast import CARRIER, SHIPPER
from tidan_cli.demo.performance import Chapter
from tidan_cli.demo.replacing import Replacing, replacing_chapter

Document = dict[str, Any]  # Any: what a command answers, as JSON

NUMBER: Final = "TDZ2026HAM000431"
VERSIONS: Final = ("Version_1", "Version_2")
_REASON: Final = "CHANGE_OF_DESTINATION"


def tell(bills: Replacing) -> Document:
    """Asked for twice: the first time the carrier is not paid for the longer way."""
    heading = bills.acts.timeline.heading
    first, second = VERSIONS
    heading("A bill of lading to Hamburg")
    document = bills.drafts.whole(NUMBER, version=first)
    title = bills.issue("issues the e-B/L to the shipper", "issue", document)

    heading("The cargo is to go to Gdańsk")
    bills.surrender(title, _REASON, "surrenders it for another port of discharge")
    to_carrier = ("offer", title, "--to", CARRIER.identifier)
    bills.refused(SHIPPER, "tries to pass it on meanwhile", *to_carrier)
    bills.acts.change(
        CARRIER,
        "rejects: the freight of the longer way is not paid",
        *("title", "answer", title, "--reject", "--reason", "FREIGHT_UNPAID"),
    )
    bills.surrender(title, _REASON, "pays, and surrenders it once more")
    amended = bills.drafts.whole(NUMBER, version=second, discharged_at="PLGDN")
    words = "amends it: the same number, the next version"
    (successor,) = bills.replace(words, "amend", title, amended, "--reason", _REASON)

    heading("The first version is void")
    bills.refused(SHIPPER, "tries to pass it on", *to_carrier)
    bills.refused(SHIPPER, "tries to have the cargo for it", "surrender", title)
    bills.refused(CARRIER, "tries to amend it again", "amend", title, amended)
    return {"origin": title, "successor": successor, **bills.ended()}


def amendment() -> Chapter:
    """The chapter, with the demo's own bill of lading."""
    return replacing_chapter("amendment", tell)
