"""Every SQL statement of a lane: one account's operations and signed transactions on one chain."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Exists,
    Row,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address, OperationId, TxHash
from tidan_node.operations.operation import Attempt, AttemptState, Operation, OperationStatus
from tidan_node.operations.problems import DeadlinePassed
from tidan_node.operations.repository import UNFINISHED, operation_of
from tidan_node.operations.tables import attempts, operations
from tidan_node.problems import Problem

_REFUSAL_LENGTH: Final = 500


@dataclass(frozen=True, slots=True)
class Ready:
    """An operation that waits for a transaction: its first, or its next."""

    operation: Operation
    attempts: int
    """How many were signed before; none of them can take effect any more."""
    exhausted: int
    """How many of them were included, and ran out of gas."""
    most_gas: int
    """The most that one of those had."""


@dataclass(frozen=True, slots=True)
class InFlight:
    """A live transaction and the operation that it is for."""

    attempt: Attempt
    operation: Operation


class LaneRows:
    """One lane in the caller's transaction."""

    def __init__(self, connection: AsyncConnection, *, chain_id: int, account: Address) -> None:
        self._connection = connection
        self._chain_id = chain_id
        self._account = account
        self._lane = (attempts.c.chain_id == chain_id) & (attempts.c.account == account)

    async def ready(self, kinds: Collection[str], limit: int) -> list[Ready]:
        """Operations that can be signed now, oldest first.

        An operation waits while an older one on its target has not ended, and while any has a live
        transaction.
        """
        other = operations.alias("other")
        blocked = exists().where(
            other.c.target == operations.c.target,
            other.c.id != operations.c.id,
            other.c.status.in_(UNFINISHED),
            or_(other.c.id < operations.c.id, has_live(other.c.id)),
        )
        included = attempts.c.state == AttemptState.INCLUDED
        wanted = (
            select(
                operations,
                func.count(attempts.c.number).label("signed"),
                func.count(attempts.c.number).filter(included).label("exhausted"),
                func.coalesce(func.max(attempts.c.gas).filter(included), 0).label("most_gas"),
            )
            .outerjoin(attempts, attempts.c.operation_id == operations.c.id)
            .where(
                operations.c.chain_id == self._chain_id,
                operations.c.account == self._account,
                operations.c.kind.in_(kinds),
                operations.c.status.in_(UNFINISHED),
                ~has_live(operations.c.id),
                ~blocked,
            )
            .group_by(operations.c.id)
            .order_by(operations.c.id)
            .limit(limit)
        )
        rows = await self._connection.execute(wanted)
        return [Ready(operation_of(row), row.signed, row.exhausted, row.most_gas) for row in rows]

    async def start(self, attempt: Attempt) -> bool:
        """Keep a signed transaction before anybody sees it. False: the operation has moved on."""
        moved = await self._connection.execute(
            update(operations)
            .where(
                operations.c.id == attempt.operation_id,
                operations.c.status.in_(UNFINISHED),
                ~has_live(operations.c.id),
            )
            .values(status=OperationStatus.PENDING, updated_at=attempt.created_at)
        )
        if moved.rowcount != 1:
            return False
        await self._connection.execute(
            insert(attempts).values(
                operation_id=attempt.operation_id,
                number=attempt.number,
                chain_id=attempt.chain_id,
                account=attempt.account,
                nonce=attempt.nonce,
                raw=attempt.raw,
                tx_hash=attempt.tx_hash,
                gas=attempt.gas,
                state=attempt.state,
                created_at=attempt.created_at,
            )
        )
        return True

    async def fail(self, operation_id: OperationId, problem: Problem, now: datetime) -> None:
        """End an unfinished operation with the problem that its caller will see."""
        await self._connection.execute(
            update(operations)
            .where(operations.c.id == operation_id, operations.c.status.in_(UNFINISHED))
            .values(status=OperationStatus.FAILED, problem=problem.document(), updated_at=now)
        )

    async def overdue(self, now: datetime) -> list[OperationId]:
        """What was not signed in time."""
        found = await self._connection.scalars(
            select(operations.c.id).where(
                operations.c.chain_id == self._chain_id,
                operations.c.account == self._account,
                operations.c.status == OperationStatus.INITIALIZED,
                operations.c.deadline < now,
            )
        )
        return [OperationId(each) for each in found]

    async def undo(self, overdue: Collection[OperationId], now: datetime) -> None:
        """End those of them that are unsigned still."""
        passed = DeadlinePassed("nothing was signed by then", field="deadline")
        await self._connection.execute(
            update(operations)
            .where(operations.c.id.in_(overdue), operations.c.status == OperationStatus.INITIALIZED)
            .values(status=OperationStatus.UNDONE, problem=passed.document(), updated_at=now)
        )

    async def is_idle(self) -> bool:
        """Whether every operation has ended and every transaction is concluded."""
        unfinished = exists().where(
            operations.c.chain_id == self._chain_id,
            operations.c.account == self._account,
            operations.c.status.in_(UNFINISHED),
        )
        live = exists().where(self._lane, attempts.c.state == AttemptState.LIVE)
        return not await self._connection.scalar(select(or_(unfinished, live)))

    async def live_count(self) -> int:
        counted = await self._connection.scalar(
            select(func.count())
            .select_from(attempts)
            .where(self._lane, attempts.c.state == AttemptState.LIVE)
        )
        return int(counted or 0)

    async def live_below(self, nonce: int) -> list[InFlight]:
        """Live transactions whose nonces are used up to this one, by themselves or by others."""
        rows = await self._connection.execute(
            select(attempts, operations)
            .join(operations, operations.c.id == attempts.c.operation_id)
            .where(self._lane, attempts.c.state == AttemptState.LIVE, attempts.c.nonce < nonce)
        )
        return [InFlight(attempt_of(row), operation_of(row)) for row in rows]

    async def due(self, nonce: int, sent_before: datetime, limit: int) -> list[Attempt]:
        """Live transactions from this nonce on that were not sent lately, in the chain's order."""
        rows = await self._connection.execute(
            select(attempts)
            .where(
                self._lane,
                attempts.c.state == AttemptState.LIVE,
                attempts.c.nonce >= nonce,
                or_(attempts.c.last_sent_at.is_(None), attempts.c.last_sent_at < sent_before),
            )
            .order_by(attempts.c.nonce)
            .limit(limit)
        )
        return [attempt_of(row) for row in rows]

    async def highest_nonce(self) -> int:
        """The highest nonce that was ever signed, or -1."""
        highest = await self._connection.scalar(
            select(func.max(attempts.c.nonce)).where(self._lane)
        )
        return -1 if highest is None else int(highest)

    async def nonces_from(self, nonce: int) -> list[int]:
        """The nonces of everything that was ever signed, from this one on, rising."""
        found = await self._connection.scalars(
            select(attempts.c.nonce)
            .where(self._lane, attempts.c.nonce >= nonce)
            .order_by(attempts.c.nonce)
        )
        return list(found)

    async def conclude(self, tx_hash: TxHash, state: AttemptState) -> None:
        """What has become of a transaction."""
        await self._connection.execute(
            update(attempts).where(attempts.c.tx_hash == tx_hash).values(state=state)
        )

    async def mark_sent(self, refusals: Mapping[TxHash, str | None], now: datetime) -> None:
        """These were sent, and this is why the chain's node would not take some of them."""
        await self._connection.execute(
            update(attempts)
            .where(attempts.c.tx_hash == bindparam("sent"))
            .values(last_sent_at=now, refusal=bindparam("why")),
            [
                {"sent": tx_hash, "why": None if why is None else why[:_REFUSAL_LENGTH]}
                for tx_hash, why in refusals.items()
            ],
        )

    async def lost_from(self, nonce: int) -> list[tuple[TxHash, OperationId]]:
        """Concluded transactions with nonces that the chain has not used (any more)."""
        found = await self._connection.execute(
            select(attempts.c.tx_hash, attempts.c.operation_id).where(
                self._lane, attempts.c.nonce >= nonce, attempts.c.state != AttemptState.LIVE
            )
        )
        return [(row.tx_hash, row.operation_id) for row in found]

    async def reopen(self, lost: Sequence[tuple[TxHash, OperationId]], now: datetime) -> None:
        """These transactions are live again, and operations that had failed by one are pending.

        Those that had succeeded are reopened with the event that ended them, when the indexer
        takes that back.
        """
        await self._connection.execute(
            update(attempts)
            .where(attempts.c.tx_hash == bindparam("lost"))
            .values(state=AttemptState.LIVE),
            [{"lost": tx_hash} for tx_hash, _ in lost],
        )
        await self._connection.execute(
            update(operations)
            .where(
                operations.c.id == bindparam("reopened"),
                operations.c.status == OperationStatus.FAILED,
            )
            .values(status=OperationStatus.PENDING, problem=None, updated_at=now),
            [{"reopened": operation_id} for _, operation_id in lost],
        )

    async def distrust_sends(self) -> None:
        """Whatever was sent may have been lost with its block or its pool: it is due now."""
        await self._connection.execute(
            update(attempts)
            .where(self._lane, attempts.c.state == AttemptState.LIVE)
            .values(last_sent_at=None)
        )


def has_live(operation_id: ColumnElement[str]) -> Exists:
    """Whether a transaction of the operation can still take effect."""
    signed = attempts.alias("signed")
    return exists().where(
        signed.c.operation_id == operation_id, signed.c.state == AttemptState.LIVE
    )


def attempt_of(row: Row[tuple[object, ...]]) -> Attempt:
    """The signed transaction that these columns are of."""
    values = {column.name: row._mapping[column] for column in attempts.c}
    values["state"] = AttemptState(values["state"])
    return Attempt(**values)
