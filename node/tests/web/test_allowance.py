"""What strangers may have written down has an end, and begins anew with time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tidan_node.web.allowance import Allowance

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_so_many_are_granted_in_each_span() -> None:
    allowance = Allowance(2, timedelta(minutes=1))

    granted = [allowance.grant(NOW + timedelta(seconds=20) * each) for each in range(6)]

    assert granted == [True, True, False, True, True, False]
