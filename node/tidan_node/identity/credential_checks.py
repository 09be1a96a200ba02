"""What a credential is worth: issuer, signature, time, status, subject, and who shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.checks import Check
from tidan_node.domain.credentials import Presented, StatusEntry, encoded_list_of, read_presented
from tidan_node.domain.identifiers import PartyIndex, party_named
from tidan_node.domain.parties import PartyStatus, role_names
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.profiles import Profile
from tidan_node.domain.proofs.canonical import JsonValue
from tidan_node.domain.sd_jwt import verify_key_binding
from tidan_node.domain.status_list import StatusListMalformed, decode_list, is_set
from tidan_node.domain.tokens import Claims, Key, TokenRefused, public_key
from tidan_node.identity.asking import asked
from tidan_node.identity.credential_schemas import VerificationRequest
from tidan_node.identity.issuing import STATUS_LISTS
from tidan_node.identity.repository import CredentialRepository
from tidan_node.problems import Problem
from tidan_node.records.did_queries import party_by_did
from tidan_node.web.state import NodeState

ISSUER: Final = "issuer"
SIGNATURE: Final = "signature"
TIME: Final = "time"
STATUS: Final = "status"
SUBJECT: Final = "subject"
ROLES: Final = "roles"
IDENTIFIERS: Final = "identifiers"
HOLDER: Final = "holder"


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a credential is by and about, as the chain knows them."""

    presented: Presented
    issuer: PartyState | None
    subject: PartyState | None
    own_list: tuple[int, ...] | None
    """The revoked ones of the list, where it is this node's own."""


async def known_of(
    connection: AsyncConnection, presented: Presented, chain_id: int, own: PartyIndex | None
) -> Known:
    """What this node's view of the chain has to say, before anybody else is asked."""
    issuer, subject = [
        await _party(connection, did, name, chain_id)
        for did, name in (
            (presented.issuer, presented.issuer_party),
            (presented.subject, presented.subject_party),
        )
    ]
    own_list = None
    if issuer is not None and issuer.index == own:
        own_list = await _own_list(connection, presented, issuer.profile)
    return Known(presented, issuer, subject, own_list)


async def credential_checks(
    node: NodeState, known: Known, wanted: VerificationRequest
) -> list[Check]:
    """Each thing that must be so of a credential. Without its issuer nothing of it can be told."""
    presented, issuer = known.presented, known.issuer
    profile = None if issuer is None else issuer.profile
    if issuer is None or profile is None or profile.signing_key is None:
        reason = "no one party of this chain has this DID, with a signing key"
        return [Check.not_evaluable(ISSUER, reason, presented.issuer)]
    key = public_key(profile.signing_key)
    try:
        presented.verify_signature(key)
    except TokenRefused as refused:
        return [_standing(ISSUER, issuer), Check.failed(SIGNATURE, refused.detail)]
    checks = [_standing(ISSUER, issuer), Check.verified(SIGNATURE), _time(node, presented)]
    checks.append(await _status(node, known, profile, key))
    checks += _subject(known)
    is_bound = presented.sd_jwt is not None and presented.sd_jwt.key_binding is not None
    if is_bound or wanted.audience is not None or wanted.nonce is not None:
        checks.append(_holder(node, known, wanted))
    return checks


def read_credential(text: str) -> Presented:
    """The credential, whose issuer and subject have names at least."""
    presented = read_presented(text)
    _ = presented.issuer, presented.subject
    return presented


async def _own_list(
    connection: AsyncConnection, presented: Presented, profile: Profile | None
) -> tuple[int, ...] | None:
    try:
        entry = presented.status()
    except TokenRefused:
        return None
    number = None if entry is None or profile is None else _number_of(entry, profile)
    if number is None:
        return None
    return tuple(await CredentialRepository(connection).revoked_in(number))


def _time(node: NodeState, presented: Presented) -> Check:
    try:
        presented.require_valid_at(node.clock())
    except TokenRefused as refused:
        return Check.failed(TIME, refused.detail)
    if not presented.has_end:
        return Check.not_evaluable(TIME, "it tells no end")
    return Check.verified(TIME)


async def _status(node: NodeState, known: Known, profile: Profile, key: Key) -> Check:
    try:
        entry = known.presented.status()
        if entry is None:
            return Check.not_evaluable(STATUS, "its issuer does not tell whether it is revoked")
        number = _number_of(entry, profile)
        if number is None:
            # what a credential names is no address to be asked because it is named
            return Check.failed(STATUS, "its status list is not at its issuer's node")
        if known.own_list is not None:
            is_revoked = entry.index in known.own_list
        else:
            text = (await asked(profile, f"{STATUS_LISTS}/{number}")).decode("ascii", "replace")
            is_revoked = _is_revoked(node, text, entry, known.presented.issuer, key)
    except (TokenRefused, StatusListMalformed) as refused:
        return Check.failed(STATUS, refused.detail)
    except Problem as problem:  # the node could not be asked: nobody knows
        return Check.not_evaluable(STATUS, problem.detail)
    if is_revoked:
        return Check.failed(STATUS, "its issuer has revoked it")
    return Check.verified(STATUS)


def _is_revoked(node: NodeState, text: str, entry: StatusEntry, issuer: str, key: Key) -> bool:
    told = read_presented(text)
    told.verify_signature(key)
    told.require_valid_at(node.clock())
    if not told.has_end:
        raise TokenRefused("its status list has no end, and may be as old as can be", rule="status")
    return is_set(decode_list(encoded_list_of(told, issuer=issuer, url=entry.url)), entry.index)


def _number_of(entry: StatusEntry, profile: Profile) -> int | None:
    """Which list of the issuer's own node is meant."""
    begins = f"{(profile.node_url or '').rstrip('/')}{STATUS_LISTS}/"
    number = entry.url.removeprefix(begins)
    is_number = entry.url.startswith(begins) and number.isascii() and number.isdigit()
    return int(number) if is_number and 0 < len(number) <= len("131072") else None


def _subject(known: Known) -> list[Check]:
    subject = known.subject
    if subject is None:
        reason = "no one party of this chain has this DID"
        return [Check.not_evaluable(SUBJECT, reason, known.presented.subject)]
    if known.issuer is not None and subject.index == known.issuer.index:
        return [Check.failed(SUBJECT, "its issuer vouches for itself", subject.name)]
    checks = [_standing(SUBJECT, subject)]
    stated = known.presented.claims.get("credentialSubject")
    if isinstance(stated, dict):
        profile = subject.profile
        numbers = [str(each) for each in (() if profile is None else profile.identifiers)]
        checks += _still_so(ROLES, stated, "roles", role_names(subject.roles))
        checks += _still_so(IDENTIFIERS, stated, "identifiers", numbers)
    return checks


def _still_so(check: str, stated: Claims, name: str, on_chain: Sequence[str]) -> list[Check]:
    """Whether the chain has what is said, as far as it is said."""
    if name not in stated:
        return []
    said = stated[name]
    if not isinstance(said, list):
        return [Check.failed(check, "they are no list")]
    lacking = [text for text in map(_text, said) if text not in on_chain]
    reason = f"the chain does not give it {', '.join(lacking)[:100]}"
    return [Check.failed(check, reason) if lacking else Check.verified(check)]


def _text(said: JsonValue) -> str:
    """A role, or an identifier, as it is written in one word."""
    match said:
        case {"scheme": str() as scheme, "value": str() as value}:
            return f"{scheme}:{value}"
    return str(said)


def _holder(node: NodeState, known: Known, wanted: VerificationRequest) -> Check:
    presented = known.presented
    if wanted.audience is None or wanted.nonce is None:
        return Check.not_evaluable(
            HOLDER,
            "who shows it is not known: give the audience and the nonce that you asked with",
        )
    jwk = presented.holder_key
    if presented.sd_jwt is None or jwk is None:
        return Check.failed(HOLDER, "it names no key of its holder: anybody can show it")
    profile = None if known.subject is None else known.subject.profile
    if profile is None or profile.signing_key != jwk:
        return Check.failed(HOLDER, "the chain has another signing key of its subject")
    try:
        verify_key_binding(
            presented.sd_jwt,
            public_key(jwk),
            audience=wanted.audience,
            nonce=wanted.nonce,
            now=node.clock(),
        )
    except TokenRefused as refused:
        return Check.failed(HOLDER, refused.detail)
    return Check.verified(HOLDER)


def _standing(name: str, party: PartyState) -> Check:
    about = party.name
    if party.status is PartyStatus.ACTIVE:
        return Check.verified(name, about)
    return Check.failed(name, f"the party is {party.status.name.lower()}", about)


async def _party(
    connection: AsyncConnection, did: str, name: str | None, chain_id: int
) -> PartyState | None:
    index = None if name is None else party_named(name, chain_id)
    if name is not None and index is None:
        return None
    found = await party_by_did(connection, did, index)
    return None if found is None else found.state
