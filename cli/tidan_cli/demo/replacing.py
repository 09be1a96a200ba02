"""What a chapter about titles in the place of others is made of: a carrier, a shipper who holds
them, a regulator, and what the three do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tidan_cli.demo.acts import Acts
from tidan_cli.demo.cast import CARRIER, REGULATOR, SHIPPER, Chamber, Member
from tidan_cli.demo.dossier import own_dossier
from tidan_cli.demo.drafting import Drafts
from tidan_cli.demo.outcomes import close_titles
from tidan_cli.demo.performance import Chapter
from tidan_cli.demo.regulator import audit_titles

Document = dict[str, Any]  # Any: the JSON that a command printed

CAST: Final = (CARRIER, SHIPPER, REGULATOR)
CHAMBER: Final = Chamber(CAST, threshold=2)


class Replacing:
    """The acts of carrier and shipper, and the titles that came of them, in their order."""

    def __init__(self, acts: Acts, drafts: Drafts) -> None:
        self.acts = acts
        self.drafts = drafts
        self._titles: list[str] = []

    def issue(self, words: str, *arguments: str | Path) -> str:
        """The carrier issues a title to the shipper, and to its order."""
        holder = SHIPPER.identifier
        holders = ("--possessor", holder, "--titleholder", holder)
        outcome = self.acts.change(CARRIER, words, "title", *arguments, *holders)
        return self._received(str(outcome.answer["title"]))

    def surrender(self, title: str, reason: str, words: str) -> None:
        """The shipper asks for a change: until the answer the title goes nowhere."""
        ask = ("surrender", title, "--for-amendment", "--reason", reason)
        self.acts.change(SHIPPER, words, "title", *ask)

    def replace(self, words: str, *arguments: str | Path) -> list[str]:
        """The carrier puts titles in the place of others; each comes to the shipper."""
        outcome = self.acts.change(CARRIER, words, "title", *arguments)
        return [self._received(title) for title in outcome.answer["titles"]]

    def refused(self, member: Member, words: str, *arguments: str | Path) -> None:
        """An act on a title that does not allow it any more."""
        self.acts.refused(member, words, "title", *arguments)

    def ended(self) -> Document:
        """How each title stands at the end, with its acts as the regulator has read them off the
        chain."""
        audits = audit_titles(self.acts, self._titles)
        shown = {each["id"]: each for each in self.acts.read(SHIPPER, "title", "list")["items"]}
        return {
            "titles": [
                {
                    **{name: shown[title][name] for name in ("number", "status", "possessor")},
                    "title": title,
                    "acts": [act["act"] for act in each["history"]],
                }
                for title, each in zip(self._titles, audits, strict=True)
            ],
            "audit": {"titles": audits},
        }

    def _received(self, title: str) -> str:
        self.acts.arrives(CARRIER, SHIPPER, title, "the bill of lading")
        self._titles.append(title)
        return title


def replacing_chapter(name: str, tell: Callable[[Replacing], Document]) -> Chapter:
    """A chapter told with the demo's own bill of lading, by these three."""
    dossier = own_dossier()
    (bill,) = dossier.bills

    def told(acts: Acts) -> Document:
        return tell(Replacing(acts, Drafts(bill, acts.stage.folder / "papers")))

    return Chapter(name, CAST, CHAMBER, told, close_titles, {CARRIER.key: (bill.code,)})
