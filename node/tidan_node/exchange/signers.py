"""The rule of endpoints that other nodes call: signed by a party that this chain knows."""

from __future__ import annotations

import asyncio
from typing import cast

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request

from tidan_node.domain.parcels import ParcelMalformed, read_parcel
from tidan_node.domain.parties import PartyStatus, PartyUnknown
from tidan_node.exchange.problems import SignatureRefused, SignerNotActive
from tidan_node.exchange.signatures import Claim, Signed, claimed, digest_of, target, verified
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.trail.trail import SYSTEM, Trail
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState, node_of

REFUSED = "parcel.refused"

_log = structlog.stdlib.get_logger(__name__)


class SignedByParty:
    """Whoever signs with the key that this node's own view of the chain has for its party.

    A refusal goes to the trail: somebody tried, or somebody on the way changed what was sent. Of
    these, which cost a stranger nothing, the trail takes so many in an hour; the log has them all.
    """

    async def admit(self, request: Request) -> None:
        node, body = node_of(request), await request.body()
        try:
            request.state.signed = await _signed(node, request.headers, body)
        except (SignatureRefused, SignerNotActive) as problem:
            await _put_on_record(node, body, problem)
            raise

    async def __call__(self) -> None:
        """As a dependency it only marks the endpoint; `GuardedRoute` enforces it."""


def signed_of(request: Request) -> Signed:
    return cast(Signed, request.state.signed)


async def subject_of(body: bytes) -> str:
    """What a trail calls a parcel: its name, or its digest where it cannot be read."""
    try:
        return (await asyncio.to_thread(read_parcel, body)).envelope.parcel_id
    except ParcelMalformed:
        return f"sha256:{digest_of(body)}"


async def _signed(node: NodeState, headers: Headers, body: bytes) -> Signed:
    claim = claimed(headers)
    if claim.chain_id != node.chain.chain_id:
        raise _unknown(claim)
    async with node.database.reading() as connection:
        records = Records(connection)
        own = await own_party(records, node)
        try:
            signer = (await records.party_by_index(claim.party)).state
        except PartyUnknown as error:
            raise _unknown(claim) from error
    if own.profile is None or own.profile.node_url is None:
        raise _refused("target", "this node's party has not said where its node is")
    if signer.profile is None or signer.profile.signing_key is None:
        raise _unknown(claim)
    signed = verified(
        claim,
        signer.profile.signing_key,
        url=target(own.profile.node_url),
        headers=headers,
        body=body,
    )
    if signer.status is not PartyStatus.ACTIVE:
        raise SignerNotActive(
            f"party {signer.index} is {signer.status.name.lower()}", field="from", rule="standing"
        )
    return signed


async def _put_on_record(node: NodeState, body: bytes, problem: Problem) -> None:
    subject = await subject_of(body)
    _log.warning("parcel refused", parcel=subject, problem=problem.slug)
    if not node.strangers.grant(node.clock()):
        return
    detail = {"problem": problem.slug, "rule": problem.extra.get("rule")}
    async with node.database.writing() as connection:
        await Trail(connection).append(SYSTEM, REFUSED, subject, detail)


def _unknown(claim: Claim) -> SignatureRefused:
    return _refused("key", f"the chain has no signing key named {claim.key_id}")


def _refused(rule: str, detail: str) -> SignatureRefused:
    return SignatureRefused(detail, field="Signature-Input", rule=rule)
