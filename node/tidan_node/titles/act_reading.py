"""An act in words, for who is to sign it: read from the call itself, not from what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tidan_node.domain.identifiers import PartyIndex, Pledgee
from tidan_node.domain.reasons import AmendmentReason, SurrenderRefusal, told_reason
from tidan_node.domain.titles import Offered, TitleKind
from tidan_node.domain.titles.pledges import bank_of
from tidan_node.records.records import Records
from tidan_node.titles.service import OFFERED
from tidan_node.web.shapes import Names, as_utc, moment_of

_PARTIES: Final = frozenset({"recipient", "possessor", "titleholder"})

Message = dict[str, Any]  # Any: the message of typed data, whose numbers are text


async def in_words(act: str, message: Message, records: Records) -> dict[str, str]:
    """Each member of what is signed by its name, with names of parties and moments; members of
    several stand under their number, from 0."""
    said = list(_leaves(message))
    meant = {party for name, value in said if (party := _party(name, value))}
    names = await records.party_names(meant)
    return {"act": act} | {name: _words(act, name, value, names) for name, value in said}


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, each in value.items():
                yield from _leaves(each, f"{path}.{name}" if path else name)
        case list():
            for at, each in enumerate(value):
                yield from _leaves(each, f"{path}.{at}")
        case _:
            yield path, str(value)


def _party(path: str, value: str) -> PartyIndex | None:
    """Whom the member names, if it names a party."""
    name = path.rpartition(".")[2]
    if name in _PARTIES:
        return PartyIndex(int(value)) or None
    return (bank_of(Pledgee(value)) or None) if name == "pledgee" else None


def _words(act: str, path: str, value: str, names: Names) -> str:
    name = path.rpartition(".")[2]
    party = _party(path, value)
    if party is not None:
        return f"{names.get(party, 'not known here')} ({party})"
    if name in _PARTIES:
        return "nobody"
    in_words = _WORDS.get(f"{act} {name}") or _WORDS.get(name)
    return value if in_words is None else in_words(int(value))


def _offered(what: int) -> str:
    return " and ".join(name for name, flag in OFFERED.items() if flag in Offered(what))


def _moment(seconds: int) -> str:
    return as_utc(moment_of(seconds))


_WORDS: Final[Mapping[str, Callable[[int], str]]] = {
    "deadline": _moment,
    "validUntil": _moment,
    "what": _offered,
    "kind": lambda kind: str(told_reason(TitleKind, kind)),
    "to": lambda kind: str(told_reason(TitleKind, kind)),
    "reason": lambda reason: str(told_reason(AmendmentReason, reason)),
    "rejectSurrender reason": lambda reason: str(told_reason(SurrenderRefusal, reason)),
}
