"""Lengths of time as people type them: `24h`, `7d`, `90m`, or seconds."""

from __future__ import annotations

import re
from typing import Final

from tidan_cli.failures import UsageProblem

_SPAN: Final = re.compile(r"([0-9]{1,10})([smhdw]?)")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def seconds_in(text: str, field: str) -> int:
    """How many seconds this is."""
    span = _SPAN.fullmatch(text.strip())
    if span is None:
        raise UsageProblem(
            f"{text!r} is no length of time: write 24h, 7d, 90m or a number of seconds",
            field=field,
        )
    return int(span[1]) * _SECONDS[span[2]]
