"""The shape that a JSON Schema with our keywords gives a document: which slot each part fills."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tidan_node.domain.proofs.canonical import LARGEST_INTEGER, Scalar
from tidan_node.domain.proofs.figures import FigureRule

_TAG_LIMIT: Final = 2**16
_DEFINITIONS: Final = "#/$defs/"

# A JSON Schema is a free form: its members are whatever the keyword says.
JsonSchema = Mapping[str, Any]


class ShapeMalformed(ValueError):
    """A schema file that cannot give every path one position: a fault of ours, not of a caller."""


@dataclass(frozen=True, slots=True)
class ScalarShape:
    """A leaf: text of the JSON types named, or a figure."""

    types: frozenset[str]
    figure: FigureRule | None = None

    def admits(self, value: Scalar) -> bool:
        """Whether the value has a type that the schema names."""
        return not self.types.isdisjoint(_types_of(value))


@dataclass(frozen=True, slots=True)
class ObjectShape:
    """Named parts, each in the slot that `x-slot` froze for it."""

    slots: Mapping[str, tuple[int, Shape]]
    bits: int


@dataclass(frozen=True, slots=True)
class ArrayShape:
    """Up to 2 ** bits items of one shape (`x-capacity`), each in the slot of its own number."""

    item: Shape
    bits: int

    @property
    def capacity(self) -> int:
        return 1 << self.bits


Shape = ScalarShape | ObjectShape | ArrayShape


def shape_of(schema: JsonSchema) -> ObjectShape:
    """The shape of the whole document."""
    shape = _shape(schema, schema.get("$defs", {}), within=())
    if not isinstance(shape, ObjectShape):
        raise ShapeMalformed("a document is an object")
    tags = [rule.tag for rule in _figure_rules(schema)]
    if len(tags) != len(set(tags)):
        raise ShapeMalformed("two fields have one figure tag")
    return shape


def _shape(schema: JsonSchema, definitions: JsonSchema, within: tuple[str, ...]) -> Shape:
    if "$ref" in schema:
        name = str(schema["$ref"]).removeprefix(_DEFINITIONS)
        if name in within or name not in definitions:
            raise ShapeMalformed(f"{schema['$ref']} is unknown, or contains itself without an end")
        return _shape(definitions[name], definitions, (*within, name))
    kind = schema.get("type")
    if kind == "object":
        return _object(schema, definitions, within)
    if kind == "array":
        item = _shape(schema["items"], definitions, within)
        if isinstance(item, ScalarShape) and item.figure is not None:
            raise ShapeMalformed("a figure is a property: beside it stands its unit")
        return ArrayShape(item, _exact_bits(int(schema["x-capacity"])))
    types = frozenset([kind] if isinstance(kind, str) else kind or ())
    if not types or types & {"object", "array"}:
        raise ShapeMalformed(f"a field has the types {sorted(types)}")
    rule = _figure_rule(schema)
    if rule is not None and not types <= {"number", "integer"}:
        raise ShapeMalformed("a figure is a number")
    return ScalarShape(types, rule)


def _object(schema: JsonSchema, definitions: JsonSchema, within: tuple[str, ...]) -> ObjectShape:
    if schema.get("additionalProperties") is not False:
        raise ShapeMalformed("an object admits properties that have no slot")
    slots = {
        name: (int(part["x-slot"]), _shape(part, definitions, within))
        for name, part in schema["properties"].items()
    }
    numbers = {slot for slot, _ in slots.values()}
    if len(numbers) != len(slots) or min(numbers, default=-1) < 0:
        raise ShapeMalformed("two properties share a slot, or an object has none")
    # An object of one property still gets two slots: its node must be an inner one, so that
    # "the object is absent" and "it is there, and empty" are two statements.
    return ObjectShape(slots, max(1, max(numbers).bit_length()))


def _exact_bits(capacity: int) -> int:
    if capacity < 2 or capacity & (capacity - 1):
        raise ShapeMalformed(f"the capacity {capacity} is no power of two from 2 on")
    return capacity.bit_length() - 1


def _figure_rule(schema: JsonSchema) -> FigureRule | None:
    keyword = schema.get("x-figure")
    if keyword is None:
        return None
    tag, unit, scale = int(keyword["tag"]), keyword["unit"], keyword["scale"]
    if not 0 < tag < _TAG_LIMIT:
        raise ShapeMalformed(f"the figure tag {tag} has more than 16 bits")
    return FigureRule(
        tag,
        unit_property=unit.get("property"),
        unit_constant=unit.get("constant", ""),
        scale=None if scale == "currency" else int(scale),
    )


def _figure_rules(schema: object) -> Iterator[FigureRule]:
    if isinstance(schema, Mapping):
        rule = _figure_rule(schema)
        if rule is not None:
            yield rule
        for part in schema.values():
            yield from _figure_rules(part)


def _types_of(value: Scalar) -> frozenset[str]:
    if value is None:
        return frozenset({"null"})
    if isinstance(value, bool):
        return frozenset({"boolean"})
    if isinstance(value, int):
        return frozenset({"integer", "number"} if abs(value) <= LARGEST_INTEGER else ())
    if isinstance(value, float):
        return frozenset({"number"} if math.isfinite(value) else ())
    return frozenset({"string"})
