"""Credentials issued, revoked and listed; each act is in the trail."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.credentials import Accreditation, StatusEntry
from tidan_node.domain.did import did_of, key_name
from tidan_node.domain.identifiers import party_on_chain
from tidan_node.domain.parties import Role, role_named, role_names
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.profiles import Profile
from tidan_node.domain.registers import standing_of
from tidan_node.domain.status_list import ENTRIES
from tidan_node.identity.credential_schemas import CredentialRequest
from tidan_node.identity.problems import (
    CredentialAlreadyRevoked,
    CredentialNotPossible,
    CredentialRolesRefused,
    CredentialUnknown,
)
from tidan_node.identity.repository import CredentialRepository, IssuedCredential
from tidan_node.people.caller import Caller
from tidan_node.problems import InvalidInput
from tidan_node.records.claims import others_stating
from tidan_node.records.records import Records
from tidan_node.trail.trail import Trail
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState

ISSUED: Final = "credential.issued"
REVOKED: Final = "credential.revoked"
STATUS_LISTS: Final = "/v1/status-lists"
_USUAL_LIFE: Final = timedelta(days=365)
_LONGEST_LIFE: Final = timedelta(days=5 * 366)
_IN_A_LIST: Final = ENTRIES // 2
"""A list is closed half full: a free place in it is found at once, and tells nothing."""


class Issuing:
    """What this node does as an issuer, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._connection = connection
        self._credentials = CredentialRepository(connection)
        self._records = Records(connection)
        self._trail = Trail(connection)
        self._node = node
        self._caller = caller

    async def issue(self, wanted: CredentialRequest) -> tuple[IssuedCredential, str]:
        """A credential about a party in good standing, and what the issuer keeps of it."""
        issuer = await own_party(self._records, self._node)
        issuer.standing.require_active("issuer")
        found = await self._records.party_by_identifier(wanted.subject, "subject")
        subject = found.state
        subject.standing.require_active("subject")
        if subject.index == issuer.index:
            raise CredentialNotPossible("nobody vouches for itself", field="subject")
        issuing = _named(issuer, "issuer")
        keys = self._node.exchange_keys.of(issuing.profile.signing_key)
        if keys is None:
            raise CredentialNotPossible(
                "the chain has another signing key of this party than the node", field="issuer"
            )
        about = _named(subject, "subject")
        await self._require_own_numbers(subject, about.profile)
        now = self._node.clock().replace(microsecond=0)
        number, index = await self._place()
        made = Accreditation(
            credential_id=f"urn:uuid:{uuid.uuid4()}",
            issuer=issuing.did,
            issuer_party=party_on_chain(self._node.chain.chain_id, issuer.index),
            subject=about.did,
            subject_party=party_on_chain(self._node.chain.chain_id, subject.index),
            profile=about.profile,
            roles=_roles(wanted.roles, subject),
            valid_from=now,
            valid_until=_end(wanted.valid_until, now),
            status=StatusEntry(url=status_list_url(issuing.profile, number), index=index),
        )
        text = made.signed(keys, key_name(issuing.did, keys.signing_jwk), wanted.form)
        issued = IssuedCredential(
            id=made.credential_id,
            form=wanted.form,
            subject=subject.index,
            subject_did=about.did,
            roles=made.roles,
            valid_from=made.valid_from,
            valid_until=made.valid_until,
            status_list=number,
            status_index=index,
            issued_at=self._node.clock(),
        )
        await self._credentials.add(issued)
        detail = {"subject": int(subject.index), "roles": " ".join(role_names(made.roles))}
        await self._trail.append(self._caller.key_id, ISSUED, issued.id, detail)
        return issued, text

    async def _require_own_numbers(self, subject: PartyState, profile: Profile) -> None:
        """What this party is to vouch for is the subject's own word until somebody looks."""
        for each in profile.identifiers:
            if standing_of(each) == "invalid":
                raise CredentialNotPossible(f"there can be no {each}", field="subject")
        for each, others in (await others_stating(self._connection, subject)).items():
            who = ", ".join(str(other) for other in others[:5])
            raise CredentialNotPossible(
                f"{each} is stated by another party, too: {who}", field="subject"
            )

    async def revoke(self, credential_id: str, reason: str) -> IssuedCredential:
        """From the next look at the status list on, the credential is worth nothing."""
        issued = await self._credentials.by_id(credential_id)
        if issued is None:
            raise CredentialUnknown("this node has issued no credential of this id", field="id")
        if not await self._credentials.revoke(issued.id, reason, self._node.clock()):
            raise CredentialAlreadyRevoked("it was revoked before", field="id")
        detail = {"subject": int(issued.subject)}
        await self._trail.append(self._caller.key_id, REVOKED, issued.id, detail)
        return await self._credentials.by_id(credential_id) or issued

    async def _place(self) -> tuple[int, int]:
        """A bit that no other credential has, where nobody can tell when it was given."""
        number = 1 + await self._credentials.count() // _IN_A_LIST
        while True:
            index = secrets.randbelow(ENTRIES)
            if not await self._credentials.is_taken(number, index):
                return number, index


class _Named:
    """A party with a profile that gives it a DID."""

    def __init__(self, did: str, profile: Profile) -> None:
        self.did = did
        self.profile = profile


def status_list_url(profile: Profile, number: int) -> str:
    """Where the issuer's node serves this list of its."""
    return f"{(profile.node_url or '').rstrip('/')}{STATUS_LISTS}/{number}"


def _named(party: PartyState, field: str) -> _Named:
    profile = party.profile
    did = None if profile is None else did_of(profile)
    if profile is None or did is None or profile.node_url is None:
        raise CredentialNotPossible("the party's profile has no node's address", field=field)
    return _Named(did, profile)


def _roles(names: list[str] | None, subject: PartyState) -> Role:
    if names is None:
        return subject.roles
    wanted = Role(0)
    for name in names:
        wanted |= role_named(name)
    lacking = wanted & ~subject.roles
    if lacking:
        raise CredentialRolesRefused(
            f"the chain does not give it {', '.join(role_names(lacking))}", field="roles"
        )
    return wanted


def _end(wanted: datetime | None, now: datetime) -> datetime:
    until = now + _USUAL_LIFE if wanted is None else wanted
    if not now < until <= now + _LONGEST_LIFE:
        raise InvalidInput("must be in the future, at most five years from now", field="validUntil")
    return until
