"""A parcel made ready to leave: the act it belongs to has happened, it is sealed, the way known."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.exchange_keys import ExchangeKeys, Jwk
from tidan_node.domain.identifiers import OperationId, PartyIndex, RecordId
from tidan_node.domain.packages import Package
from tidan_node.domain.parcels import Envelope, Inside, new_parcel_id, read_parcel
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.record_problems import RecordUnknown
from tidan_node.domain.title_problems import TitleUnknown
from tidan_node.domain.tls_certificates import Der
from tidan_node.exchange.chain_view import parties_concerned
from tidan_node.exchange.packing import package_of
from tidan_node.exchange.problems import (
    ContentNotHeld,
    OperationUnderWay,
    OperationWithoutEffect,
    RecipientNotConcerned,
    RecipientSuspended,
    RecipientUnreachable,
    RecordNotOnChain,
)
from tidan_node.exchange.repository import Outgoing, OutgoingParcels, Posted, Sealed
from tidan_node.exchange.sealing import key_name, seal
from tidan_node.exchange.signatures import digest_of, target
from tidan_node.operations.operation import OperationStatus
from tidan_node.operations.repository import OperationRepository
from tidan_node.records.records import Records
from tidan_node.storage.contents import ContentRepository
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState


@dataclass(frozen=True, slots=True)
class Way:
    """Where a party's parcels go, what they are sealed with, and what its receipts show."""

    url: str
    encryption_key: Jwk
    signing_key: Jwk
    certificates: tuple[Der, ...]
    """What its node shows; empty where it is reached on this very machine alone."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A parcel that can be sent now."""

    envelope: Envelope
    sealed: Sealed
    way: Way
    keys: ExchangeKeys
    """With which it is signed: those that the recipient finds in our profile."""


async def prepared(node: NodeState, parcel: Outgoing) -> Ready:
    """The parcel, sealed once and for all; or the Problem that it waits for, or that ends it.

    Whether the recipient may have it is asked before each attempt: much may have happened since it
    was sealed. It is sealed anew only where the recipient has changed its key, as it could open
    nothing else, and then under a new name: the recipient may have had the former bytes already,
    and two bodies under one name it does not take. Our own name for the parcel stays.
    """
    posted = parcel.posted
    async with node.database.reading() as connection:
        records = Records(connection)
        own = await own_party(records, node)
        keys = node.exchange_keys.in_use(own.profile.signing_key if own.profile else None)
        if posted.operation_id is not None:
            await _has_happened(connection, posted.operation_id)
            await _still_concerns(records, posted)
        way = await _way(records, posted.recipient)
        if parcel.sealed and parcel.sealed.sealed_for == key_name(way.encryption_key):
            envelope = await asyncio.to_thread(_envelope, parcel.sealed)
            return Ready(envelope, parcel.sealed, way, keys)
        package = await _package(connection, node, posted)
    name = posted.parcel_id if parcel.sealed is None else new_parcel_id()
    envelope = Envelope(name, node.chain.chain_id, own.index, posted.recipient)
    inside = Inside(posted.kind, package.to_json())
    sealed = await asyncio.to_thread(_sealed, envelope, inside, way.encryption_key)
    async with node.database.writing() as connection:
        await OutgoingParcels(connection).seal(posted.parcel_id, sealed)
    node.checkpoints.reached("parcel.sealed")
    return Ready(envelope, sealed, way, keys)


async def _way(records: Records, recipient: PartyIndex) -> Way:
    party = (await records.party_by_index(recipient)).state
    profile, called = party.profile, party.standing.called
    if party.status is PartyStatus.REVOKED or profile is None:
        raise RecipientUnreachable(f"{called} is revoked, or has no readable profile")
    if party.status is not PartyStatus.ACTIVE:
        raise RecipientSuspended(f"{called} is {party.status.name.lower()}")
    url, signing, encryption = profile.node_url, profile.signing_key, profile.encryption_key
    if url is None or signing is None or encryption is None:
        raise RecipientUnreachable(f"{called} has not named its node and its keys")
    return Way(target(url), encryption, signing, profile.tls_certificates)


async def _has_happened(connection: AsyncConnection, operation_id: OperationId) -> None:
    """What an act would have disclosed is not disclosed where the chain refused the act."""
    operation = await OperationRepository(connection).by_id(operation_id)
    status = None if operation is None else operation.status
    if status in (OperationStatus.INITIALIZED, OperationStatus.PENDING):
        raise OperationUnderWay(f"operation {operation_id} is {status}")
    if status is not OperationStatus.SUCCEEDED:
        raise OperationWithoutEffect(f"operation {operation_id} is {status}")


async def _still_concerns(records: Records, posted: Posted) -> None:
    """An offer that was withdrawn discloses nothing, however late its parcel could be sent."""
    try:
        concerned = await parties_concerned(records, posted.kind, RecordId(posted.record_id))
    except (TitleUnknown, RecordUnknown) as error:
        raise RecordNotOnChain("the chain does not have the record") from error
    if posted.recipient not in concerned:
        raise RecipientNotConcerned(f"party {posted.recipient} has no place in the record now")


async def _package(connection: AsyncConnection, node: NodeState, posted: Posted) -> Package:
    record, root = RecordId(posted.record_id), posted.content_root
    if not await ContentRepository(connection).holds(record, root):
        raise ContentNotHeld("the content has not come here yet")
    try:
        package = await package_of(connection, node, posted.kind, record, root)
    except (TitleUnknown, RecordUnknown):
        package = None
    if package is None:
        raise RecordNotOnChain("the chain does not have the record in this version")
    return package


def _envelope(sealed: Sealed) -> Envelope:
    """As it stands on the bytes: what is sent is what a receipt is about."""
    return read_parcel(sealed.body).envelope


def _sealed(envelope: Envelope, inside: Inside, key: Jwk) -> Sealed:
    body = seal(envelope, inside, key).to_json()
    return Sealed(body, digest_of(body), key_name(key))
