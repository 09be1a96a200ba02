"""The arguments of an act as people state them, made those of the contract.

Parties go by any of their names, deadlines are moments, and what has a name is called by it; what
the contract itself takes is taken too.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from tidan_node.domain.identifiers import NO_PARTY, PartyIndex, title_id
from tidan_node.domain.reasons import AmendmentReason, SurrenderRefusal
from tidan_node.domain.titles import Offered, Title, TitleKind
from tidan_node.domain.titles.pledges import pledgee_of
from tidan_node.domain.titles.transfers import require_ahead
from tidan_node.ledger.abi import Signature
from tidan_node.problems import InvalidInput
from tidan_node.records.records import Records
from tidan_node.titles.acting import USUAL_OFFER
from tidan_node.titles.service import OFFERED, all_that_is_held
from tidan_node.web.shapes import PartyReference

_WORD: Final = re.compile(r"0x[0-9a-fA-F]{64}")
_REFERENCE: Final[TypeAdapter[str]] = TypeAdapter(PartyReference)
_PARTIES: Final = frozenset({"recipient", "possessor", "titleholder"})
_ISSUANCES: Final = frozenset({"issuance", "issuances", "successor", "successors"})
_OF_ISSUANCE: Final = frozenset({"possessor", "titleholder", "kind"})

_ENDORSED: Final = ("ORDER", "ORDER_FINAL", "BLANK")

Named = TypeVar("Named", bound=enum.IntEnum)


class Arguments:
    """What was stated of one act, and what it leaves open, as the chain has it now."""

    def __init__(self, act: Signature, records: Records, now: int) -> None:
        self._act = act
        self._names = {each.name for each in act.inputs}
        self._records = records
        self._now = now

    async def of(self, stated: Mapping[str, object]) -> dict[str, object]:
        """By the names that the contract has for them. What is no argument stays, to be refused."""
        given = {name: await self._said(name, value, name) for name, value in stated.items()}
        whole = given | await self._left_open(given)
        deadline = whole.get("deadline")
        if isinstance(deadline, int):
            require_ahead(deadline, self._now)
        return whole

    async def _said(self, name: str, value: object, path: str) -> object:
        field = f"arguments.{path}"
        if name in _PARTIES and value != NO_PARTY:
            return await self._party(value, field)
        if name == "pledgee" and not (isinstance(value, str) and _WORD.fullmatch(value)):
            return pledgee_of(await self._party(value, field))
        if name in _ISSUANCES:
            return await self._issued(value, path)
        read = _READ.get(f"{self._act.name} {name}") or _READ.get(name)
        return value if read is None else read(value, field)

    async def _issued(self, value: object, path: str) -> object:
        """An issuance, or several, in which holders and kind may go by their names."""
        match value:
            case dict():
                return {
                    name: await self._said(name, of, f"{path}.{name}")
                    if name in _OF_ISSUANCE
                    else of
                    for name, of in value.items()
                }
            case list():
                return [await self._issued(each, f"{path}.{at}") for at, each in enumerate(value)]
        return value

    async def _party(self, value: object, field: str) -> PartyIndex:
        try:
            reference = _REFERENCE.validate_python(value)
        except ValidationError as error:
            raise InvalidInput("must name a party", field=field) from error
        found = await self._records.party_by_identifier(reference, field)
        return found.state.index

    async def _left_open(self, given: Mapping[str, object]) -> dict[str, object]:
        """The same as the direct acts take for it: the seq that the node sees, an offer of all that
        is held, for the usual time."""
        more: dict[str, object] = {}
        open_ = self._names - given.keys()
        if "expectedSeq" in open_ and "id" in given:
            more["expectedSeq"] = (await self._title(given["id"], "id")).seq
        listed = given.get("ids")
        if "expectedSeqs" in open_ and isinstance(listed, list):
            more["expectedSeqs"] = [(await self._title(each, "ids")).seq for each in listed]
        if "what" in open_ and "id" in given:
            title = await self._title(given["id"], "id")
            more["what"] = int(all_that_is_held(title, title.possessor))
        if "deadline" in open_:
            more["deadline"] = self._now + int(USUAL_OFFER.total_seconds())
        return more

    async def _title(self, value: object, name: str) -> Title:
        found = await self._records.title_by_id(title_id(str(value), f"arguments.{name}"))
        return found.state.title


def _seconds(value: object, field: str) -> object:
    """The contract counts seconds; people write a moment with its zone."""
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise InvalidInput("must be a moment, as 2026-05-31T12:00:00Z", field=field) from error
    if moment.tzinfo is None:
        raise InvalidInput("must have its zone, as 2026-05-31T12:00:00Z", field=field)
    return int(moment.timestamp())


def _flags(value: object, field: str) -> object:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list):
        return value
    what = Offered(0)
    for name in names:
        if not (isinstance(name, str) and name in OFFERED):
            raise InvalidInput(f"must be of {', '.join(OFFERED)}", field=field)
        what |= OFFERED[name]
    return int(what)


def _named(
    numbers: type[Named], value: object, field: str, *, among: Sequence[str] | None = None
) -> object:
    if not isinstance(value, str):
        return value
    names = list(numbers.__members__) if among is None else among
    if value not in names:
        raise InvalidInput(f"must be one of {', '.join(names)}", field=field)
    return int(numbers[value])


def _endorsed(value: object, field: str) -> object:
    return _named(TitleKind, value, field, among=_ENDORSED)


_READ: Final[Mapping[str, Callable[[object, str], object]]] = {
    "deadline": _seconds,
    "what": _flags,
    "kind": partial(_named, TitleKind),
    "to": partial(_named, TitleKind),
    "endorse to": _endorsed,
    "reason": partial(_named, AmendmentReason),
    "rejectSurrender reason": partial(_named, SurrenderRefusal),
}
