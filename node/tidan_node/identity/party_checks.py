"""Whether a party is who it says: its identifiers, its DID document, its certificates."""

from __future__ import annotations

import asyncio
from typing import Final

from tidan_node.domain import did as dids
from tidan_node.domain.checks import Check
from tidan_node.domain.exchange_keys import Jwk
from tidan_node.domain.identifiers import party_on_chain
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.profiles import Profile
from tidan_node.identity.asking import asked
from tidan_node.identity.certificate_checks import CHAIN, certificate_checks, vouched_by
from tidan_node.identity.identifier_checks import alone_check, number_check
from tidan_node.identity.trust_anchors import (
    TrustAnchors,
    TrustAnchorsUnreadable,
    trust_anchors_in,
)
from tidan_node.problems import Problem
from tidan_node.records.claims import Claims
from tidan_node.web.state import NodeState

STANDING: Final = "standing"
PROFILE: Final = "profile"
DOCUMENT: Final = "did-document"
SIGNING: Final = "signing-key"
ENCRYPTION: Final = "encryption-key"


async def party_checks(
    node: NodeState, party: PartyState, others: Claims, *, is_own: bool
) -> list[Check]:
    """Everything that this node can find out about the party by itself; `others` state its
    identifiers, too."""
    checks = [_standing(party)]
    profile = party.profile
    if profile is None:
        why = party.profile_error or "the party has said nothing of itself"
        return [*checks, Check.failed(PROFILE, why)]
    named = party_on_chain(node.chain.chain_id, party.index)
    certified = await asyncio.to_thread(_certificate_checks, node, profile, named)
    for each in profile.identifiers:
        checks += [number_check(each), alone_check(each, others, vouched_by(certified))]
    if is_own:
        checks.append(Check.not_evaluable(DOCUMENT, "this node's own: another node must look"))
    else:
        checks += await _document_checks(profile, named)
    return [*checks, *certified]


def _standing(party: PartyState) -> Check:
    if party.status is PartyStatus.ACTIVE:
        return Check.verified(STANDING)
    return Check.failed(STANDING, f"the party is {party.status.name.lower()}")


async def _document_checks(profile: Profile, named: str) -> list[Check]:
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
        keys, names = dids.read_did_keys(raw, did), dids.names_in(raw, did)
    except dids.DidMalformed as malformed:
        return [Check.failed(DOCUMENT, malformed.detail, did)]
    if named not in names:
        # profiles are public: a copy of one leads to a document that is right in all else
        return [Check.failed(DOCUMENT, f"it is not the document of {named}", did)]
    return [
        Check.verified(DOCUMENT, did),
        _same(SIGNING, profile.signing_key, keys["assertionMethod"]),
        _same(ENCRYPTION, profile.encryption_key, keys["keyAgreement"]),
    ]


def _same(name: str, on_chain: Jwk | None, served: list[Jwk]) -> Check:
    listed = [dict(each) for each in served]
    if any(each != on_chain for each in listed):
        # whoever reads the document alone would believe it
        return Check.failed(name, "the node's document has a key that the chain has not")
    if on_chain is None:
        return Check.not_evaluable(name, "the chain has no such key of the party")
    if not listed:
        return Check.failed(name, "the node's document has not the key that the chain has")
    return Check.verified(name)


def _certificate_checks(node: NodeState, profile: Profile, named: str) -> list[Check]:
    """In a thread of its own: it reads files, and computes."""
    trusted = TrustAnchors((), ())
    if node.trust_anchors is not None:
        try:
            trusted = trust_anchors_in(node.trust_anchors)
        except TrustAnchorsUnreadable as problem:
            return [Check.not_evaluable(CHAIN, f"{problem.title}: {problem.detail}")]
    return certificate_checks(profile, named, trusted, node.clock())
