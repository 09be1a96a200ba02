"""Column types that mean the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import JSON, BigInteger, Dialect, Integer, String
from sqlalchemy.types import TypeDecorator

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

Hex32 = String(66)
"""32 bytes as lower-case hex with 0x: ids, roots, heads, hashes."""

Hex20 = String(42)
"""An account or contract as lower-case hex with 0x."""

ChainTime = BigInteger()
"""A time of the chain: whole seconds since 1970, as blocks carry it."""

RowId = BigInteger().with_variant(Integer(), "sqlite")
"""A number that the database counts up by itself (SQLite does so for INTEGER alone)."""

BytewiseText = String(200).with_variant(String(200, collation="C"), "postgresql")
"""Text that sorts byte by byte, as SQLite's does, so that a beginning is a range of an index."""

Document = JSON(none_as_null=True)
"""A JSON value; None is SQL's NULL."""


class UtcDateTime(TypeDecorator[datetime]):
    """A time of the node: aware, UTC, stored as microseconds since 1970.

    SQLite has no time type and PostgreSQL's drops nothing only within its own range; a whole
    number sorts and compares alike on both.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND
