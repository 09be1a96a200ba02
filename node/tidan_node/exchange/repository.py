"""Every SQL statement on parcels that leave; those on parcels that came are in `arrivals`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import ContentRoot, OperationId, PartyIndex
from tidan_node.domain.packages import RecordKind
from tidan_node.domain.parcels import ParcelId, ParcelStatus
from tidan_node.exchange.tables import parcels_outgoing

_QUEUED: Final = parcels_outgoing.c.status == ParcelStatus.QUEUED


@dataclass(frozen=True, slots=True)
class Posted:
    """A parcel that is to be sent, as its act noted it."""

    parcel_id: ParcelId
    kind: RecordKind
    record_id: str
    content_root: ContentRoot
    recipient: PartyIndex
    actor: str
    created_at: datetime
    operation_id: OperationId | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """The bytes that travel, their digest, and the key that opens them."""

    body: bytes = field(repr=False)
    digest: str
    sealed_for: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A parcel on its way: what was posted, its bytes once it is sealed, and how it goes."""

    posted: Posted
    sealed: Sealed | None
    attempts: int
    problem: str | None

    @property
    def parcel_id(self) -> ParcelId:
        return self.posted.parcel_id


@dataclass(frozen=True, slots=True)
class Ending:
    """How a parcel ended. The receipt is kept with it: it proves the end to third parties."""

    status: ParcelStatus
    problem: str | None = None
    rule: str | None = None
    receipt: str | None = None


class OutgoingParcels:
    """Parcels that leave, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, posted: Posted) -> None:
        """A new parcel, due at once."""
        await self._connection.execute(
            insert(parcels_outgoing).values(
                id=posted.parcel_id,
                kind=posted.kind,
                record_id=posted.record_id,
                content_root=posted.content_root,
                recipient=posted.recipient,
                actor=posted.actor,
                operation_id=posted.operation_id,
                status=ParcelStatus.QUEUED,
                attempts=0,
                next_attempt_at=posted.created_at,
                created_at=posted.created_at,
            )
        )

    async def recipients_due(self, now: datetime) -> set[PartyIndex]:
        """Whom something is to be sent to now."""
        found = await self._connection.scalars(
            select(parcels_outgoing.c.recipient)
            .where(_QUEUED, parcels_outgoing.c.next_attempt_at <= now)
            .distinct()
        )
        return set(found)

    async def next_due(self, busy: Collection[PartyIndex]) -> datetime | None:
        """When the next attempt is to be made, to all but these parties."""
        found: datetime | None = await self._connection.scalar(
            select(func.min(parcels_outgoing.c.next_attempt_at)).where(
                _QUEUED, parcels_outgoing.c.recipient.not_in(list(busy))
            )
        )
        return found

    async def first_due(self, recipient: PartyIndex, now: datetime) -> Outgoing | None:
        """The parcel to this party that has waited longest for its attempt."""
        found = await self._connection.execute(
            select(parcels_outgoing)
            .where(
                _QUEUED,
                parcels_outgoing.c.recipient == recipient,
                parcels_outgoing.c.next_attempt_at <= now,
            )
            .order_by(parcels_outgoing.c.next_attempt_at, parcels_outgoing.c.id)
            .limit(1)
        )
        row = found.mappings().first()
        return None if row is None else _outgoing(row)

    async def is_waiting_for(self, problems: Collection[str]) -> bool:
        """Whether anything waits for one of these."""
        found = await self._connection.scalar(
            select(parcels_outgoing.c.id).where(_QUEUED, _of(problems)).limit(1)
        )
        return found is not None

    async def make_due(self, problems: Collection[str], now: datetime) -> None:
        """What waits for one of these is looked at now."""
        await self._connection.execute(
            update(parcels_outgoing)
            .where(_QUEUED, _of(problems), parcels_outgoing.c.next_attempt_at > now)
            .values(next_attempt_at=now)
        )

    async def seal(self, parcel_id: ParcelId, sealed: Sealed) -> None:
        """Keep the bytes before anybody sees them."""
        await self._connection.execute(
            update(parcels_outgoing)
            .where(_QUEUED, parcels_outgoing.c.id == parcel_id)
            .values(body=sealed.body, digest=sealed.digest, sealed_for=sealed.sealed_for)
        )

    async def delay(
        self, parcel_id: ParcelId, problem: str, *, attempts: int, at: datetime
    ) -> None:
        await self._connection.execute(
            update(parcels_outgoing)
            .where(_QUEUED, parcels_outgoing.c.id == parcel_id)
            .values(problem=problem, attempts=attempts, next_attempt_at=at)
        )

    async def end(
        self, parcel_id: ParcelId, ending: Ending, *, attempts: int, at: datetime
    ) -> bool:
        """End it, and let its bytes go. False: it had ended already."""
        changed = await self._connection.execute(
            update(parcels_outgoing)
            .where(_QUEUED, parcels_outgoing.c.id == parcel_id)
            .values(
                status=ending.status,
                problem=ending.problem,
                rule=ending.rule,
                receipt=ending.receipt,
                attempts=attempts,
                body=None,
                next_attempt_at=None,
                ended_at=at,
            )
        )
        return changed.rowcount == 1


def pause_after(attempts: int, chance: float) -> timedelta:
    """Half a second, doubled with each attempt up to five minutes, spread by half of itself."""
    seconds = min(0.5 * 2.0 ** min(attempts, 20), 300.0)
    return timedelta(seconds=seconds * (0.75 + chance / 2))


def _of(problems: Collection[str]) -> ColumnElement[bool]:
    return parcels_outgoing.c.problem.in_(list(problems))


def _outgoing(row: RowMapping) -> Outgoing:
    sealed = None
    if row["body"] is not None:
        sealed = Sealed(row["body"], row["digest"], row["sealed_for"])
    return Outgoing(
        posted=Posted(
            parcel_id=row["id"],
            kind=row["kind"],
            record_id=row["record_id"],
            content_root=row["content_root"],
            recipient=row["recipient"],
            actor=row["actor"],
            created_at=row["created_at"],
            operation_id=row["operation_id"],
        ),
        sealed=sealed,
        attempts=row["attempts"],
        problem=row["problem"],
    )
