"""What an act that waits for approval comes to, as whoever decides on it reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tidan_cli.client import Document
from tidan_cli.title_words import what_in_words

_OFFERED: Final = ((1, "possession"), (2, "title"), (4, "final"))
_PARTIES: Final = frozenset(
    {
        *("recipient", "possessor", "titleholder", "bank", "buyer", "insured", "lossPayee"),
        *("party", "successor", "subject"),
    }
)
"""Details that are a party's number, as the node names them."""
_REFUSALS: Final = ("title.reject_surrender", "rejectSurrender")


def in_words(intended: Document) -> list[tuple[str, str]]:
    """Each detail under its name: a time as a date, and a party with its name beside its number."""
    details: Mapping[str, object] = intended.get("details", {})
    acts = (str(intended.get("kind")), str(details.get("act")))
    telling = _Telling(acts, intended.get("parties", {}))
    return [(name, telling.told(name, value)) for name, value in details.items()]


@dataclass(frozen=True, slots=True)
class _Telling:
    """Of which act, and who the parties are that its details name by their numbers."""

    acts: tuple[str, str]
    parties: Mapping[str, str]

    def told(self, name: str, value: object) -> str:
        match value:
            case str():
                return value
            case bool():
                return json.dumps(value)
            case int():
                return self._number(name, value)
            case Mapping():
                return ", ".join(f"{member} {self.told(member, value[member])}" for member in value)
            case Sequence() if any(isinstance(each, Mapping) for each in value):
                told = (f"{place}: {self.told(name, each)}" for place, each in enumerate(value, 1))
                return "; ".join(told)
            case _:
                return json.dumps(value, ensure_ascii=False)

    def _number(self, name: str, value: int) -> str:
        if name in ("deadline", "expiresAt"):
            return _moment(value)
        if self.acts[0].startswith("title."):
            told = self._of_title(name, value)
            if told is not None:
                return told
        named = self.parties.get(str(value)) if name in _PARTIES else None
        return f"{value} ({named})" if named else str(value)

    def _of_title(self, name: str, value: int) -> str | None:
        from tidan_node.domain.reasons import (  # noqa: PLC0415  only where it is needed
            AmendmentReason,
            SurrenderRefusal,
            told_reason,
        )
        from tidan_node.domain.titles import TitleKind  # noqa: PLC0415  as above

        match name:
            case "what":
                moved = [word for flag, word in _OFFERED if value & flag]
                return what_in_words(moved) if moved else None
            case "kind":
                return str(told_reason(TitleKind, value))
            case "reason":
                refused = not set(_REFUSALS).isdisjoint(self.acts)
                return str(told_reason(SurrenderRefusal if refused else AmendmentReason, value))
            case _:
                return None


def _moment(seconds: int) -> str:
    from tidan_node.domain.chain_time import moment  # noqa: PLC0415  only where it is needed

    return moment(seconds)
