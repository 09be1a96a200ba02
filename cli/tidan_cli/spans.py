"""Lengths of time as people type them, `24h`, `7d` or `90m`, and as they are told to people."""

from __future__ import annotations

import re
from typing import Final

from tidan_cli.failures import UsageProblem

_SPAN: Final = re.compile(r"([0-9]{1,10})([smhdw])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def seconds_in(text: str, field: str) -> int:
    """How many seconds this is. A number alone is none: a forgotten `h` would make a day of 24
    seconds."""
    typed = text.strip()
    span = _SPAN.fullmatch(typed)
    if span is None:
        lacking = f", such as {typed}h" if typed.isascii() and typed.isdigit() else ""
        raise UsageProblem(
            f"{text!r} is no length of time: write a number and its unit, s, m, h, d or w"
            f"{lacking or ', such as 24h, 7d or 90m'}",
            field=field,
        )
    return int(span[1]) * _SECONDS[span[2]]


def span_in_words(seconds: int) -> str:
    """The same in hours, minutes and seconds, leaving out what is none: `1 h 30 min`."""
    minutes, rest = divmod(seconds, 60)
    parts = zip((*divmod(minutes, 60), rest), ("h", "min", "s"), strict=True)
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"
