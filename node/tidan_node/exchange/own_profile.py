"""Where other nodes find this one, and what they know it by: changed by a new profile."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.certificates.own import require_fit
from tidan_node.domain.certificates.proof import verify_ownership
from tidan_node.domain.exchange_keys import KeyRing
from tidan_node.domain.identifiers import party_on_chain, to_hex
from tidan_node.domain.profiles import (
    MOST_CERTIFICATES,
    Profile,
    ProfileMalformed,
    certificates_in,
    read_profile,
)
from tidan_node.domain.proofs.canonical import JsonValue
from tidan_node.domain.tls_certificates import (
    MOST_TLS_CERTIFICATES,
    check_tls_certificates,
    fingerprint,
)
from tidan_node.exchange.problems import ExchangeKeyNotHeld
from tidan_node.exchange.profile_schemas import ProfileRequest
from tidan_node.ledger.calls import Call
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.storage.locks import hold
from tidan_node.trail.trail import Trail
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState

CHANGE: Final = "profile.change"


class ProfileChangeUnderWay(Problem):
    """A profile is written anew as a whole: one change at a time, or one would undo the other."""

    status, slug, title = 409, "profile-change-under-way", "The profile is being changed already"


class ChangeProfile:
    """The one operation on the party's own profile."""

    kind = CHANGE

    def call(self, intent: Mapping[str, object]) -> Call:
        return Call("PartyRegistry", "changeProfile", (intent["profile"],))


HANDLERS: Final = (ChangeProfile(),)


async def change_profile(
    connection: AsyncConnection, node: NodeState, caller: Caller, wanted: ProfileRequest
) -> Operation:
    """Write the profile anew, with these members changed and all others as the chain has them."""
    own = await own_party(Records(connection), node)
    if own.profile is None:
        raise ProfileMalformed(
            f"the chain has no profile of this party that can be read: {own.profile_error}",
            field="profile",
        )
    name = party_on_chain(node.chain.chain_id, own.index)
    renewed = await _with_keys(own.profile, node.exchange_keys, wanted)
    changed = _changed(renewed, wanted, name)
    if wanted.certificates is not None:
        require_fit(changed.certificates, changed.identifiers, node.clock())
    target = f"party:{own.index}"
    await hold(connection, f"{CHANGE} {target}")
    if await node.operations.unfinished(connection, target=target, kind=CHANGE):
        raise ProfileChangeUnderWay("wait until the operation before has ended")
    shown = " ".join(fingerprint(each) for each in changed.tls_certificates)
    detail = {"nodeUrl": changed.node_url, "tlsCertificates": shown}
    if renewed.signing_key is not None and renewed is not own.profile:
        detail["signingKey"] = renewed.signing_key["x"]
    await Trail(connection).append(caller.key_id, CHANGE, target, detail)
    intent = {"profile": to_hex(changed.canonical())}
    return await node.operations.enqueue(connection, kind=CHANGE, target=target, intent=intent)


async def _with_keys(profile: Profile, ring: KeyRing, wanted: ProfileRequest) -> Profile:
    """With the keys of the home that others are to know the party by from now on."""
    if wanted.signing_key is None:
        return profile
    named = wanted.signing_key.model_dump()
    if ring.to_be_named(named) is None:
        await asyncio.to_thread(ring.look)  # they may have been made since
    keys = ring.to_be_named(named)
    if keys is None:
        raise ExchangeKeyNotHeld(
            "no keystore in the node's home has this key; make it with"
            " `tidan node renew-exchange-key`",
            field="signingKey",
        )
    changed = replace(profile, signing_key=keys.signing_jwk, encryption_key=keys.encryption_jwk)
    if changed == profile:
        return profile
    # what the owner of the certificates has signed was about the key before
    return replace(changed, certificates=(), certificate_proof=None)


def _changed(profile: Profile, wanted: ProfileRequest, party: str) -> Profile:
    changed = profile
    if wanted.node_url is not None:
        changed = replace(changed, node_url=wanted.node_url)
    if wanted.tls_certificates is not None:
        name = "tlsCertificates"
        texts: dict[str, JsonValue] = {name: [*wanted.tls_certificates]}
        certificates = certificates_in(texts, name, most=MOST_TLS_CERTIFICATES)
        check_tls_certificates(certificates)
        changed = replace(changed, tls_certificates=certificates)
    changed = _certified(changed, wanted, party)
    if wanted.did is not None:
        changed = replace(changed, did=wanted.did)
    if changed.tls_certificates and not (changed.node_url or "").startswith("https:"):
        raise ProfileMalformed("is https, where a certificate is pinned", field="nodeUrl")
    return read_profile(changed.canonical())


def _certified(profile: Profile, wanted: ProfileRequest, party: str) -> Profile:
    """With another chain of certificates, which comes with the proof that it is the party's."""
    if wanted.certificates is None and wanted.certificate_proof is None:
        return profile
    name = "certificates"
    texts: dict[str, JsonValue] = {name: [*(wanted.certificates or ())]}
    chain = certificates_in(texts, name, most=MOST_CERTIFICATES)
    if wanted.certificate_proof is None or profile.signing_key is None:
        raise ProfileMalformed("comes with the certificates", field="certificateProof")
    verify_ownership(chain[0], wanted.certificate_proof, profile.signing_key, party)
    return replace(profile, certificates=chain, certificate_proof=wanted.certificate_proof)
