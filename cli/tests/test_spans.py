"""Lengths of time as people type them, and as they are told."""

from __future__ import annotations

import pytest

from tidan_cli.failures import UsageProblem
from tidan_cli.spans import seconds_in, span_in_words


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("24h", 86_400), ("7d", 604_800), ("90m", 5_400), ("30s", 30), ("2w", 1_209_600)],
)
def test_each_unit_has_its_seconds(text: str, seconds: int) -> None:
    assert seconds_in(text, "DURATION") == seconds


@pytest.mark.parametrize("text", ["", "h", "1.5h", "-1", "1 day", "99999999999"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        seconds_in(text, "DURATION")
    assert refused.value.field == "DURATION"


def test_a_number_whose_unit_was_forgotten_is_refused_with_the_unit() -> None:
    with pytest.raises(UsageProblem, match="such as 23h"):
        seconds_in("23", "--delay")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(86_400, "24 h"), (5_400, "1 h 30 min"), (23, "23 s"), (3_601, "1 h 1 s"), (0, "0 s")],
)
def test_it_is_told_in_hours_minutes_and_seconds(seconds: int, words: str) -> None:
    assert span_in_words(seconds) == words
