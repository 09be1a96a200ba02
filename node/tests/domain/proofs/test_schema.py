"""The one position of every path."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.proofs.problems import PathUnknown, SchemaUnknown
from tidan_node.domain.proofs.schema import FILES, Schema, schema_by_number
from tidan_node.domain.proofs.tree import is_at_or_below


class TestLocate:
    @pytest.mark.parametrize(
        ("path", "bits"),
        [
            ("", "1"),
            ("/title", "1 0000"),
            ("/weight", "1 0111"),
            ("/price/currency", "1 0110 1"),
            ("/lines", "1 1000"),
            ("/lines/0", "1 1000 000"),
            ("/lines/7/unit", "1 1000 111 10"),
            ("/lines/3/tags/2", "1 1000 011 11 10"),
            ("/lines/4-7", "1 1000 1"),
            ("/lines/2-3", "1 1000 01"),
            ("/box/only", "1 1001 0"),
            ("/a~1b~0c", "1 1010"),
        ],
    )
    def test_a_position_is_one_bit_and_the_slots_one_after_the_other(
        self, schema: Schema, path: str, bits: str
    ) -> None:
        position = schema.locate(path)
        assert (position.path, position.index) == (path, int(bits.replace(" ", ""), 2))

    @pytest.mark.parametrize(
        "path",
        [
            *("title", "/nothing", "/title/", "/title/0", "/", "//title", "/Title", "/tit\u200ble"),
            *(
                "/lines/8",
                "/lines/08",
                "/lines/-1",
                "/lines/-",
                "/lines/+1",
                "/lines/ 1",
                "/lines/\uff11",
            ),
            *("/lines/0-7", "/lines/1-2", "/lines/0-2", "/lines/8-15", "/lines/4-7/name"),
            *("/lines/4-4", "/lines/7-4", "/lines/00-1", "/lines/" + "9" * 30, "/a~1b~0c/x"),
            *("/a/b~c", "/a~1b~c", "/a~1b~2c", "/lines/0/tags/4", "/price/amount/unit"),
        ],
    )
    def test_a_path_that_the_schema_does_not_know_is_refused(
        self, schema: Schema, path: str
    ) -> None:
        with pytest.raises(PathUnknown) as refusal:
            schema.locate(path)
        assert refusal.value.field == path

    def test_different_paths_have_different_positions(
        self, schema: Schema, paths: list[str]
    ) -> None:
        positions = {path: schema.locate(path).index for path in paths}
        assert len(set(positions.values())) == len(paths)
        for one, other in itertools.permutations(paths, 2):
            if is_at_or_below(positions[one], positions[other]):
                assert other.startswith(f"{one}/")

    @settings(deadline=None)
    @given(st.data())
    def test_every_character_of_a_path_counts(
        self, schema: Schema, paths: list[str], data: st.DataObject
    ) -> None:
        path = data.draw(st.sampled_from(paths))
        at = data.draw(st.integers(0, len(path) - 1))
        other = path[:at] + data.draw(st.characters(codec="utf-8")) + path[at + 1 :]
        if other == path:
            return
        try:
            index = schema.locate(other).index
        except PathUnknown:
            return
        assert index != schema.locate(path).index


class TestOutline:
    def test_it_lists_every_kind_of_leaf_with_its_bits(self, schema: Schema) -> None:
        lines = list(schema.outline())
        assert len(lines) == 14
        assert "/price/amount 01100 number figure 1 /currency currency" in lines
        assert "/weight 0111 number figure 2 KGM 3" in lines
        assert "/lines/*/tags/* 1000***11** string" in lines
        assert "/note 0010 null|string" in lines


class TestUnitPath:
    def test_it_is_the_sibling_that_names_the_unit(self, schema: Schema) -> None:
        assert schema.unit_path("/lines/3/quantity") == "/lines/3/unit"

    def test_there_is_none_for_a_constant_unit_or_no_figure(self, schema: Schema) -> None:
        assert [schema.unit_path(path) for path in ("/weight", "/title", "/lines")] == [None] * 3


class TestSchemaByNumber:
    def test_every_known_number_has_its_schema(self) -> None:
        assert [schema_by_number(number).number for number in FILES] == [1, 2, 3]

    def test_an_unknown_number_is_refused(self) -> None:
        with pytest.raises(SchemaUnknown, match="schema 4"):
            schema_by_number(4)
