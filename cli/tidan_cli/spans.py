"""Times as people type them: lengths (`24h`, `7d`, `90m`, or seconds), and moments."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from tidan_cli.failures import UsageProblem

_SPAN: Final = re.compile(r"([0-9]{1,10})([smhdw]?)")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_AHEAD: Final = re.compile(r"(\d{1,6})([mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def seconds_in(text: str, field: str) -> int:
    """How many seconds this is."""
    span = _SPAN.fullmatch(text.strip())
    if span is None:
        raise UsageProblem(
            f"{text!r} is no length of time: write 24h, 7d, 90m or a number of seconds",
            field=field,
        )
    return int(span[1]) * _SECONDS[span[2]]


def deadline(text: str, *, now: datetime, option: str = "--until") -> str:
    """A moment as the API takes it, from a moment or from a span like 7d."""
    span = _AHEAD.fullmatch(text)
    try:
        if span:
            moment = now + timedelta(**{_UNITS[span[2]]: int(span[1])})
        else:
            moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise UsageProblem(
            f"{text!r} is no time: write 2026-05-31T12:00:00Z, or 7d from now", field=option
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
