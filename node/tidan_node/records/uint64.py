"""A column for numbers of 64 bits without a sign, which no SQL integer holds."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

_DIGITS: Final = 20


class Uint64(TypeDecorator[int]):
    """Stored as 20 digits, so that it sorts as the number does."""

    impl = String(_DIGITS)
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{value:0{_DIGITS}d}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)
