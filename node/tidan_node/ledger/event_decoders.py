"""One decoder an event, made of its ABI when the node starts: from hex straight to typed events.

It reads what eth-abi would read, and refuses what eth-abi would refuse (a test holds it to that);
eth-abi, which asks each value anew how it is to be read, takes many times as long.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from tidan_node.domain.events import Event
from tidan_node.domain.identifiers import to_hex
from tidan_node.domain.titles.terms import TERMS
from tidan_node.ledger.abi import Parameter, Signature, Value, snake_case
from tidan_node.ledger.event_types import EVENT_TYPES, EventUnreadable, declared_types

_WORD: Final = 32
_TOPIC: Final = 2 + 2 * _WORD
_TERMS: Final = "terms"
"""What a title was issued with comes in one word."""

Read = Callable[[Value], Value]
ReadTail = Callable[[bytes, int], Value]

_NUMBERS: Final = {8: "B", 16: "H", 32: "I", 40: "Q", 64: "Q"}
"""How `struct` reads an unsigned number of so many bits: 40 are the last of 64."""


class _Malformed(ValueError):
    """The bytes are not what the ABI says."""


@dataclass(frozen=True, slots=True)
class EventDecoder:
    """Reads one event. Its words are the topics and then the head of the data, one after another;
    `layout` takes them apart, `unused` are the bits that must be zero."""

    kind: Callable[..., Event]
    name: str
    topics: int
    layout: struct.Struct
    unused: int
    tails: Sequence[tuple[int, ReadTail]]
    fields: Sequence[tuple[int, Read | None]]
    """For each field of the event, in its order: which value it is, and how it is read."""

    def decode(self, topics: Sequence[str], data: str) -> Event:
        """The event with these topics, the first of which is its name, and this data."""
        try:
            raw = self._words(topics, data)
            values: Sequence[Value] = self.layout.unpack_from(raw)
            if self.tails:
                values = list(values)
                for place, read in self.tails:
                    values[place] = read(raw, self.topics * _WORD + values[place])
            return self.kind(
                *[values[at] if read is None else read(values[at]) for at, read in self.fields]
            )
        except (ValueError, KeyError, struct.error) as error:
            raise EventUnreadable(f"{self.name} does not decode: {error}") from error

    def _words(self, topics: Sequence[str], data: str) -> bytes:
        """All words as bytes; hex that is none, or shorter than it should be, is refused."""
        if len(topics) != self.topics + 1:
            raise _Malformed(f"{len(topics) - 1} values are indexed instead of {self.topics}")
        text = data.removeprefix("0x")
        for topic in topics[:0:-1]:
            if len(topic) != _TOPIC or topic[:2] != "0x":
                raise _Malformed("a topic is not 32 bytes")
            text = topic[2:] + text
        raw = bytes.fromhex(text)
        if len(raw) * 2 != len(text):
            raise _Malformed("the data is not hex")
        size = self.layout.size
        if len(raw) < size:
            raise _Malformed(f"{len(raw)} bytes are less than {size}")
        if int.from_bytes(raw[:size], "big") & self.unused:
            raise _Malformed("there are bits where none should be")
        return raw


def decoder_of(signature: Signature) -> EventDecoder:
    """The decoder of the event that the contracts declare so."""
    kind = EVENT_TYPES[signature.name]
    indexed = [each for each in signature.inputs if each.indexed]
    others = [each for each in signature.inputs if not each.indexed]
    layout, unused = ">", 0
    values: dict[str, int] = {}
    tails: list[tuple[int, ReadTail]] = []
    for parameter in (*indexed, *others):
        for name, form in _forms(parameter):
            values[name] = len(values)
            layout += form
        unused = unused << 8 * _WORD | _unused(parameter)
        if parameter.type in _TAILS:
            end = (len(indexed) + len(others)) * _WORD
            tail = partial(_tail, _TAILS[parameter.type], end)
            tails.append((values[snake_case(parameter.name)], tail))
    types = {snake_case(each.name): each.type for each in signature.inputs}
    fields = [
        (values[field], _read(types.get(field, ""), declared))
        for field, declared in declared_types(kind.__name__).items()
    ]
    return EventDecoder(
        kind, kind.__name__, len(indexed), struct.Struct(layout), unused, tails, fields
    )


def _forms(parameter: Parameter) -> list[tuple[str, str]]:
    """The values in the parameter's word, and how `struct` reads them."""
    name, kind = snake_case(parameter.name), parameter.type
    if name == _TERMS:
        forms = [(field, _NUMBERS[width]) for field, width in reversed(TERMS)]
        padding = _WORD - sum(width for _, width in TERMS) // 8
        return [(forms[0][0], f"{padding}x{forms[0][1]}"), *forms[1:]]
    if kind.startswith("bytes") and kind not in _TAILS:
        size = int(kind.removeprefix("bytes"))
        return [(name, f"{size}s{_WORD - size}x")]
    form = "20s" if kind == "address" else _NUMBERS[_bits(kind)]
    return [(name, f"{_WORD - struct.calcsize('>' + form)}x{form}")]


def _unused(parameter: Parameter) -> int:
    """The bits of the parameter's word that mean nothing."""
    kind, whole = parameter.type, (1 << 8 * _WORD) - 1
    if snake_case(parameter.name) == _TERMS:
        used = sum(width for _, width in TERMS)
    elif kind.startswith("bytes") and kind not in _TAILS:
        return whole >> 8 * int(kind.removeprefix("bytes"))
    else:
        used = 160 if kind == "address" else _bits(kind)
    return whole ^ (1 << used) - 1


def _bits(kind: str) -> int:
    """How many bits a number has; where a tail begins is one of 64 that is checked further."""
    return 64 if kind in _TAILS else int(kind.removeprefix("uint"))


def _read(kind: str, declared: type) -> Read | None:
    """How a value of this ABI type becomes what the field declares; None: it is that already."""
    if issubclass(declared, enum.IntFlag):
        every = sum(declared)
        return {n: declared(n) for n in range(every + 1) if not n & ~every}.__getitem__
    if issubclass(declared, enum.Enum):
        return {each.value: each for each in declared}.__getitem__
    if declared is str and (kind == "address" or kind.startswith("bytes")):
        return to_hex
    return None


def _tail(read: ReadTail, end_of_head: int, raw: bytes, at: int) -> Value:
    if not end_of_head <= at < len(raw):
        raise _Malformed("a value stands outside the data")
    return read(raw, at)


def _length(raw: bytes, at: int) -> int:
    word = raw[at : at + _WORD]
    if len(word) < _WORD:
        raise _Malformed("the data ends in a length")
    return int.from_bytes(word, "big")


def _bytes(raw: bytes, at: int) -> bytes:
    start, length = at + _WORD, _length(raw, at)
    end = start + length
    padded = end + -length % _WORD
    if padded > len(raw):
        raise _Malformed(f"{length} bytes are more than there are")
    if any(raw[end:padded]):
        raise _Malformed("there are bits where none should be")
    return raw[start:end]


def _text(raw: bytes, at: int) -> str:
    # The contracts do not check text: it must not be able to stop every node that reads it.
    return _bytes(raw, at).decode("utf-8", errors="replace")


def _array(item: Callable[[bytes], Value], raw: bytes, at: int) -> tuple[Value, ...]:
    start, count = at + _WORD, _length(raw, at)
    end = start + count * _WORD
    if end > len(raw):
        raise _Malformed(f"{count} values are more than there are")
    return tuple([item(raw[each : each + _WORD]) for each in range(start, end, _WORD)])


def _party(word: bytes) -> int:
    number = int.from_bytes(word, "big")
    if number >> 32:
        raise _Malformed("there are bits where none should be")
    return number


_TAILS: Final[Mapping[str, ReadTail]] = {
    "bytes": _bytes,
    "string": _text,
    "bytes32[]": partial(_array, to_hex),
    "uint32[]": partial(_array, _party),
}
