"""The rule of endpoints that other nodes call: signed by a party that this chain knows."""

from __future__ import annotations

import asyncio
from typing import cast

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request

from tidan_node.domain.parties import PartyStatus, PartyUnknown
from tidan_node.exchange.arrivals import Arrivals, replayed
from tidan_node.exchange.problems import SignatureRefused, SignerNotActive
from tidan_node.exchange.signatures import Claim, Signed, claimed, digest_of, target, verified
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.trail.trail import SYSTEM, Trail
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState, node_of

REFUSED = "parcel.refused"
UNREAD = "unread"
"""What a trail calls a parcel that was refused for its headers alone."""

_log = structlog.stdlib.get_logger(__name__)


class SignedByParty:
    """Whoever signs with the key that this node's own view of the chain has for its party.

    The headers are enough to know the signer, so of a stranger no body is read, and none is parsed
    before its digest is the one that was signed. Whoever is admitted has used its nonce up,
    whatever becomes of the request.

    A refusal goes to the trail: somebody tried, or somebody on the way changed what was sent. Of
    these, which cost a stranger nothing, the trail takes so many in an hour; the log has them all.
    """

    async def admit(self, request: Request) -> None:
        node, subject = node_of(request), UNREAD
        try:
            signed = await _signed(node, request.headers)
            await _use_up(node, signed)
            body = await request.body()
            subject = f"sha256:{await asyncio.to_thread(digest_of, body)}"
            await asyncio.to_thread(signed.require_body, body)
        except (SignatureRefused, SignerNotActive) as problem:
            await _put_on_record(node, subject, problem)
            raise
        request.state.signed = signed

    async def __call__(self) -> None:
        """As a dependency it only marks the endpoint; `GuardedRoute` enforces it."""


def signed_of(request: Request) -> Signed:
    return cast(Signed, request.state.signed)


async def _signed(node: NodeState, headers: Headers) -> Signed:
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
    )
    if signer.status is not PartyStatus.ACTIVE:
        raise SignerNotActive(
            f"{signer.standing.called} is {signer.status.name.lower()}",
            field="from",
            rule="standing",
            party=int(signer.index),
        )
    return signed


async def _use_up(node: NodeState, signed: Signed) -> None:
    """Once and for all: what is done afterwards may fail, the signature is good for nothing more.

    A replay is found by reading, so that it does not queue for the one writer of the database.
    """
    async with node.database.reading() as connection:
        if await Arrivals(connection).is_used(signed):
            raise replayed()
    async with node.database.writing() as connection:
        await Arrivals(connection).use_up(signed, node.clock())


async def _put_on_record(node: NodeState, subject: str, problem: Problem) -> None:
    _log.warning("parcel refused", parcel=subject, problem=problem.slug)
    if not node.strangers.grant(node.clock()):
        return
    detail = {"problem": problem.slug, "rule": problem.extra.get("rule")}
    if isinstance(problem, SignerNotActive):
        detail["from"] = problem.extra["party"]
    async with node.database.writing() as connection:
        await Trail(connection).append(SYSTEM, REFUSED, subject, detail)


def _unknown(claim: Claim) -> SignatureRefused:
    return _refused("key", f"the chain has no signing key named {claim.key_id}")


def _refused(rule: str, detail: str) -> SignatureRefused:
    return SignatureRefused(detail, field="Signature-Input", rule=rule)
