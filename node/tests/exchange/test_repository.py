"""How long a parcel waits for its next attempt."""

from __future__ import annotations

from datetime import timedelta

from tidan_node.exchange.repository import pause_after


class TestPauses:
    def test_they_double_up_to_five_minutes(self) -> None:
        pauses = [pause_after(attempts, 0.5).total_seconds() for attempts in (0, 1, 2, 3, 30)]

        assert pauses == [0.5, 1.0, 2.0, 4.0, 300.0]

    def test_chance_spreads_them(self) -> None:
        assert pause_after(4, 0.0) < pause_after(4, 1.0) < timedelta(seconds=12)
