"""The last words of a chapter about the Council."""

from __future__ import annotations

from typing import Any

import pytest

from tidan_cli.demo.decisions import close_decisions
from tidan_cli.output import Terminal

Json = dict[str, Any]  # Any: JSON


def story(**others: object) -> Json:
    return {
        "council": {
            "founded": True,
            "foundedAt": "2026-11-22T09:00:00Z",
            "terms": {"threshold": 1, "delay": 86_400, "objectionWindow": 86_400},
            "seats": [{"party": {"index": 1, "name": "Demo Carrier"}, "status": "ACTIVE"}],
            "fault": None,
            "asOf": {"block": 7, "time": "2026-10-06T09:30:00Z"},
        },
        "proposals": [
            {
                "number": 1,
                "status": "OPEN",
                "words": "suspend Demo Bank (party 2)",
                "approvalsCounted": 0,
                "approvalsNeeded": 1,
                "executableFrom": None,
            }
        ],
        "audit": {"titles": [], "chain": {"verdict": "verified"}, "report": "/demo/report.jws"},
        "kept": None,
        "seconds": 60.0,
    } | others


def test_it_says_who_decides_what_was_proposed_and_what_the_audit_found(
    capsys: pytest.CaptureFixture[str],
) -> None:
    close_decisions(Terminal(as_json=False).out, story())
    told = capsys.readouterr().out

    assert "Demo Carrier (1)" in told
    assert "suspend Demo Bank" in told
    assert "the whole chain: verified" in told
    assert "everything is removed again" in told


def test_what_is_kept_is_told_with_a_command_to_look_further(
    capsys: pytest.CaptureFixture[str],
) -> None:
    nodes = [{"key": "regulator", "home": "/demo/regulator", "url": "http://127.0.0.1:1"}]
    answer = story(kept={"folder": "/demo", "nodes": nodes})
    close_decisions(Terminal(as_json=False).out, answer)
    told = capsys.readouterr().out

    assert "tidan council show 1 --home /demo/regulator" in told
    assert "tidan demo clean --dir /demo" in told
