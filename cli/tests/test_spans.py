"""Lengths of time as people type them."""

from __future__ import annotations

import pytest

from tidan_cli.failures import UsageProblem
from tidan_cli.spans import seconds_in


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("24h", 86_400), ("7d", 604_800), ("90m", 5_400), ("30s", 30), ("2w", 1_209_600), ("5", 5)],
)
def test_each_unit_has_its_seconds(text: str, seconds: int) -> None:
    assert seconds_in(text, "DURATION") == seconds


@pytest.mark.parametrize("text", ["", "h", "1.5h", "-1", "1 day", "99999999999"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        seconds_in(text, "DURATION")
    assert refused.value.field == "DURATION"
