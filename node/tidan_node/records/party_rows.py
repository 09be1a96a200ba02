"""A party in its four tables: itself, its accounts, its identifiers, its numbering keys."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import BindParameter, RowMapping, Table, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import IssuerCode
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.party_fold import NumberingKey, PartyAccount, PartyState, Rotation
from tidan_node.domain.profiles import Identifier, Profile
from tidan_node.records.recorded import PLACES, Recorded, recorded_of
from tidan_node.records.row_store import chunks
from tidan_node.records.tables import numbering_keys, parties, party_accounts, party_identifiers

_LONGEST_TEXT: Final = 500
_LONGEST_CODE: Final = 100
_CHILDREN: Final = (party_accounts, party_identifiers, numbering_keys)
# made once: to make a statement takes longer than to find a row
_INDICES: Final[BindParameter[list[int]]] = bindparam("indices", expanding=True)
_PARTIES: Final = select(parties).where(parties.c.id.in_(_INDICES))
_OF_PARTIES: Final = tuple(
    select(table).where(table.c.party.in_(_INDICES)).order_by(table.c.position)
    for table in _CHILDREN
)


class PartyStore:
    """The store of parties. A changed party is written anew: parties change seldom."""

    async def load(
        self, connection: AsyncConnection, keys: Iterable[str]
    ) -> dict[str, Recorded[PartyState]]:
        found: dict[str, Recorded[PartyState]] = {}
        for some in chunks(keys):
            indices = [int(key) for key in some]
            rows = await connection.execute(_PARTIES, {"indices": indices})
            of_party = await _children_of(connection, indices)
            for row in rows:
                state = _party_state(row._mapping, of_party)
                found[str(state.index)] = recorded_of(state, row)
        return found

    async def insert(
        self, connection: AsyncConnection, records: Mapping[str, Recorded[PartyState]]
    ) -> None:
        if not records:
            return
        rows = [
            _columns(record.state) | dict(zip(PLACES, record.places(), strict=True))
            for record in records.values()
        ]
        await connection.execute(insert(parties), rows)
        states = [record.state for record in records.values()]
        for table, children in (
            (party_accounts, [row for state in states for row in _account_rows(state)]),
            (party_identifiers, [row for state in states for row in _identifier_rows(state)]),
            (numbering_keys, [row for state in states for row in _key_rows(state)]),
        ):
            if children:
                await connection.execute(insert(table), children)

    async def update(
        self,
        connection: AsyncConnection,
        records: Mapping[str, Recorded[PartyState]],
        before: Mapping[str, Recorded[PartyState]],
    ) -> None:
        await self.delete(connection, records)
        await self.insert(connection, records)

    async def delete(self, connection: AsyncConnection, keys: Iterable[str]) -> None:
        for some in chunks(keys):
            indices = [int(key) for key in some]
            await connection.execute(delete(parties).where(parties.c.id.in_(indices)))
            for table in _CHILDREN:
                await connection.execute(delete(table).where(table.c.party.in_(indices)))


async def _children_of(
    connection: AsyncConnection, indices: list[int]
) -> dict[tuple[Table, int], list[RowMapping]]:
    found: dict[tuple[Table, int], list[RowMapping]] = defaultdict(list)
    for table, wanted in zip(_CHILDREN, _OF_PARTIES, strict=True):
        rows = await connection.execute(wanted, {"indices": indices})
        for row in rows.mappings():
            found[table, row["party"]].append(row)
    return found


def _party_state(
    row: RowMapping, of_party: dict[tuple[Table, int], list[RowMapping]]
) -> PartyState:
    index = row["id"]
    profile = None
    if row["name"] is not None:
        identifiers = of_party[party_identifiers, index]
        profile = Profile(
            name=row["name"],
            identifiers=tuple(Identifier(each["scheme"], each["value"]) for each in identifiers),
            node_url=row["node_url"],
            codes=tuple(row["codes"]),
            signing_key=row["signing_key"],
            encryption_key=row["encryption_key"],
            did=row["did"],
            certificates=tuple(bytes.fromhex(each) for each in row["certificates"] or ()),
            certificate_proof=row["certificate_proof"],
            tls_certificates=tuple(bytes.fromhex(each) for each in row["tls_certificates"] or ()),
        )
    return PartyState(
        index=index,
        roles=Role(row["roles"]),
        status=PartyStatus(row["status"]),
        rulebook=row["rulebook"],
        governing_law=row["governing_law"],
        status_reason=row["status_reason"],
        accounts=tuple(
            PartyAccount(each["account"], each["active"])
            for each in of_party[party_accounts, index]
        ),
        numbering_keys=tuple(
            NumberingKey(each["code_hash"], IssuerCode(each["code"] or ""), each["key"], index)
            for each in of_party[numbering_keys, index]
        ),
        profile_hash=row["profile_hash"],
        profile=profile,
        profile_error=row["profile_error"],
        rotation=None
        if row["rotation_from"] is None
        else Rotation(row["rotation_added"], row["rotation_removed"], row["rotation_from"]),
        recovery_reason=row["recovery_reason"],
        successor=row["successor"],
        revoked_at=row["revoked_at"],
    )


def _columns(state: PartyState) -> dict[str, object]:
    profile, rotation, recovery = state.profile, state.rotation, state.recovery_reason
    return {
        "id": state.index,
        "roles": int(state.roles),
        "status": int(state.status),
        "status_reason": plain_text(state.status_reason),
        "rulebook": plain_text(state.rulebook),
        "governing_law": plain_text(state.governing_law),
        "profile_hash": state.profile_hash,
        "profile_error": state.profile_error,
        "name": profile.name if profile else None,
        "node_url": profile.node_url if profile else None,
        "codes": list(profile.codes) if profile else None,
        "signing_key": profile.signing_key if profile else None,
        "encryption_key": profile.encryption_key if profile else None,
        "did": profile.did if profile else None,
        "certificates": [each.hex() for each in profile.certificates] if profile else None,
        "certificate_proof": profile.certificate_proof if profile else None,
        "tls_certificates": [each.hex() for each in profile.tls_certificates] if profile else None,
        "rotation_added": rotation.added if rotation else None,
        "rotation_removed": rotation.removed if rotation else None,
        "rotation_from": rotation.completable_from if rotation else None,
        "recovery_reason": None if recovery is None else plain_text(recovery),
        "successor": state.successor,
        "revoked_at": state.revoked_at,
    }


def _account_rows(state: PartyState) -> list[dict[str, object]]:
    return [
        {
            "party": state.index,
            "position": position,
            "account": each.account,
            "active": each.active,
        }
        for position, each in enumerate(state.accounts)
    ]


def _identifier_rows(state: PartyState) -> list[dict[str, object]]:
    identifiers = state.profile.identifiers if state.profile else ()
    return [
        {
            "party": state.index,
            "position": position,
            "scheme": each.scheme,
            "value": each.value,
        }
        for position, each in enumerate(identifiers)
    ]


def _key_rows(state: PartyState) -> list[dict[str, object]]:
    return [
        {
            "party": state.index,
            "position": position,
            "code_hash": each.code_hash,
            "code": each.code if _can_be_asked_for(each.code) else None,
            "key": each.key,
        }
        for position, each in enumerate(state.numbering_keys)
    ]


def plain_text(text: str) -> str:
    """Text from the chain as it may stand in a row and on a screen: bounded, and all of it seen."""
    shown = text[:_LONGEST_TEXT]
    return "".join(
        "\ufffd" if unicodedata.category(letter)[0] == "C" else letter for letter in shown
    )


def _can_be_asked_for(code: str) -> bool:
    return 0 < len(code) <= _LONGEST_CODE and code.isprintable()
