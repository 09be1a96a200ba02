"""Which lane carries an operation: whichever has room for it first, and then no other."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address
from tidan_node.operations.operation import NOBODY, OPEN
from tidan_node.operations.repository import UNFINISHED
from tidan_node.operations.tables import attempts, operations


def has_live(operation_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a transaction of the operation can still take effect."""
    signed = attempts.alias("signed")
    return exists().where(signed.c.operation_id == operation_id, signed.c.state.in_(OPEN))


def can_be_signed(chain_id: int, kinds: Collection[str]) -> ColumnElement[bool]:
    """An operation waits while an older one on its target has not ended, and while any has a live
    transaction."""
    other = operations.alias("other")
    blocked = exists().where(
        other.c.target == operations.c.target,
        other.c.id != operations.c.id,
        other.c.status.in_(UNFINISHED),
        or_(other.c.id < operations.c.id, has_live(other.c.id)),
    )
    return (
        (operations.c.chain_id == chain_id)
        & operations.c.kind.in_(kinds)
        & operations.c.status.in_(UNFINISHED)
        & ~has_live(operations.c.id)
        & ~blocked
    )


async def take(
    connection: AsyncConnection,
    account: Address,
    *,
    chain_id: int,
    kinds: Collection[str],
    limit: int,
) -> None:
    """Up to so many operations that are nobody's and can be signed, oldest first, are now this
    lane's. Of two lanes that reach for one operation, one has it."""
    free = operations.c.account == NOBODY
    wanted: Select[Any] = (  # Any: the type of the id
        select(operations.c.id)
        .where(free, can_be_signed(chain_id, kinds))
        .order_by(operations.c.id)
        .limit(limit)
    )
    await connection.execute(
        update(operations)
        .where(operations.c.id.in_(wanted.scalar_subquery()), free)
        .values(account=account)
    )


async def are_free(connection: AsyncConnection, chain_id: int) -> bool:
    """Whether there are unfinished operations that no lane has taken."""
    free = exists().where(
        operations.c.chain_id == chain_id,
        operations.c.account == NOBODY,
        operations.c.status.in_(UNFINISHED),
    )
    return bool(await connection.scalar(select(free)))


async def give_up(
    connection: AsyncConnection, account: Address, *, chain_id: int, now: datetime
) -> None:
    """What this lane has taken, and has no transaction for that could still take effect, is
    nobody's again."""
    await connection.execute(
        update(operations)
        .where(
            operations.c.chain_id == chain_id,
            operations.c.account == account,
            operations.c.status.in_(UNFINISHED),
            ~has_live(operations.c.id),
        )
        .values(account=NOBODY, updated_at=now)
    )
