"""Questions that ask other nodes: nothing of the database is held while they answer."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.checks import Outcome
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.party_fold import PartyState
from tidan_node.identity.credential_checks import (
    HOLDER,
    credential_checks,
    known_of,
    read_credential,
)
from tidan_node.identity.credential_schemas import (
    CredentialAnswer,
    CredentialPage,
    CredentialVerification,
    VerificationRequest,
)
from tidan_node.identity.party_checks import party_checks
from tidan_node.identity.repository import CredentialRepository
from tidan_node.identity.verification_schemas import PartyVerification, answers_of
from tidan_node.records.claims import others_stating
from tidan_node.records.records import Records
from tidan_node.web.pagination import PageRequest, cursor_of
from tidan_node.web.shapes import AsOf, PartyName
from tidan_node.web.state import NodeState


async def verified_party(node: NodeState, reference: str) -> PartyVerification:
    """Whether the party is who it says, as far as this node can find out."""
    async with node.database.reading() as connection:
        records = Records(connection)
        party = (await records.party_by_identifier(reference)).state
        own = await _own_index(records, node)
        others = await others_stating(connection, party)
        as_of = AsOf.of(await records.as_of())
    outcome, checks = answers_of(await party_checks(node, party, others, is_own=party.index == own))
    return PartyVerification(
        party=_name_of(party),
        outcome=outcome,
        checks=checks,
        checked_at=node.clock(),
        as_of=as_of,
    )


async def verified_credential(
    node: NodeState, wanted: VerificationRequest
) -> CredentialVerification:
    """What the credential is worth, as far as this node can find out."""
    presented = read_credential(wanted.credential)
    async with node.database.reading() as connection:
        records = Records(connection)
        own = await _own_index(records, node)
        known = await known_of(connection, presented, node.chain.chain_id, own)
        as_of = AsOf.of(await records.as_of())
    checks = await credential_checks(node, known, wanted)
    outcome, answers = answers_of(checks)
    return CredentialVerification(
        outcome=outcome,
        checks=answers,
        issuer=None if known.issuer is None else _name_of(known.issuer),
        subject=None if known.subject is None else _name_of(known.subject),
        form=presented.form,
        says=presented.claims,
        holder_proven=any(
            each.name == HOLDER and each.outcome is Outcome.VERIFIED for each in checks
        ),
        checked_at=node.clock(),
        as_of=as_of,
    )


async def issued_page(connection: AsyncConnection, page: PageRequest) -> CredentialPage:
    """A page of the credentials that this node has issued, the newest first."""
    records = Records(connection)
    found = await CredentialRepository(connection).page(page)
    shown, more = found[: page.limit], len(found) > page.limit
    names = await records.party_names([each.subject for each in shown])
    return CredentialPage(
        items=[CredentialAnswer.of(each, names) for each in shown],
        next_cursor=cursor_of(shown[-1].position) if more else None,
        as_of=AsOf.of(await records.as_of()),
    )


async def _own_index(records: Records, node: NodeState) -> PartyIndex | None:
    own = await records.party_by_account(node.account)
    return None if own is None else own.state.index


def _name_of(party: PartyState) -> PartyName:
    return PartyName(index=party.index, name=party.name)
