"""Parties, found by what people and programs call them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import ColumnElement, bindparam, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address, IssuerCode, PartyIndex, address
from tidan_node.domain.parties import PartyStatus, PartyUnknown, Role, Standing
from tidan_node.domain.party_fold import NumberingKey, PartyState
from tidan_node.domain.profiles import Identifier
from tidan_node.records.party_rows import PartyStore
from tidan_node.records.problems import PartyAmbiguous
from tidan_node.records.recorded import Recorded
from tidan_node.records.tables import numbering_keys, parties, party_accounts, party_identifiers

Party = Recorded[PartyState]

_HIGHEST_INDEX: Final = 2**32 - 1
_MOST_CANDIDATES: Final = 20
_ACTING_FOR: Final = select(party_accounts.c.party).where(
    party_accounts.c.account == bindparam("account"), party_accounts.c.active
)
_STANDING: Final = (
    select(
        parties.c.id,
        parties.c.roles,
        parties.c.status,
        parties.c.successor,
        parties.c.name,
        parties.c.revoked_at,
    )
    .join(party_accounts, party_accounts.c.party == parties.c.id)
    .where(party_accounts.c.account == bindparam("account"), party_accounts.c.active)
)
_AT_ONCE: Final = 250


async def party_by_index(
    connection: AsyncConnection, index: PartyIndex, field: str = "party"
) -> Party:
    """The party of this number, or PartyUnknown."""
    found = await PartyStore().load(connection, [str(index)] if 0 < index <= _HIGHEST_INDEX else [])
    if not found:
        raise PartyUnknown(f"no party has the number {index}", field=field)
    return found[str(index)]


async def party_by_account(connection: AsyncConnection, account: Address) -> Party | None:
    """The party that this account acts for today, if any."""
    index = await connection.scalar(_ACTING_FOR, {"account": account})
    return None if index is None else await party_by_index(connection, index)


async def standing_by_account(connection: AsyncConnection, account: Address) -> Standing | None:
    """Of the party that this account acts for today what the rules of acts ask, and no more."""
    row = (await connection.execute(_STANDING, {"account": account})).one_or_none()
    if row is None:
        return None
    index, roles, status, successor, name, revoked_at = row
    return Standing(
        index,
        Role(roles),
        PartyStatus(status),
        successor,
        name if name is not None else f"party {index}",
        revoked_at,
    )


async def party_that_ever_had(connection: AsyncConnection, account: Address) -> PartyIndex | None:
    """The party that this account acts for, or once did: nobody else ever gets it."""
    return await connection.scalar(
        select(party_accounts.c.party).where(party_accounts.c.account == account)
    )


async def party_by_identifier(
    connection: AsyncConnection, reference: str, field: str = "party"
) -> Party:
    """The party meant by `7`, by an account, by `LEI:5299…`, or else by its exact name.

    Each form is looked for in its own list alone: whoever calls itself `LEI:5299…` is not found by
    that name. A code that the authority registered a numbering key for is its party's, whatever
    others claim. All else that parties say of themselves may be claimed by two: then nobody is
    chosen, and the problem lists who does.
    """
    reference = unicodedata.normalize("NFC", reference.strip())
    if re.fullmatch(r"[0-9]{1,10}", reference):
        return await party_by_index(connection, PartyIndex(int(reference)), field)
    if re.fullmatch(r"0[xX][0-9a-fA-F]{40}", reference):
        party = await party_by_account(connection, address(reference, field))
        found = [] if party is None else [party]
    elif identifier := Identifier.parse(reference):
        found = await _claiming(connection, identifier)
    else:
        found = await _parties_where(connection, parties.c.name == reference)
    if not found:
        raise PartyUnknown(
            "no enrolled party goes by this name; names are matched to the letter", field=field
        )
    if len(found) > 1:
        raise PartyAmbiguous(
            "several parties go by this name: say which by its number",
            field=field,
            candidates=[{"index": each.state.index, "name": each.state.name} for each in found],
        )
    return found[0]


async def parties_page(
    connection: AsyncConnection, *, limit: int, after: PartyIndex | None = None
) -> list[Party]:
    """Parties in the order of their numbers, from just after the one named."""
    beyond = parties.c.id > (after or 0)
    rows = await connection.scalars(
        select(parties.c.id).where(beyond).order_by(parties.c.id).limit(limit)
    )
    return await _loaded(connection, rows.all())


async def numbering_key(connection: AsyncConnection, code: IssuerCode) -> NumberingKey | None:
    """The key that a code numbers its documents under, if it has one."""
    found = await connection.execute(
        select(numbering_keys).where(numbering_keys.c.code == code).order_by(numbering_keys.c.party)
    )
    row = found.mappings().first()
    if row is None:
        return None
    return NumberingKey(row["code_hash"], row["code"], row["key"], row["party"])


async def members_with(
    connection: AsyncConnection, codes: Collection[Identifier]
) -> list[PartyState]:
    """The active members that have any of these codes, or say so."""
    found: set[PartyIndex] = set()
    every = sorted(codes)
    for start in range(0, len(every), _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        claimed = tuple_(party_identifiers.c.scheme, party_identifiers.c.value)
        pairs = [(each.scheme, each.value) for each in some]
        found.update(
            await connection.scalars(select(party_identifiers.c.party).where(claimed.in_(pairs)))
        )
        registered = numbering_keys.c.code.in_([str(each) for each in some])
        found.update(await connection.scalars(select(numbering_keys.c.party).where(registered)))
    states = [each.state for each in await _loaded(connection, found)]
    return [each for each in states if each.status is PartyStatus.ACTIVE]


async def parties_of(
    connection: AsyncConnection, indices: set[PartyIndex]
) -> dict[PartyIndex, PartyState]:
    return {party.state.index: party.state for party in await _loaded(connection, indices)}


async def party_names(
    connection: AsyncConnection, indices: set[PartyIndex]
) -> dict[PartyIndex, str]:
    """What to call each of these parties, for answers that name several."""
    return {party.state.index: party.state.name for party in await _loaded(connection, indices)}


async def _claiming(connection: AsyncConnection, identifier: Identifier) -> list[Party]:
    registered = await numbering_key(connection, IssuerCode(str(identifier)))
    if registered is not None:
        return await _loaded(connection, [registered.party])
    claims = select(party_identifiers.c.party).where(
        party_identifiers.c.scheme == identifier.scheme,
        party_identifiers.c.value == identifier.value,
    )
    return await _parties_where(connection, parties.c.id.in_(claims))


async def _parties_where(
    connection: AsyncConnection, condition: ColumnElement[bool]
) -> list[Party]:
    indices = await connection.scalars(
        select(parties.c.id).where(condition).order_by(parties.c.id).limit(_MOST_CANDIDATES)
    )
    return await _loaded(connection, indices.all())


async def _loaded(
    connection: AsyncConnection, indices: Sequence[PartyIndex] | set[PartyIndex]
) -> list[Party]:
    found = await PartyStore().load(connection, [str(index) for index in indices])
    return sorted(found.values(), key=lambda party: party.state.index)
