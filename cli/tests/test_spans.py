"""Times as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tidan_cli.failures import UsageProblem
from tidan_cli.spans import deadline, seconds_in

NOW = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)


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


class TestDeadline:
    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("7d", "2026-10-13T09:00:00Z"),
            ("90m", "2026-10-06T10:30:00Z"),
            ("2w", "2026-10-20T09:00:00Z"),
            ("2026-12-01", "2026-12-01T00:00:00Z"),
            ("2026-12-01T10:00:00", "2026-12-01T10:00:00Z"),
            ("2026-12-01T10:00:00Z", "2026-12-01T10:00:00Z"),
        ],
    )
    def test_moments_and_spans_become_utc(self, text: str, moment: str) -> None:
        assert deadline(text, now=NOW) == moment

    @pytest.mark.parametrize("text", ["", "soon", "7y", "999999w", "2026-13-01"])
    def test_what_is_no_time_is_refused(self, text: str) -> None:
        with pytest.raises(UsageProblem) as refused:
            deadline(text, now=NOW)

        assert refused.value.field == "--until"
