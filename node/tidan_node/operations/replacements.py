"""Several signed transactions with one nonce: a single one is sent, and at most one is included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import TxHash
from tidan_node.operations.operation import Attempt, AttemptState
from tidan_node.operations.tables import attempts


def open_again() -> ColumnElement[Any]:  # Any: a text
    """What a transaction is that was concluded, and may be included again: of several with one
    nonce the last that was signed is sent."""
    later = attempts.alias("later")
    has_later = exists().where(
        later.c.operation_id == attempts.c.operation_id,
        later.c.chain_id == attempts.c.chain_id,
        later.c.account == attempts.c.account,
        later.c.nonce == attempts.c.nonce,
        later.c.number > attempts.c.number,
    )
    return case((has_later, AttemptState.REPLACED.value), else_=AttemptState.LIVE.value)


async def replaced(connection: AsyncConnection, wanted: Mapping[TxHash, Attempt]) -> list[Attempt]:
    """The new transactions to keep: of those whose former ones are live still, which are replaced
    from now on. Each has the next number of its operation."""
    gone = set(
        await connection.scalars(
            update(attempts)
            .where(attempts.c.tx_hash.in_(wanted), attempts.c.state == AttemptState.LIVE)
            .values(state=AttemptState.REPLACED)
            .returning(attempts.c.tx_hash)
        )
    )
    signed = [attempt for former, attempt in wanted.items() if former in gone]
    counted = await connection.execute(
        select(attempts.c.operation_id, func.max(attempts.c.number).label("last"))
        .where(attempts.c.operation_id.in_({each.operation_id for each in signed}))
        .group_by(attempts.c.operation_id)
    )
    last = {row.operation_id: int(row.last) for row in counted}
    numbered: list[Attempt] = []
    for each in signed:
        last[each.operation_id] += 1
        numbered.append(replace(each, number=last[each.operation_id]))
    return numbered
