"""One operation for each new name: two requests for one number make one operation."""

from __future__ import annotations

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.operations.claim_tables import operation_claims
from tidan_node.operations.operation import Operation, OperationStatus
from tidan_node.operations.repository import operation_of
from tidan_node.operations.tables import operations
from tidan_node.problems import Problem

_GAVE_UP = (OperationStatus.FAILED, OperationStatus.UNDONE)


class Claims:
    """Names claimed by operations, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def holder(self, name: str) -> Operation | None:
        """The operation that last claimed this name, whatever has become of it."""
        rows = await self._connection.execute(
            select(operations).join(operation_claims).where(operation_claims.c.name == name)
        )
        row = rows.one_or_none()
        return None if row is None else operation_of(row)

    async def take(
        self, name: str, operation: Operation, *, after: Operation | None, taken: Problem
    ) -> None:
        """Claim the name, `after` the operation that had it and failed. Of two transactions that do
        so at once, one is told `taken`."""
        if after is not None and after.status not in _GAVE_UP:
            raise taken
        if after is None:
            claim = insert(operation_claims).values(name=name, operation_id=operation.id)
            try:
                await self._connection.execute(claim)
            except IntegrityError as error:
                raise taken from error
            return
        passed_on = await self._connection.execute(
            update(operation_claims)
            .where(operation_claims.c.name == name, operation_claims.c.operation_id == after.id)
            .values(operation_id=operation.id)
        )
        if passed_on.rowcount != 1:
            raise taken
