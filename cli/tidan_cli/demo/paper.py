"""The chapter of paper: a title becomes a bill on paper, as its holder wants, and comes back."""

from __future__ import annotations

from typing import Any, Final

from tidan_cli.demo.cast import CARRIER, SHIPPER
from tidan_cli.demo.performance import Chapter
from tidan_cli.demo.replacing import Replacing, replacing_chapter

Document = dict[str, Any]  # Any: what a command answers, as JSON

NUMBER: Final = "TDZ2026HAM000451"
VERSIONS: Final = ("Version_1", "Version_2")
_RECORD: Final = "withdrawal.txt"
_WITHDRAWN: Final = (
    f"Paper Heron Demo Line has withdrawn the paper bill of lading {NUMBER}, all three originals of"
    " it, from Jade Kiln Demo Exports, and has cancelled them. Demonstration: there is no cargo.\n"
)


def tell(bills: Replacing) -> Document:
    heading = bills.acts.timeline.heading
    first, second = (bills.drafts.whole(NUMBER, version=each) for each in VERSIONS)
    heading("A title that is to be paper")
    title = bills.issue("issues the e-B/L to the shipper", "issue", first)
    bills.surrender(title, "TO_PAPER", "has a buyer without a node, and asks for paper")
    bills.acts.change(
        CARRIER, "hands out the paper; the title has ended", "title", "to-paper", title
    )
    bills.refused(
        SHIPPER, "tries to pass the title on besides", "offer", title, "--to", CARRIER.identifier
    )

    heading("The paper comes back")
    record = bills.acts.stage.folder / _RECORD
    record.write_text(_WITHDRAWN, encoding="utf-8")
    back = ("--record", record)
    holder = ("--titleholder", SHIPPER.identifier)
    bills.refused(
        CARRIER, "tries to bring the old version back", "from-paper", first, *back, *holder
    )
    bills.refused(CARRIER, "tries to issue the next one as new", "issue", second, *holder)
    words = "withdraws the paper, and issues the next version for it"
    again = bills.issue(words, "from-paper", second, *back)
    return {"origin": title, "again": again, "record": str(record), **bills.ended()}


def paper() -> Chapter:
    """The chapter, with the demo's own bill of lading."""
    return replacing_chapter("paper", tell)
