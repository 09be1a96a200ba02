"""Parties by their DIDs: those that they state, and those that their nodes' addresses give them."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.did import DidMalformed, did_of, did_url
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.party_fold import PartyState
from tidan_node.records.party_rows import PartyStore
from tidan_node.records.recorded import Recorded
from tidan_node.records.tables import parties

_MOST: Final = 20


async def party_by_did(
    connection: AsyncConnection, did: str, index: PartyIndex | None = None
) -> Recorded[PartyState] | None:
    """The party of this DID: the one of this number, where one is given. Profiles are public and
    can be copied: without a number, what several claim is nobody's."""
    try:
        host = urlsplit(did_url(did)).netloc
    except DidMalformed:
        return None
    addresses = [f"{scheme}://{host}{end}" for scheme in ("https", "http") for end in ("", "/")]
    candidates = select(parties.c.id).where(
        or_(
            parties.c.did == did,
            and_(parties.c.did.is_(None), parties.c.node_url.in_(addresses)),
        )
    )
    if index is not None:
        candidates = candidates.where(parties.c.id == index)
    rows = await connection.scalars(candidates.order_by(parties.c.id).limit(_MOST))
    found = await PartyStore().load(connection, [str(index) for index in rows])
    of_did = [
        each
        for each in found.values()
        if each.state.profile is not None and did_of(each.state.profile) == did
    ]
    return of_did[0] if len(of_did) == 1 else None
