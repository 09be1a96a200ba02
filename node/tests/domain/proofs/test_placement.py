"""Which leaf a document puts where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.placement import ABSENT, place
from tidan_node.domain.proofs.problems import FieldMisplaced, FigureMalformed
from tidan_node.domain.proofs.schema import Schema
from tidan_node.domain.proofs.tree import depth_of, is_at_or_below


@dataclass(frozen=True)
class Doc:
    fields: Mapping[str, Any] = field(default_factory=dict)


def placed(fields: dict[str, Any], schema: Schema) -> dict[str, Any]:
    return {leaf.position.path: leaf.content for leaf in place(Doc(fields), schema)}


class TestPlace:
    def test_an_empty_document_is_the_absence_of_every_property(self, schema: Schema) -> None:
        assert placed({}, schema) == {
            **dict.fromkeys(["/title", "/flag", "/note", "/count", "/ratio", "/price"], ABSENT),
            **dict.fromkeys(["/weight", "/lines", "/box", "/a~1b~0c"], ABSENT),
        }

    def test_null_empty_false_and_zero_are_values(self, schema: Schema) -> None:
        leaves = placed({"note": None, "title": "", "flag": False, "count": 0}, schema)
        contents = (leaves["/note"], leaves["/title"], leaves["/flag"], leaves["/count"])
        assert contents == (None, "", False, 0)

    def test_the_absence_of_items_stands_over_whole_blocks(self, schema: Schema) -> None:
        lines = [path for path in placed({"lines": [{}, {}, {}]}, schema) if path.count("/") == 2]
        assert lines == ["/lines/3", "/lines/4-7"]

    def test_an_empty_array_is_two_absent_halves_and_an_absent_one_is_one_leaf(
        self, schema: Schema
    ) -> None:
        assert {path for path in placed({"lines": []}, schema) if path.startswith("/lines")} == {
            "/lines/0-3",
            "/lines/4-7",
        }
        assert "/lines" in placed({}, schema)

    def test_an_empty_object_is_not_an_absent_one(self, schema: Schema) -> None:
        assert placed({"box": {}}, schema)["/box/only"] is ABSENT
        assert placed({}, schema)["/box"] is ABSENT

    def test_a_full_array_has_no_absences(self, schema: Schema) -> None:
        leaves = placed({"lines": [{"tags": ["a", "b", "c", "d"]}] * 8}, schema)
        assert not [path for path in leaves if "-" in path]

    def test_numbers_with_a_unit_become_figures(self, schema: Schema) -> None:
        leaves = placed(
            {"weight": 1.5, "price": {"amount": 2, "currency": "JPY"}, "lines": [{"quantity": 3}]},
            schema,
        )
        assert leaves["/weight"] == Figure(1500, "KGM", 3)
        assert leaves["/price/amount"] == Figure(2, "JPY", 0)
        assert leaves["/lines/0/quantity"] == Figure(3000, "", 3)

    @settings(deadline=None)
    @given(st.data())
    def test_every_position_of_the_schema_has_exactly_one_leaf_over_it_or_has_parts(
        self,
        schema: Schema,
        documents: st.SearchStrategy[Doc],
        paths: list[str],
        data: st.DataObject,
    ) -> None:
        leaves = [leaf.position.index for leaf in place(data.draw(documents), schema)]
        for path in paths:
            wanted = schema.locate(path).index
            over = [index for index in leaves if is_at_or_below(index, wanted)]
            below = [index for index in leaves if is_at_or_below(wanted, index)]
            assert len(over) == 1 or (not over and below)

    @settings(deadline=None)
    @given(st.data())
    def test_no_two_leaves_share_a_part_of_the_tree(
        self, schema: Schema, documents: st.SearchStrategy[Doc], data: st.DataObject
    ) -> None:
        leaves = [leaf.position.index for leaf in place(data.draw(documents), schema)]
        assert len(set(leaves)) == len(leaves)
        assert sum(Fraction(1, 1 << depth_of(index)) for index in leaves) <= 1
        for index in leaves:
            assert not any(other != index and is_at_or_below(other, index) for other in leaves)

    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"unknown": 1}, "/unknown"),
            ({"price": {"x/y": 1}}, "/price/x~1y"),
            ({"title": 5}, "/title"),
            ({"title": None}, "/title"),
            ({"title": "Gu\u0308lsu\u0308n"}, "/title"),
            ({"title": "\ud800"}, "/title"),
            ({"flag": 0}, "/flag"),
            ({"count": True}, "/count"),
            ({"count": 2**53}, "/count"),
            ({"count": 1.5}, "/count"),
            ({"ratio": float("nan")}, "/ratio"),
            ({"ratio": float("inf")}, "/ratio"),
            ({"title": ["a"]}, "/title"),
            ({"title": {}}, "/title"),
            ({"price": "12 EUR"}, "/price"),
            ({"price": []}, "/price"),
            ({"lines": {}}, "/lines"),
            ({"lines": "none"}, "/lines"),
            ({"lines": [{}] * 9}, "/lines"),
            ({"lines": [{"tags": ["a"] * 5}]}, "/lines/0/tags"),
            ({"weight": "12"}, "/weight"),
            ({"weight": True}, "/weight"),
            ({"weight": {}}, "/weight"),
        ],
    )
    def test_a_value_that_the_schema_has_no_place_for_is_refused(
        self, schema: Schema, fields: dict[str, Any], where: str
    ) -> None:
        with pytest.raises(FieldMisplaced) as refusal:
            placed(fields, schema)
        assert refusal.value.field == where

    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"weight": 0.0001}, "/weight"),
            ({"price": {"amount": 1}}, "/price/amount"),
            ({"price": {"amount": 1.005, "currency": "EUR"}}, "/price/amount"),
            ({"lines": [{"quantity": 1e300}]}, "/lines/0/quantity"),
            ({"lines": [{"quantity": 1, "unit": "kilograms!"}]}, "/lines/0/quantity"),
        ],
    )
    def test_a_figure_that_cannot_be_exact_is_refused(
        self, schema: Schema, fields: dict[str, Any], where: str
    ) -> None:
        with pytest.raises(FigureMalformed) as refusal:
            placed(fields, schema)
        assert refusal.value.field == where
