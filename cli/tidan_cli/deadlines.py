"""When something ends, as people type it: a moment, or a span from now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from tidan_cli.client import NodeClient
from tidan_cli.failures import Answered, UsageProblem

_SPAN: Final = re.compile(r"(\d{1,6})([mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def deadline(text: str, *, now: datetime, option: str = "--until") -> str:
    """A moment as the API takes it, from a moment or from a span like 7d."""
    span = _SPAN.fullmatch(text)
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


def chain_deadline(client: NodeClient, text: str, *, option: str = "--until") -> str:
    """The same of what the chain keeps: a span counts from its time, where that is ahead."""
    now = datetime.now(UTC)
    ends = deadline(text, now=now, option=option)
    if _SPAN.fullmatch(text) is None:
        return ends
    try:
        told = str(client.get("/v1/me")["asOf"]["time"])
    except Answered:  # the key may not cover the look; the act needs it not
        return ends
    return deadline(text, now=max(now, datetime.fromisoformat(told)), option=option)
