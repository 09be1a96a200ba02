"""Schemas that can, and cannot, give every path one position."""

from __future__ import annotations

from typing import Any

import pytest

from tidan_node.domain.proofs.shapes import ArrayShape, ObjectShape, ShapeMalformed, shape_of

STRING = {"x-slot": 0, "type": "string"}


def an_object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


class TestShapeOf:
    def test_an_object_is_as_wide_as_its_highest_slot_needs(
        self, json_schema: dict[str, Any]
    ) -> None:
        assert shape_of(json_schema).bits == 4
        json_schema["properties"]["late"] = {"x-slot": 16, "type": "string"}
        assert shape_of(json_schema).bits == 5

    def test_an_object_of_one_property_is_still_two_wide(self) -> None:
        assert shape_of(an_object(only=STRING)).bits == 1

    def test_an_array_is_as_wide_as_its_capacity(self, json_schema: dict[str, Any]) -> None:
        _, lines = shape_of(json_schema).slots["lines"]
        assert isinstance(lines, ArrayShape)
        assert (lines.bits, lines.capacity) == (3, 8)
        assert isinstance(lines.item, ObjectShape)

    @pytest.mark.parametrize(
        ("schema", "why"),
        [
            ({"type": "string"}, "a document is an object"),
            (an_object(a=STRING, b=STRING), "share a slot"),
            (an_object(a={"x-slot": -1, "type": "string"}), "share a slot"),
            (an_object(), "has none"),
            ({"type": "object", "properties": {"a": STRING}}, "no slot"),
            (an_object(a={"x-slot": 0, "type": ["string", "object"]}), "types"),
            (an_object(a={"x-slot": 0}), "types"),
            (an_object(a={"x-slot": 0, "$ref": "#/$defs/Nowhere"}), "unknown"),
            (
                an_object(a={"x-slot": 0, "$ref": "#/$defs/A"})
                | {"$defs": {"A": an_object(a={"x-slot": 0, "$ref": "#/$defs/A"})}},
                "contains itself",
            ),
        ],
    )
    def test_a_schema_without_one_position_for_each_path_is_refused(
        self, schema: dict[str, Any], why: str
    ) -> None:
        with pytest.raises(ShapeMalformed, match=why):
            shape_of(schema)

    @pytest.mark.parametrize("capacity", [-2, 0, 1, 3, 6])
    def test_a_capacity_that_is_no_power_of_two_is_refused(self, capacity: int) -> None:
        array = {"x-slot": 0, "type": "array", "x-capacity": capacity, "items": STRING}
        with pytest.raises(ShapeMalformed, match="power of two"):
            shape_of(an_object(a=array))

    @pytest.mark.parametrize(
        ("field", "why"),
        [
            ({"type": "string", "x-figure": {"tag": 1, "unit": {}, "scale": 2}}, "is a number"),
            ({"type": "number", "x-figure": {"tag": 0, "unit": {}, "scale": 2}}, "16 bits"),
            ({"type": "number", "x-figure": {"tag": 65536, "unit": {}, "scale": 2}}, "16 bits"),
            (
                {
                    "type": "array",
                    "x-capacity": 2,
                    "items": {"type": "number", "x-figure": {"tag": 1, "unit": {}, "scale": 2}},
                },
                "a figure is a property",
            ),
        ],
    )
    def test_a_figure_that_no_circuit_could_open_is_refused(
        self, field: dict[str, Any], why: str
    ) -> None:
        with pytest.raises(ShapeMalformed, match=why):
            shape_of(an_object(a={"x-slot": 0, **field}))

    def test_two_figures_with_one_tag_are_refused(self, json_schema: dict[str, Any]) -> None:
        json_schema["properties"]["weight"]["x-figure"]["tag"] = 1
        with pytest.raises(ShapeMalformed, match="one figure tag"):
            shape_of(json_schema)
