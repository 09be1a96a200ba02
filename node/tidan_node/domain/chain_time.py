"""Seconds of the chain as people and answers write them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

_LAST_SECOND: Final = 253_402_300_799


def moment(seconds: int) -> str:
    """`2026-01-31T12:00:00Z`. The chain counts on past the year 9999, calendars do not."""
    return (
        datetime.fromtimestamp(min(seconds, _LAST_SECOND), UTC).isoformat().replace("+00:00", "Z")
    )
