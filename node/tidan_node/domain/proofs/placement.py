"""Which leaf a document puts where: a value, a figure, or an absence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from tidan_node.domain.proofs.canonical import JsonValue, Scalar, is_nfc, pointer_to
from tidan_node.domain.proofs.figures import Figure, FigureRule
from tidan_node.domain.proofs.problems import FieldMisplaced, FigureMalformed
from tidan_node.domain.proofs.schema import Position, Schema, block_of, item_of, member_of
from tidan_node.domain.proofs.shapes import ArrayShape, ObjectShape, ScalarShape


class Document(Protocol):
    """What can be committed to: anything with fields."""

    @property
    def fields(self) -> Mapping[str, JsonValue]: ...


class Absent:
    """Nothing stands here, nor anywhere below."""


ABSENT = Absent()

Content = Scalar | Figure | Absent


@dataclass(frozen=True, slots=True)
class Placement:
    """One leaf of a document."""

    position: Position
    content: Content


def place(document: Document, schema: Schema) -> Iterator[Placement]:
    """Every leaf of the document: each position of the schema is covered by exactly one of them."""
    yield from _place_object(schema.root(), schema.shape, document.fields)


def _place(position: Position, value: JsonValue) -> Iterator[Placement]:
    shape = position.shape
    if isinstance(shape, ObjectShape) and isinstance(value, Mapping):
        yield from _place_object(position, shape, value)
    elif isinstance(shape, ArrayShape) and isinstance(value, list):
        yield from _place_array(position, shape, value)
    elif isinstance(shape, ScalarShape) and not isinstance(value, Mapping | list):
        if not shape.admits(value):
            raise FieldMisplaced(f"is no {' or '.join(sorted(shape.types))}", field=position.path)
        if isinstance(value, str) and not is_nfc(value):
            raise FieldMisplaced("is not in normalisation form C", field=position.path)
        yield Placement(position, value)
    else:
        raise FieldMisplaced("is of another kind than the schema says", field=position.path)


def _place_object(
    position: Position, shape: ObjectShape, members: Mapping[str, JsonValue]
) -> Iterator[Placement]:
    for name in members:
        if name not in shape.slots:
            raise FieldMisplaced("is unknown to the schema", field=pointer_to(position.path, name))
    for name, (_, part) in shape.slots.items():
        below = member_of(position, shape, name)
        if name not in members:
            yield Placement(below, ABSENT)
            continue
        value = members[name]
        if isinstance(part, ScalarShape) and part.figure is not None:
            yield Placement(below, _figure(part.figure, value, members, below.path))
        else:
            yield from _place(below, value)


def _place_array(
    position: Position, shape: ArrayShape, items: list[JsonValue]
) -> Iterator[Placement]:
    if len(items) > shape.capacity:
        raise FieldMisplaced(
            f"has {len(items)} items; {shape.capacity} is the limit", field=position.path
        )
    for number, item in enumerate(items):
        yield from _place(item_of(position, shape, number), item)
    first = len(items)
    while first < shape.capacity:
        # The largest subtree that begins here; half the array at most, so that an empty array has
        # an inner node, which an absent one has not.
        size = min(first & -first or shape.capacity, shape.capacity // 2)
        yield Placement(block_of(position, shape, first, size), ABSENT)
        first += size


def _figure(
    rule: FigureRule, value: JsonValue, siblings: Mapping[str, JsonValue], path: str
) -> Figure:
    unit = rule.unit_constant
    if rule.unit_property is not None:
        unit = str(siblings.get(rule.unit_property, ""))
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise FieldMisplaced("is no number", field=path)
    try:
        return rule.figure(value, unit)
    except FigureMalformed as problem:
        raise FigureMalformed(problem.detail, field=path) from problem
