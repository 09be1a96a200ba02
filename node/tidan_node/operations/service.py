"""What the rest of the node asks of operations: to note an intention, and to show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import OperationId
from tidan_node.operations.backlog import Backlog
from tidan_node.operations.naming import OperationNames
from tidan_node.operations.operation import NOBODY, Operation, OperationStatus
from tidan_node.operations.repository import OperationRepository
from tidan_node.operations.waiting import with_waiting
from tidan_node.problems import NotFound

__all__ = ["Operation", "OperationStatus", "Operations"]


class Operations:
    """Operations of one party on one chain. All methods work in the caller's transaction."""

    def __init__(
        self,
        *,
        chain_id: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        backlog: Backlog | None = None,
    ) -> None:
        self._chain_id = chain_id
        self._clock = clock
        self._backlog = backlog or Backlog()
        self._names = OperationNames()

    async def enqueue(
        self,
        connection: AsyncConnection,
        *,
        kind: str,
        target: str,
        intent: Mapping[str, object],
        deadline: datetime | None = None,
        even_if_full: bool = False,
    ) -> Operation:
        """Note the intention. Once the caller commits, the dispatcher carries it to its end.

        `target` is what it changes: operations on one target are carried out one after another.
        Where too many are under way already it is QueueFull, save for what the node does of itself.
        """
        if not even_if_full:
            await self._backlog.admit(connection)
        now = self._clock()
        operation = Operation(
            id=self._names.next(now),
            chain_id=self._chain_id,
            kind=kind,
            target=target,
            intent=intent,
            account=NOBODY,
            status=OperationStatus.INITIALIZED,
            created_at=now,
            updated_at=now,
            deadline=deadline,
        )
        await OperationRepository(connection).add(operation)
        return operation

    async def restate(
        self,
        connection: AsyncConnection,
        operation: Operation,
        *,
        kind: str,
        intent: Mapping[str, object],
        deadline: datetime | None,
    ) -> Operation:
        """The same operation, to be carried out in another way; in the transaction that noted it,
        so that nobody has seen it before."""
        restated = replace(operation, kind=kind, intent=intent, deadline=deadline)
        await OperationRepository(connection).restate(restated)
        return restated

    async def by_id(self, connection: AsyncConnection, operation_id: OperationId) -> Operation:
        """This operation, or NotFound."""
        found = await OperationRepository(connection).by_id(operation_id)
        if found is None:
            raise NotFound(f"there is no operation {operation_id}", field="operation")
        (told,) = await with_waiting(connection, [found])
        return told

    async def page(
        self,
        connection: AsyncConnection,
        *,
        limit: int,
        before: OperationId | None = None,
        status: OperationStatus | None = None,
        target: str | None = None,
    ) -> list[Operation]:
        """The newest operations first, from just before the one named."""
        found = await OperationRepository(connection).page(
            limit=limit, before=before, status=status, target=target
        )
        return await with_waiting(connection, found)

    async def unfinished(
        self, connection: AsyncConnection, *, target: str, kind: str | None = None
    ) -> list[Operation]:
        """What is still under way for this target, in the order in which it will be done."""
        return await OperationRepository(connection).unfinished(target, kind)
