"""What an act that waits for approval comes to, as whoever decides on it reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from tidan_cli.client import Document

_OFFERED: Final = {1: "possession", 2: "title", 3: "possession and title"}


def in_words(intended: Document) -> list[tuple[str, str]]:
    """Each detail under its name: a time as a date, and a party with its name beside its number."""
    parties = intended.get("parties", {})
    details: Mapping[str, object] = intended.get("details", {})
    return [
        (name, _told(str(intended.get("kind")), name, value, parties))
        for name, value in details.items()
    ]


def _told(kind: str, name: str, value: object, parties: Mapping[str, str]) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    words = _WORDS.get(name) or _WORDS.get(f"{kind} {name}")
    if words is not None:
        return words(value)
    named = parties.get(str(value))
    return f"{value} ({named})" if named else str(value)


def _moment(seconds: int) -> str:
    from tidan_node.domain.chain_time import moment  # noqa: PLC0415  only where it is needed

    return moment(seconds)


def _refusal(number: int) -> str:
    from tidan_node.domain.reasons import SurrenderRefusal  # noqa: PLC0415  as above

    return SurrenderRefusal(number).name


def _kind(number: int) -> str:
    from tidan_node.domain.titles import TitleKind  # noqa: PLC0415  as above

    return TitleKind(number).name


_WORDS: Final[Mapping[str, Callable[[int], str]]] = {
    "what": lambda flags: _OFFERED.get(flags, str(flags)),
    "deadline": _moment,
    "expiresAt": _moment,
    "title.reject_surrender reason": _refusal,
    "title.issue kind": _kind,
}
