"""Typed events from plain values, whether those came from the ABI or from a JSON column."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Final, cast, get_args, get_origin, get_type_hints

import msgspec

from tidan_node.domain.events import Event
from tidan_node.domain.identifiers import to_bytes, to_hex
from tidan_node.problems import Problem


def _declared(kind: type[Event]) -> dict[str, type]:
    hints = get_type_hints(kind)
    return {
        field.name: get_origin(hints[field.name])
        or getattr(hints[field.name], "__supertype__", hints[field.name])
        for field in fields(kind)
    }


EVENT_TYPES: Final[Mapping[str, type[Event]]] = {kind.__name__: kind for kind in get_args(Event)}
_FIELDS: Final = {name: _declared(kind) for name, kind in EVENT_TYPES.items()}
_WITH_BYTES: Final = {name for name, types in _FIELDS.items() if bytes in types.values()}
_ENCODER: Final = msgspec.json.Encoder()


def declared_types(name: str) -> Mapping[str, type]:
    """The type of each field of this event, in order, without the name that the domain gives it."""
    return _FIELDS[name]


class EventUnreadable(Problem):
    """The chain says something that this version of the node has no word for; it stops there."""

    status, slug, title = 502, "event-unreadable", "An event of the chain cannot be read"


def typed_event(name: str, values: Mapping[str, object]) -> Event:
    """The event of this name. Hex and bytes, numbers and enums are turned into what it declares."""
    kind = EVENT_TYPES.get(name)
    if kind is None:
        raise EventUnreadable(f"there is no event {name}")
    try:
        typed = {
            field: _typed(declared, values[field]) for field, declared in _FIELDS[name].items()
        }
    except (KeyError, ValueError) as error:
        raise EventUnreadable(f"{name} does not have the values it should: {error}") from error
    return kind(**typed)  # type: ignore[arg-type]  # of the types that the fields declare


def json_of(event: Event) -> str:
    """The fields of an event as JSON, with bytes as hex."""
    name = type(event).__name__
    told: object = event
    if name in _WITH_BYTES:
        told = {field: _plain(getattr(event, field)) for field in _FIELDS[name]}
    try:
        return _ENCODER.encode(told).decode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON has only an escape for
        return json.dumps({field: _plain(getattr(event, field)) for field in _FIELDS[name]})


def _plain(value: object) -> object:
    return to_hex(value) if isinstance(value, bytes) else value


def _typed(declared: type, value: object) -> object:
    if declared is bytes and isinstance(value, str):
        return to_bytes(value)
    if declared is str and isinstance(value, bytes):
        return to_hex(value)
    if declared is tuple:
        return tuple(cast(Iterable[int], value))
    if issubclass(declared, enum.IntFlag):
        return _flags(declared, cast(int, value))
    return declared(value) if issubclass(declared, enum.Enum) else value


def _flags(kind: type[enum.IntFlag], value: int) -> enum.IntFlag:
    """A flag class would keep bits that it does not know; here they are an error."""
    if value & ~sum(kind):
        raise ValueError(f"{value} has bits that {kind.__name__} does not know")
    return kind(value)
