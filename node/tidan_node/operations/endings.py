"""How operations end: by an event of one of their own transactions, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.events import ChainEvent, Origin
from tidan_node.domain.identifiers import TxHash
from tidan_node.operations.operation import AttemptState, OperationStatus
from tidan_node.operations.replacements import open_again
from tidan_node.operations.tables import attempts, operations

_AT_ONCE: Final = 500


class OperationEndings:
    """A projection: events end operations, and events that the chain takes back reopen them."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    async def apply(self, connection: AsyncConnection, events: Sequence[ChainEvent]) -> None:
        """Operations whose transactions told these events have succeeded, whatever they were."""
        first: dict[TxHash, Origin] = {}
        for each in events:
            first.setdefault(each.origin.tx_hash, each.origin)
        own = await _own(connection, first)
        if not own:
            return
        await connection.execute(
            update(attempts)
            .where(attempts.c.tx_hash == bindparam("seen"))
            .values(state=AttemptState.INCLUDED),
            [{"seen": tx_hash} for tx_hash in own],
        )
        now = self._clock()
        await connection.execute(
            update(operations)
            .where(
                operations.c.id == bindparam("ended"),
                operations.c.status != OperationStatus.SUCCEEDED,
            )
            .values(
                status=OperationStatus.SUCCEEDED,
                problem=None,
                result=bindparam("shown"),
                updated_at=now,
            ),
            [
                {"ended": operation_id, "shown": _result(first[tx_hash])}
                for tx_hash, operation_id in own.items()
            ],
        )

    async def rewind(self, connection: AsyncConnection, removed: Sequence[ChainEvent]) -> None:
        """The transactions are in no block any more: they are sent again, or those are that have
        replaced them."""
        own = await _own(connection, {each.origin.tx_hash for each in removed})
        if not own:
            return
        await connection.execute(
            update(attempts)
            .where(attempts.c.tx_hash == bindparam("lost"))
            .values(state=open_again(), last_sent_at=None),
            [{"lost": tx_hash} for tx_hash in own],
        )
        await connection.execute(
            update(operations)
            .where(operations.c.id == bindparam("reopened"))
            .values(status=OperationStatus.PENDING, result=None, updated_at=self._clock()),
            [{"reopened": operation_id} for operation_id in own.values()],
        )


async def _own(connection: AsyncConnection, hashes: Iterable[TxHash]) -> dict[TxHash, str]:
    """Those of the transactions that the node signed, with their operations."""
    own: dict[TxHash, str] = {}
    asked = list(hashes)
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        rows = await connection.execute(
            select(attempts.c.tx_hash, attempts.c.operation_id).where(attempts.c.tx_hash.in_(some))
        )
        own.update({TxHash(row.tx_hash): row.operation_id for row in rows})
    return own


def _result(origin: Origin) -> dict[str, object]:
    return {
        "txHash": origin.tx_hash,
        "blockNumber": origin.block_number,
        "logIndex": origin.log_index,
    }
