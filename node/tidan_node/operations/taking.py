"""Which lane carries an operation: whichever has room for it first, and then no other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address, OperationId
from tidan_node.operations.operation import NOBODY, OPEN
from tidan_node.operations.repository import UNFINISHED
from tidan_node.operations.tables import attempts, operations


def has_live(operation_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a transaction of the operation can still take effect."""
    signed = attempts.alias("signed")
    return exists().where(signed.c.operation_id == operation_id, signed.c.state.in_(OPEN))


def can_be_signed() -> ColumnElement[bool]:
    """An operation waits while an older one on its target has not ended, and while any has a live
    transaction. `chain_id` and `kinds` are asked for when the statement is done."""
    other = operations.alias("other")
    blocked = exists().where(
        other.c.target == operations.c.target,
        other.c.id != operations.c.id,
        other.c.status.in_(UNFINISHED),
        or_(other.c.id < operations.c.id, has_live(other.c.id)),
    )
    return (
        (operations.c.chain_id == bindparam("chain_id"))
        & operations.c.kind.in_(bindparam("kinds", expanding=True))
        & operations.c.status.in_(UNFINISHED)
        & ~has_live(operations.c.id)
        & ~blocked
    )


_TO_TAKE: Final = (
    select(operations.c.id)
    .where(operations.c.account == NOBODY, can_be_signed())
    .order_by(operations.c.id)
    .limit(bindparam("most"))
)


async def to_take(
    connection: AsyncConnection, *, chain_id: int, kinds: Collection[str], limit: int
) -> list[OperationId]:
    """Up to so many operations that are nobody's and can be signed, oldest first."""
    asked = {"chain_id": chain_id, "kinds": list(kinds), "most": limit}
    return list(await connection.scalars(_TO_TAKE, asked))


async def take(connection: AsyncConnection, account: Address, wanted: Sequence[OperationId]) -> int:
    """Those of them that are nobody's still are now this lane's, and how many they are. Of two
    lanes that reach for one operation, one has it."""
    taken = await connection.execute(
        update(operations)
        .where(operations.c.id.in_(wanted), operations.c.account == NOBODY)
        .values(account=account)
    )
    return taken.rowcount


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
