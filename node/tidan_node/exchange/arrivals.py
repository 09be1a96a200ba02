"""Every SQL statement on parcels that came, and on the signatures that were used up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.packages import RecordKind
from tidan_node.domain.parcels import ParcelId, ParcelStatus
from tidan_node.exchange.problems import ParcelIdReused, SignatureRefused
from tidan_node.exchange.signatures import Signed
from tidan_node.exchange.tables import parcels_received, signature_nonces


@dataclass(frozen=True, slots=True)
class Arrival:
    """A parcel that came, what became of it, and the receipt that says so."""

    sender: PartyIndex
    parcel_id: ParcelId
    digest: str
    kind: RecordKind | None
    record_id: str | None
    status: ParcelStatus
    problem: str | None
    rule: str | None
    receipt: str
    created_at: datetime


class Arrivals:
    """Parcels that came, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def receipt_of(self, sender: PartyIndex, parcel_id: ParcelId, digest: str) -> str | None:
        """The receipt that this very parcel had before; ParcelIdReused where another had its
        name."""
        found = await self._connection.execute(
            select(parcels_received.c.digest, parcels_received.c.receipt).where(
                parcels_received.c.sender == sender, parcels_received.c.id == parcel_id
            )
        )
        row = found.one_or_none()
        if row is None:
            return None
        if row.digest != digest:
            raise ParcelIdReused(
                f"party {sender} sent another parcel {parcel_id}", field="id", rule="digest"
            )
        return str(row.receipt)

    async def add(self, arrival: Arrival) -> None:
        await self._connection.execute(
            insert(parcels_received).values(
                sender=arrival.sender,
                id=arrival.parcel_id,
                digest=arrival.digest,
                kind=arrival.kind,
                record_id=arrival.record_id,
                status=arrival.status,
                problem=arrival.problem,
                rule=arrival.rule,
                receipt=arrival.receipt,
                created_at=arrival.created_at,
            )
        )

    async def is_used(self, signed: Signed) -> bool:
        """Whether this signature has been here before."""
        found = await self._connection.scalar(
            select(signature_nonces.c.party).where(
                signature_nonces.c.party == signed.party, signature_nonces.c.nonce == signed.nonce
            )
        )
        return found is not None

    async def use_up(self, signed: Signed, now: datetime) -> None:
        """The signature is good once; those that have ended need not be remembered."""
        await self._connection.execute(
            delete(signature_nonces).where(signature_nonces.c.expires_at < now)
        )
        row = insert(signature_nonces).values(
            party=signed.party, nonce=signed.nonce, expires_at=signed.expires_at
        )
        try:
            await self._connection.execute(row)
        except IntegrityError as error:  # the same request, answered by another process just now
            raise replayed() from error


def replayed() -> SignatureRefused:
    return SignatureRefused(
        "the signature has been used already", field="Signature", rule="replayed"
    )
