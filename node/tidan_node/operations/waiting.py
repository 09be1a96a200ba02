"""What waits for the chain, and how long: each operation, and each lane as a whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address, OperationId
from tidan_node.operations.operation import AttemptState, Operation, OperationStatus, Waiting
from tidan_node.operations.stuck import next_step
from tidan_node.operations.tables import attempts

_LIVE: Final = attempts.c.state == AttemptState.LIVE
_BEHIND: Final = "it waits behind another transaction of its account: "


@dataclass(frozen=True, slots=True)
class LaneState:
    """One account's transactions, as far as they may still be included."""

    account: Address
    in_flight: int
    refused: int
    """How many of them the chain's node would not take, or no block has held for long."""
    oldest: datetime | None
    """When the oldest was signed."""
    waiting: Waiting | None
    """Why the first of those that are refused is so: all behind it wait for it."""

    def is_stuck(self, since: datetime) -> bool:
        """Whether it has been held up from before this moment."""
        return self.waiting is not None and self.waiting.since < since


async def with_waiting(
    connection: AsyncConnection, operations: Sequence[Operation]
) -> list[Operation]:
    """The operations, and of those that no block takes why that is."""
    pending = [each.id for each in operations if each.status is OperationStatus.PENDING]
    waiting = await _waiting(connection, pending) if pending else {}
    return [
        replace(each, waiting=waiting[each.id]) if each.id in waiting else each
        for each in operations
    ]


async def lane_states(
    connection: AsyncConnection, accounts: Collection[Address]
) -> list[LaneState]:
    """The lanes of these accounts, and of all others that have something under way."""
    counted = await connection.execute(
        select(
            attempts.c.account,
            func.count().label("live"),
            func.count(attempts.c.refusal).label("refused"),
            func.min(attempts.c.created_at).label("oldest"),
        )
        .where(_LIVE)
        .group_by(attempts.c.account)
    )
    rows = {row.account: row for row in counted}
    first = await _first_refused(connection)
    states: list[LaneState] = []
    for account in (*accounts, *sorted(set(rows).difference(accounts))):
        row, refused = rows.get(account), first.get(account)
        states.append(
            LaneState(
                account=account,
                in_flight=0 if row is None else row.live,
                refused=0 if row is None else row.refused,
                oldest=None if row is None else row.oldest,
                waiting=None if refused is None else _told(refused),
            )
        )
    return states


async def _waiting(
    connection: AsyncConnection, wanted: Collection[OperationId]
) -> dict[OperationId, Waiting]:
    own = await connection.execute(_with_refusals().where(attempts.c.operation_id.in_(wanted)))
    first = await _first_refused(connection)
    waiting: dict[OperationId, Waiting] = {}
    for row in own:
        before = first.get(row.account)
        if row.refusal is not None:
            waiting[row.operation_id] = _told(row)
        elif before is not None and before.nonce < row.nonce:
            told = _told(before)
            waiting[row.operation_id] = replace(told, reason=_BEHIND + told.reason)
    return waiting


async def _first_refused(connection: AsyncConnection) -> dict[Address, Row[Any]]:
    """Of each account the transaction that those behind it wait for."""
    found = await connection.execute(
        _with_refusals().where(attempts.c.refusal.is_not(None)).order_by(attempts.c.nonce.desc())
    )
    return {row.account: row for row in found}


def _with_refusals() -> Select[Any]:  # Any: the types of the columns
    columns = attempts.c
    return select(
        columns.operation_id,
        columns.account,
        columns.nonce,
        columns.refusal,
        columns.refused_since,
        columns.created_at,
    ).where(_LIVE)


def _told(row: Row[Any]) -> Waiting:  # Any: as `_with_refusals` has them
    # a row of a former version has a refusal, and not since when
    since = row.refused_since or row.created_at
    return Waiting(row.refusal, since, next_step(row.refusal, row.account))
