"""Whether a party is who it says: its identifiers, its DID document, its certificates."""

from __future__ import annotations

import asyncio
from typing import Final

from tidan_node.domain import did as dids
from tidan_node.domain.checks import Check
from tidan_node.domain.exchange_keys import Jwk
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.profiles import Identifier, Profile
from tidan_node.domain.registers import IdentifierInvalid, check_identifier, standing_of
from tidan_node.identity.asking import asked
from tidan_node.identity.certificate_checks import CHAIN, certificate_checks
from tidan_node.identity.trust_anchors import (
    TrustAnchors,
    TrustAnchorsUnreadable,
    trust_anchors_in,
)
from tidan_node.problems import Problem
from tidan_node.web.state import NodeState

STANDING: Final = "standing"
PROFILE: Final = "profile"
IDENTIFIER: Final = "identifier"
DOCUMENT: Final = "did-document"
SIGNING: Final = "signing-key"
ENCRYPTION: Final = "encryption-key"


async def party_checks(node: NodeState, party: PartyState, *, is_own: bool) -> list[Check]:
    """Everything that this node can find out about the party by itself."""
    checks = [_standing(party)]
    profile = party.profile
    if profile is None:
        why = party.profile_error or "the party has said nothing of itself"
        return [*checks, Check.failed(PROFILE, why)]
    checks += [_identifier(each) for each in profile.identifiers]
    if is_own:
        checks.append(Check.not_evaluable(DOCUMENT, "this node's own: another node must look"))
    else:
        checks += await _document_checks(profile)
    return [*checks, *await asyncio.to_thread(_certificate_checks, node, profile)]


def _standing(party: PartyState) -> Check:
    if party.status is PartyStatus.ACTIVE:
        return Check.verified(STANDING)
    return Check.failed(STANDING, f"the party is {party.status.name.lower()}")


def _identifier(identifier: Identifier) -> Check:
    name = str(identifier)
    if standing_of(identifier) == "unchecked":
        return Check.not_evaluable(IDENTIFIER, "this list has no rule known here", name)
    try:
        check_identifier(identifier)
    except IdentifierInvalid as invalid:
        return Check.failed(IDENTIFIER, invalid.detail, name)
    return Check.verified(IDENTIFIER, name)


async def _document_checks(profile: Profile) -> list[Check]:
    did = dids.did_of(profile)
    if did is None:
        return [Check.not_evaluable(DOCUMENT, "the party has no DID and no node's address")]
    if not dids.is_of_its_node(profile):
        # whoever could make this node ask any address would look around in its network
        reason = "the DID has an address of its own, which this node does not ask"
        return [Check.not_evaluable(DOCUMENT, reason, did)]
    try:
        raw = await asked(profile, dids.WELL_KNOWN)
    except Problem as problem:
        return [Check.not_evaluable(DOCUMENT, problem.detail, did)]
    try:
        keys = dids.read_did_keys(raw, did)
    except dids.DidMalformed as malformed:
        return [Check.failed(DOCUMENT, malformed.detail, did)]
    return [
        Check.verified(DOCUMENT, did),
        _same(SIGNING, profile.signing_key, keys["assertionMethod"]),
        _same(ENCRYPTION, profile.encryption_key, keys["keyAgreement"]),
    ]


def _same(name: str, on_chain: Jwk | None, served: list[Jwk]) -> Check:
    if on_chain is None:
        return Check.not_evaluable(name, "the chain has no such key of the party")
    if dict(on_chain) not in [dict(each) for each in served]:
        return Check.failed(name, "the node's document has not the key that the chain has")
    return Check.verified(name)


def _certificate_checks(node: NodeState, profile: Profile) -> list[Check]:
    """In a thread of its own: it reads files, and computes."""
    trusted = TrustAnchors((), ())
    if node.trust_anchors is not None:
        try:
            trusted = trust_anchors_in(node.trust_anchors)
        except TrustAnchorsUnreadable as problem:
            return [Check.not_evaluable(CHAIN, problem.title)]
    return certificate_checks(profile, trusted, node.clock())
