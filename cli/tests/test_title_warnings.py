"""What the node does and yet doubts: a title that its document may make out to another."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_it_is_said_to_people_and_told_to_programs(
    node: Any, tidan: Any, told: Any, tmp_path: Path
) -> None:
    document = tmp_path / "bill.json"
    document.write_text("{}")
    doubt = {"field": "titleholder", "detail": "see that both are one"}
    accepted = told.accepted("succeeded") | {"warnings": [doubt]}
    node.answer("POST", "/v1/titles", accepted, status=202)

    read = tidan("title", "issue", document, "--titleholder", "2")
    programs = tidan("title", "issue", document, "--titleholder", "2", "--json")

    assert "warning: see that both are one (titleholder)" in read.err
    assert (programs.err, programs.answer["warnings"]) == ("", [doubt])
