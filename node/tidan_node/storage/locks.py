"""Names that one transaction at a time may hold, where a database lets several write at once."""

from __future__ import annotations

import hashlib

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection


async def hold(connection: AsyncConnection, name: str) -> None:
    """Wait until no other transaction holds this name, and hold it until this one ends.

    For what is looked at and then written where no row is there yet to be locked, and no unique key
    says it better. SQLite's writers wait for one another anyway.
    """
    if connection.dialect.name == "postgresql":
        number = cast(number_of(name), BigInteger)
        await connection.execute(select(func.pg_advisory_xact_lock(number)))


def number_of(name: str) -> int:
    """The number that PostgreSQL locks in the place of a name."""
    digest = hashlib.sha256(f"tidan {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
