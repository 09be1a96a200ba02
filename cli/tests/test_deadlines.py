"""When something ends, as people type it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tidan_cli.deadlines import deadline
from tidan_cli.failures import UsageProblem

NOW = datetime(2026, 10, 6, 9, tzinfo=UTC)


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


class TestChainDeadline:
    def offered(self, node: Any, tidan: Any, told: Any, until: str) -> str:
        node.answer(
            "POST", f"/v1/titles/{told.title_id}/offers", told.accepted("succeeded"), status=202
        )
        tidan("title", "offer", told.title_id, "--to", "3", "--until", until)
        (asked,) = node.taken("POST", f"/v1/titles/{told.title_id}/offers")
        return str(asked.json["deadline"])

    def test_a_span_counts_from_the_chain_where_it_is_ahead(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("GET", "/v1/me", {"asOf": {"time": "2099-03-01T12:00:00Z"}})
        assert self.offered(node, tidan, told, "1h") == "2099-03-01T13:00:00Z"

    @pytest.mark.parametrize("known", [True, False])
    def test_a_span_counts_from_here_where_the_chain_is_behind_or_not_to_be_seen(
        self, node: Any, tidan: Any, told: Any, known: bool
    ) -> None:
        if known:
            node.answer("GET", "/v1/me", {"asOf": {"time": "2001-03-01T12:00:00Z"}})
        ends = datetime.fromisoformat(self.offered(node, tidan, told, "1h"))
        assert abs(ends - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)

    def test_a_moment_is_taken_as_it_is(self, node: Any, tidan: Any, told: Any) -> None:
        asked = self.offered(node, tidan, told, "2026-12-01T10:00:00Z")
        assert asked == "2026-12-01T10:00:00Z"
        assert node.taken("GET", "/v1/me") == []

    def test_what_is_no_time_changes_nothing(self, node: Any, tidan: Any, told: Any) -> None:
        ended = tidan("title", "offer", told.title_id, "--to", "3", "--until", "soon", "--json")
        assert (ended.code, ended.problem["field"]) == (2, "--until")
        assert node.asked == []
