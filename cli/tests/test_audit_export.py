"""Exports are safe to open, and appear whole or not at all."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tidan_cli.audit_export import exported, safe_cell

LINE = {
    "kind": "title",
    "record": "0x3f",
    "seq": 1,
    "by": {"index": 2, "name": "=cmd|' /C calc'!A0"},
    "details": {"what": ["title"]},
}


class TestSafeCell:
    @pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])  # noqa: RUF001
    def test_what_would_begin_a_formula_is_text(self, beginning: str) -> None:
        assert safe_cell(f"{beginning}1+1") == f"'{beginning}1+1"

    @pytest.mark.parametrize(("value", "cell"), [(None, ""), (3, "3"), ("a=b", "a=b")])
    def test_everything_else_stays_as_it_is(self, value: object, cell: str) -> None:
        assert safe_cell(value) == cell


class TestExported:
    def test_every_line_is_one_json_value_and_one_row(self, tmp_path: Path) -> None:
        lines, rows = tmp_path / "acts.jsonl", tmp_path / "acts.csv"
        with exported(lines, rows) as sinks:
            for sink in sinks:
                sink(LINE)
                sink(LINE | {"details": {"reason": "two\nlines"}})

        assert [json.loads(line)["seq"] for line in lines.read_text().splitlines()] == [1, 1]
        with rows.open(newline="") as stream:
            first, second = csv.DictReader(stream)
        assert (first["by"], first["byName"]) == ("2", "'=cmd|' /C calc'!A0")
        assert json.loads(second["details"]) == {"reason": "two\nlines"}

    def test_the_bank_of_a_pledgees_act_has_cells_of_its_own(self, tmp_path: Path) -> None:
        rows = tmp_path / "acts.csv"
        with exported(None, rows) as sinks:
            sinks[0](LINE | {"by": None, "bank": {"index": 4, "name": "Quay"}})

        with rows.open(newline="") as stream:
            (row,) = csv.DictReader(stream)
        assert (row["by"], row["byName"]) == ("", "")
        assert (row["bank"], row["bankName"]) == ("4", "Quay")

    def test_an_export_that_was_interrupted_leaves_the_old_file(self, tmp_path: Path) -> None:
        lines = tmp_path / "acts.jsonl"
        lines.write_text("old\n")

        def interrupted() -> None:
            with exported(lines, None) as sinks:
                sinks[0](LINE)
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()

        assert lines.read_text() == "old\n"
        assert list(tmp_path.iterdir()) == [lines]
