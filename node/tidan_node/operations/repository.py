"""Every SQL statement on operations that people ask for; those of the lanes are in `lane_rows`."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import OperationId
from tidan_node.operations.operation import Operation, OperationStatus
from tidan_node.operations.tables import operations
from tidan_node.storage.bulk import insert_rows

UNFINISHED: Final = (OperationStatus.INITIALIZED, OperationStatus.PENDING)
_NEW: Final = (
    *("id", "chain_id", "kind", "target", "intent", "account", "status"),
    *("deadline", "created_at", "updated_at"),
)


class OperationRepository:
    """Operations in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, operation: Operation) -> None:
        """Keep a new operation."""
        row = (
            operation.id,
            operation.chain_id,
            operation.kind,
            operation.target,
            dict(operation.intent),
            operation.account,
            operation.status,
            operation.deadline,
            operation.created_at,
            operation.updated_at,
        )
        await insert_rows(self._connection, operations, _NEW, [row])

    async def restate(self, operation: Operation) -> None:
        """Keep what this operation is now to do, and until when."""
        await self._connection.execute(
            update(operations)
            .where(operations.c.id == operation.id)
            .values(kind=operation.kind, intent=dict(operation.intent), deadline=operation.deadline)
        )

    async def by_id(self, operation_id: OperationId) -> Operation | None:
        rows = await self._connection.execute(
            select(operations).where(operations.c.id == operation_id)
        )
        row = rows.one_or_none()
        return None if row is None else operation_of(row)

    async def page(
        self,
        *,
        limit: int,
        before: OperationId | None,
        status: OperationStatus | None,
        target: str | None,
    ) -> list[Operation]:
        """The newest first, older than `before`."""
        wanted = select(operations).order_by(operations.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(operations.c.id < before)
        if status is not None:
            wanted = wanted.where(operations.c.status == status)
        if target is not None:
            wanted = wanted.where(operations.c.target == target)
        return [operation_of(row) for row in await self._connection.execute(wanted)]

    async def unfinished(self, target: str, kind: str | None) -> list[Operation]:
        wanted = select(operations).where(
            operations.c.target == target, operations.c.status.in_(UNFINISHED)
        )
        if kind is not None:
            wanted = wanted.where(operations.c.kind == kind)
        rows = await self._connection.execute(wanted.order_by(operations.c.id))
        return [operation_of(row) for row in rows]


def operation_of(row: Row[tuple[object, ...]]) -> Operation:
    """The operation that these columns are of."""
    values = {column.name: row._mapping[column] for column in operations.c}
    values["status"] = OperationStatus(values["status"])
    return Operation(**values)
