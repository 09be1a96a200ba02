"""What the node does and yet doubts: a title that its document may make out to another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.test_awaiting import approval

DOUBT = {"field": "titleholder", "detail": "see that both are one"}


def test_it_is_said_to_people_and_told_to_programs(
    node: Any, tidan: Any, told: Any, tmp_path: Path
) -> None:
    document = tmp_path / "bill.json"
    document.write_text("{}")
    accepted = told.accepted("succeeded") | {"warnings": [DOUBT]}
    node.answer("POST", "/v1/titles", accepted, status=202)

    read = tidan("title", "issue", document, "--titleholder", "2")
    programs = tidan("title", "issue", document, "--titleholder", "2", "--json")

    assert "warning: see that both are one (titleholder)" in read.err
    assert (programs.err, programs.answer["warnings"]) == ("", [DOUBT])


def test_who_asks_hears_of_it_before_others_approve(node: Any, tidan: Any, tmp_path: Path) -> None:
    document = tmp_path / "bill.json"
    document.write_text("{}")
    waits = {"approval": approval(act="title.issue"), "warnings": [DOUBT]}
    node.answer("POST", "/v1/titles", waits, status=202)

    asked = tidan("title", "issue", document, "--titleholder", "2", "--no-wait")

    assert asked.code == 0
    assert "warning: see that both are one (titleholder)" in asked.err
