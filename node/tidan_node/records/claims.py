"""Numbers of public lists that more than one party states as its own."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.profiles import Identifier
from tidan_node.records.tables import parties, party_identifiers

Claims = dict[Identifier, list[PartyIndex]]


async def others_stating(connection: AsyncConnection, party: PartyState) -> Claims:
    """Of the party's identifiers those that others state, too, and who. A revoked party can take
    back nothing any more, and counts no longer."""
    stated = party.profile.identifiers if party.profile is not None else ()
    found = await connection.execute(
        select(party_identifiers)
        .join(parties, parties.c.id == party_identifiers.c.party)
        .where(
            tuple_(party_identifiers.c.scheme, party_identifiers.c.value).in_(
                [(each.scheme, each.value) for each in stated]
            ),
            party_identifiers.c.party != party.index,
            parties.c.status != PartyStatus.REVOKED.value,
        )
        .order_by(party_identifiers.c.party)
    )
    claims: Claims = defaultdict(list)
    for row in found.mappings():
        claims[Identifier(row["scheme"], row["value"])].append(PartyIndex(row["party"]))
    return dict(claims)
