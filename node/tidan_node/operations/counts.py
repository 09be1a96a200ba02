"""How many operations stand where, for those who watch the node."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.operations.operation import OperationStatus
from tidan_node.operations.tables import operations


async def operations_by_status(connection: AsyncConnection) -> dict[str, int]:
    """Every status, also those that no operation has."""
    counted = await connection.execute(
        select(operations.c.status, func.count().label("number")).group_by(operations.c.status)
    )
    found = {row.status: row.number for row in counted}
    return {status.value: found.get(status.value, 0) for status in OperationStatus}
