"""What could not be looked at is never taken for right."""

from __future__ import annotations

import pytest

from tidan_node.domain.checks import Check, Outcome, overall

GOOD, BAD, UNKNOWN = (
    Check.verified("a"),
    Check.failed("b", "because"),
    Check.not_evaluable("c", "because"),
)


@pytest.mark.parametrize(
    ("checks", "outcome"),
    [
        ([GOOD, GOOD], Outcome.VERIFIED),
        ([GOOD, UNKNOWN], Outcome.NOT_EVALUABLE),
        ([GOOD, UNKNOWN, BAD], Outcome.FAILED),
        ([], Outcome.NOT_EVALUABLE),
    ],
)
def test_all_checks_together(checks: list[Check], outcome: Outcome) -> None:
    assert overall(checks) is outcome
