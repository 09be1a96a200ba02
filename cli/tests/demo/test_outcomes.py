"""The last words of a chapter about titles in the place of others."""

from __future__ import annotations

from typing import Any

import pytest

from tidan_cli.demo.outcomes import close_titles
from tidan_cli.output import Terminal

Json = dict[str, Any]  # Any: JSON

TITLE = "0x" + "3f" * 32


def story(**others: object) -> Json:
    title = {
        "title": TITLE,
        "number": "TDZ-1",
        "status": "VOIDED",
        "possessor": {"index": 2, "name": "Shipper"},
        "acts": ["ISSUE", "SURRENDER_FOR_AMENDMENT", "VOID"],
    }
    return {
        "titles": [title],
        "audit": {"titles": [{"title": TITLE, "verdict": "verified"}]},
        "kept": None,
        "seconds": 60.0,
    } | others


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:  # Any: a function of this module
    def told(answer: Json) -> str:
        close_titles(Terminal(as_json=False).out, answer)
        return capsys.readouterr().out

    return told


def test_it_says_what_became_of_each_title_and_what_the_audit_found(said: Any) -> None:
    told = said(story())

    for words in ("TDZ-1", "VOIDED", "Shipper (2)", f"title {TITLE[:14]}…: verified"):
        assert words in told
    assert "everything is removed again" in told


def test_what_is_kept_is_told_with_a_command_to_look_further(said: Any) -> None:
    nodes = [{"key": "shipper", "home": "/demo/shipper", "url": "http://127.0.0.1:1"}]
    told = said(story(kept={"folder": "/demo", "nodes": nodes}))

    assert "tidan title history 3f3f3f3f --home /demo/shipper" in told
    assert "tidan demo clean --dir /demo" in told
