"""Every SQL statement of a lane: one account's operations and signed transactions on one chain."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Row,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address, OperationId, TxHash
from tidan_node.operations.operation import (
    NOBODY,
    OPEN,
    Attempt,
    AttemptState,
    Operation,
    OperationStatus,
)
from tidan_node.operations.problems import DeadlinePassed
from tidan_node.operations.replacements import open_again
from tidan_node.operations.repository import UNFINISHED, operation_of
from tidan_node.operations.sending import Sending
from tidan_node.operations.tables import attempts, operations
from tidan_node.operations.taking import can_be_signed, has_live
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


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a transaction is in no block, and since when that is so."""

    reason: str
    since: datetime


_INCLUDED: Final = attempts.c.state == AttemptState.INCLUDED
_READY: Final = (
    select(
        operations,
        func.count(attempts.c.number).label("signed"),
        func.count(attempts.c.number).filter(_INCLUDED).label("exhausted"),
        func.coalesce(func.max(attempts.c.gas).filter(_INCLUDED), 0).label("most_gas"),
    )
    .outerjoin(attempts, attempts.c.operation_id == operations.c.id)
    .where(operations.c.account == bindparam("account"), can_be_signed())
    .group_by(operations.c.id)
    .order_by(operations.c.id)
    .limit(bindparam("most"))
)
_OF_LANE: Final = (
    attempts.c.chain_id == bindparam("chain_id"),
    attempts.c.account == bindparam("account"),
)
_LIVE: Final = attempts.c.state == AttemptState.LIVE
UNCONFIRMED: Final = _LIVE & (attempts.c.nonce >= bindparam("used"))
"""In no block, as far as is known. Those that wait for finality have no use for the pool."""
OVERDUE: Final = or_(
    attempts.c.last_sent_at.is_(None),
    attempts.c.last_sent_at < bindparam("sent_before"),
    attempts.c.refusal.is_not(None) & (attempts.c.last_sent_at < bindparam("refused_before")),
)
_UNCONFIRMED_COUNT: Final = select(func.count()).select_from(attempts).where(*_OF_LANE, UNCONFIRMED)
_DUE: Final = (
    select(attempts)
    .where(*_OF_LANE, UNCONFIRMED, OVERDUE)
    .order_by(attempts.c.nonce)
    .limit(bindparam("most"))
)


class LaneRows:
    """One lane in the caller's transaction."""

    def __init__(self, connection: AsyncConnection, *, chain_id: int, account: Address) -> None:
        self._connection = connection
        self._chain_id = chain_id
        self._account = account
        self._lane = (attempts.c.chain_id == chain_id) & (attempts.c.account == account)
        self._asked = {"chain_id": chain_id, "account": account}
        self._own_or_free = operations.c.account.in_((account, NOBODY))

    async def ready(self, kinds: Collection[str], limit: int) -> list[Ready]:
        """Operations of this lane that can be signed now, oldest first."""
        asked = {"kinds": list(kinds), "most": limit, **self._asked}
        rows = await self._connection.execute(_READY, asked)
        return [Ready(operation_of(row), row.signed, row.exhausted, row.most_gas) for row in rows]

    async def claim(self, wanted: Collection[OperationId], now: datetime) -> set[OperationId]:
        """Those of them that may be signed for still, which are pending now: the others have moved
        on since they were read."""
        moved = await self._connection.scalars(
            update(operations)
            .where(
                operations.c.id.in_(wanted),
                operations.c.account == self._account,
                operations.c.status.in_(UNFINISHED),
                ~has_live(operations.c.id),
            )
            .values(status=OperationStatus.PENDING, updated_at=now)
            .returning(operations.c.id)
        )
        return set(moved)

    async def start(self, signed: Sequence[Attempt]) -> None:
        """Keep signed transactions before anybody sees them."""
        await self._connection.execute(
            insert(attempts),
            [
                {
                    "operation_id": each.operation_id,
                    "number": each.number,
                    "chain_id": each.chain_id,
                    "account": each.account,
                    "nonce": each.nonce,
                    "raw": each.raw,
                    "tx_hash": each.tx_hash,
                    "gas": each.gas,
                    "state": each.state,
                    "created_at": each.created_at,
                }
                for each in signed
            ],
        )

    async def fail(self, operation_id: OperationId, problem: Problem, now: datetime) -> None:
        """End an unfinished operation with the problem that its caller will see."""
        await self._connection.execute(
            update(operations)
            .where(operations.c.id == operation_id, operations.c.status.in_(UNFINISHED))
            .values(status=OperationStatus.FAILED, problem=problem.document(), updated_at=now)
        )

    async def overdue(self, now: datetime) -> list[OperationId]:
        """What was not signed in time, also where no lane has taken it."""
        found = await self._connection.scalars(
            select(operations.c.id).where(
                operations.c.chain_id == self._chain_id,
                self._own_or_free,
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

    async def unconfirmed(self, used: int) -> int:
        """How many live transactions are in no block, where so many nonces are used."""
        asked = {"used": used, **self._asked}
        return int(await self._connection.scalar(_UNCONFIRMED_COUNT, asked) or 0)

    async def live_below(self, nonce: int) -> list[InFlight]:
        """What may take effect still, with nonces that are used up to this one."""
        rows = await self._connection.execute(
            select(attempts, operations)
            .join(operations, operations.c.id == attempts.c.operation_id)
            .where(self._lane, attempts.c.state.in_(OPEN), attempts.c.nonce < nonce)
        )
        return [InFlight(attempt_of(row), operation_of(row)) for row in rows]

    async def due(self, sending: Sending, now: datetime, limit: int) -> list[Attempt]:
        """Live transactions that are to be sent now, in the chain's order."""
        asked = {"most": limit, **sending.asked(now), **self._asked}
        rows = await self._connection.execute(_DUE, asked)
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

    async def mark_sent(self, refusals: Mapping[TxHash, Refusal | None], now: datetime) -> None:
        """These were sent, and this is why some of them are in no block."""
        await self._connection.execute(
            update(attempts)
            .where(attempts.c.tx_hash == bindparam("sent"))
            .values(last_sent_at=now, refusal=bindparam("why"), refused_since=bindparam("since")),
            [
                {
                    "sent": tx_hash,
                    "why": None if refusal is None else refusal.reason[:_REFUSAL_LENGTH],
                    "since": None if refusal is None else refusal.since,
                }
                for tx_hash, refusal in refusals.items()
            ],
        )

    async def lost_from(self, nonce: int) -> list[tuple[TxHash, OperationId]]:
        """Concluded transactions with nonces that the chain has not used (any more)."""
        found = await self._connection.execute(
            select(attempts.c.tx_hash, attempts.c.operation_id).where(
                self._lane, attempts.c.nonce >= nonce, attempts.c.state.not_in(OPEN)
            )
        )
        return [(row.tx_hash, row.operation_id) for row in found]

    async def reopen(self, lost: Sequence[tuple[TxHash, OperationId]], now: datetime) -> None:
        """These transactions may be included again, and operations that had failed by one are
        pending.

        Those that had succeeded are reopened with the event that ended them, when the indexer
        takes that back.
        """
        await self._connection.execute(
            update(attempts)
            .where(attempts.c.tx_hash == bindparam("lost"))
            .values(state=open_again()),
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


def attempt_of(row: Row[tuple[object, ...]]) -> Attempt:
    """The signed transaction that these columns are of."""
    values = {column.name: row._mapping[column] for column in attempts.c}
    values["state"] = AttemptState(values["state"])
    return Attempt(**values)
