"""What every JSON body of this node has in common: camelCase, and no field that is not known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.ledger.blocks import BlockRef

_LAST_SECOND: Final = 253_402_300_799
VISIBLE: Final = r"^[!-~]+$"
"""ASCII without spaces: what ids are made of."""

SEEN: Final = r"^[^\x00-\x1f\x7f]+$"
"""Text for people, on one line; PostgreSQL keeps no NUL."""


class Shape(BaseModel):
    """The parent of all bodies in and out."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, validate_by_name=True
    )


def as_utc(moment: datetime) -> str:
    """`2026-01-31T12:00:00Z`: always UTC, always with the letter."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def whole_second(moment: datetime) -> datetime:
    """A caller's moment as the chain can keep it: in UTC, to the second."""
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise ValueError("must lie in the years 1 to 9999, in UTC") from error


Moment = Annotated[datetime, PlainSerializer(as_utc, return_type=str, when_used="json")]


def moment_of(seconds: int) -> datetime:
    """A chain time as a moment. The chain counts on past the year 9999, calendars do not."""
    return datetime.fromtimestamp(min(seconds, _LAST_SECOND), UTC)


class AsOf(Shape):
    """The block that an answer was true at."""

    block: int
    hash: str
    time: Moment

    @classmethod
    def of(cls, block: BlockRef) -> AsOf:
        return cls(block=block.number, hash=block.hash, time=moment_of(block.timestamp))


Names = Mapping[PartyIndex, str]
"""What to call each party that an answer names."""


class PartyName(Shape):
    """A party as answers name it: its number on the chain, and its name for people."""

    index: int
    name: str

    @classmethod
    def of(cls, party: PartyIndex, names: Names) -> PartyName:
        return cls(index=party, name=names.get(party, f"party {party}"))

    @classmethod
    def or_none(cls, party: PartyIndex, names: Names) -> PartyName | None:
        """Nobody where the chain says nobody."""
        return None if party == NO_PARTY else cls.of(party, names)


def _as_text(reference: object) -> object:
    """A party's number may come as a JSON number."""
    is_number = isinstance(reference, int) and not isinstance(reference, bool)
    return str(reference) if is_number else reference


PartyReference = Annotated[
    str,
    BeforeValidator(_as_text),
    Field(
        min_length=1,
        max_length=200,
        pattern=SEEN,
        description="A party: its number, an account, an identifier as `LEI:…`, or its exact name.",
    ),
]
