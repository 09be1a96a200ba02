"""A check that misses a falsehood, or invents one, fails the story."""

from __future__ import annotations

from typing import Any

import pytest

from tidan_cli.demo.falsehoods import require_named
from tidan_cli.failures import StepFailed

FALSEHOODS = [
    {"rule": "weights", "paper": "bill.json", "what": "too heavy"},
    {"rule": "ports", "paper": "contract.xml", "what": "elsewhere"},
]


def check(**found: list[str]) -> dict[str, Any]:  # Any: JSON
    """A report in which these rules have findings in these papers."""
    rules: list[dict[str, Any]] = [{"id": "currency", "verdict": "pass", "evidence": []}]  # JSON
    for rule, papers in found.items():
        evidence = [{"paper": paper, "path": "/", "value": "1"} for paper in papers]
        rules.append({"id": rule, "verdict": "finding", "evidence": evidence})
    return {"rules": rules}


def test_everything_that_is_false_was_named() -> None:
    require_named(check(weights=["bill.json", "list.xml"], ports=["contract.xml"]), FALSEHOODS)


def test_a_falsehood_was_missed() -> None:
    with pytest.raises(StepFailed, match=r"missed ports in contract\.xml"):
        require_named(check(weights=["bill.json"]), FALSEHOODS)


def test_a_falsehood_was_seen_in_another_paper() -> None:
    with pytest.raises(StepFailed, match=r"missed weights in bill\.json"):
        require_named(check(weights=["list.xml"], ports=["contract.xml"]), FALSEHOODS)


def test_something_was_found_without_cause() -> None:
    found = check(weights=["bill.json"], ports=["contract.xml"], quantities=["bill.json"])
    with pytest.raises(StepFailed, match="without cause quantities"):
        require_named(found, FALSEHOODS)
