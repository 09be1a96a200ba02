"""A schema: the number that stands on the chain, and the one position of every path under it."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final

from tidan_node.domain.proofs.canonical import pointer_to
from tidan_node.domain.proofs.problems import PathUnknown, SchemaUnknown
from tidan_node.domain.proofs.shapes import (
    ArrayShape,
    JsonSchema,
    ObjectShape,
    ScalarShape,
    Shape,
    shape_of,
)
from tidan_node.domain.proofs.tree import ROOT

# The files say both what a document may hold and where its fields stand, so they lie beside the
# readers of documents; to proofs they are data.
FILES: Final[Mapping[int, str]] = {
    1: "transport-document-3.0.4.json",
    2: "invoice-2.1.json",
    3: "cargo-policy-1.json",
}

_ITEM: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_RANGE: Final = re.compile(r"(0|[1-9][0-9]{0,18})-([1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a path stands. A range of items (`/charges/4-7`) has a position and no shape."""

    path: str
    index: int
    shape: Shape | None


@dataclass(frozen=True, slots=True)
class Schema:
    """Number, name and version of a document's form, with its shape and its JSON Schema."""

    number: int
    name: str
    version: str
    shape: ObjectShape
    json_schema: JsonSchema

    @classmethod
    def of(cls, json_schema: JsonSchema) -> Schema:
        about = json_schema["x-schema"]
        return cls(
            number=int(about["number"]),
            name=str(about["name"]),
            version=str(about["version"]),
            shape=shape_of(json_schema),
            json_schema=json_schema,
        )

    def root(self) -> Position:
        return Position("", ROOT, self.shape)

    def locate(self, path: str) -> Position:
        """The position of a JSON pointer (RFC 6901), or of a range of items."""
        first, *tokens = path.split("/")
        if first:
            raise PathUnknown("a path is empty or begins with /", field=path)
        position = self.root()
        for token in tokens:
            position = _below(position, token, path)
        return position

    def unit_path(self, path: str) -> str | None:
        """The path that names the unit of the figure at `path`; None where the schema names it."""
        shape = self.locate(path).shape
        if not isinstance(shape, ScalarShape) or shape.figure is None:
            return None
        unit = shape.figure.unit_property
        return None if unit is None else pointer_to(path.rpartition("/")[0], unit)

    def outline(self) -> Iterator[str]:
        """One line for every kind of leaf: its pattern, the bits that lead to it, and its kind."""
        yield from _outline(self.shape, path="", bits="")


def _below(position: Position, token: str, path: str) -> Position:
    shape = position.shape
    if isinstance(shape, ObjectShape):
        name = token.replace("~1", "/").replace("~0", "~")
        if name in shape.slots and pointer_to("", name) == f"/{token}":
            return member_of(position, shape, name)
    elif isinstance(shape, ArrayShape):
        if _ITEM.fullmatch(token) and int(token) < shape.capacity:
            return item_of(position, shape, int(token))
        block = _RANGE.fullmatch(token)
        if block and _is_block(int(block[1]), int(block[2]), shape.capacity):
            return block_of(position, shape, int(block[1]), int(block[2]) - int(block[1]) + 1)
    raise PathUnknown(f"{path!r} leads nowhere at {token!r}", field=path)


def member_of(position: Position, within: ObjectShape, name: str) -> Position:
    """The position of a property of the object at `position`."""
    slot, shape = within.slots[name]
    return Position(pointer_to(position.path, name), position.index << within.bits | slot, shape)


def item_of(position: Position, within: ArrayShape, number: int) -> Position:
    """The position of an item of the array at `position`."""
    index = position.index << within.bits | number
    return Position(f"{position.path}/{number}", index, within.item)


def block_of(position: Position, within: ArrayShape, first: int, size: int) -> Position:
    """The position over `size` items of an array; a block of one is the item itself."""
    if size == 1:
        return item_of(position, within, first)
    bits = within.bits - (size.bit_length() - 1)
    index = position.index << bits | first // size
    return Position(f"{position.path}/{first}-{first + size - 1}", index, None)


def _is_block(first: int, last: int, capacity: int) -> bool:
    """A block is a whole subtree of an array, and never all of it."""
    size = last - first + 1
    return 2 <= size < capacity and size & (size - 1) == 0 and first % size == 0 and last < capacity


def _outline(shape: Shape, path: str, bits: str) -> Iterator[str]:
    if isinstance(shape, ObjectShape):
        for name, (slot, part) in sorted(shape.slots.items(), key=lambda entry: entry[1][0]):
            yield from _outline(part, pointer_to(path, name), f"{bits}{slot:0{shape.bits}b}")
    elif isinstance(shape, ArrayShape):
        yield from _outline(shape.item, f"{path}/*", f"{bits}{'*' * shape.bits}")
    else:
        yield f"{path} {bits} {_kind(shape)}"


def _kind(shape: ScalarShape) -> str:
    types = "|".join(sorted(shape.types))
    if shape.figure is None:
        return types
    rule = shape.figure
    unit = f"/{rule.unit_property}" if rule.unit_property else rule.unit_constant
    return f"{types} figure {rule.tag} {unit} {'currency' if rule.scale is None else rule.scale}"


@functools.cache
def schema_by_number(number: int) -> Schema:
    """The schema of this number, as this software knows it."""
    if number not in FILES:
        raise SchemaUnknown(f"schema {number} is none of {', '.join(map(str, FILES))}")
    file = resources.files("tidan_node.domain") / "documents" / "schemas" / FILES[number]
    return Schema.of(json.loads(file.read_text(encoding="utf-8")))
