"""A person signs in: to the provider and back, and then there is a session."""

from __future__ import annotations

import math
from typing import Final

import structlog

from tidan_node.people.problems import (
    NotInDirectory,
    SignInNotOffered,
    SignInRefused,
    TooManySignIns,
)
from tidan_node.people.sign_in_offer import SignInOffer
from tidan_node.people.sign_ins import SignIns
from tidan_node.people.users import Users
from tidan_node.problems import Problem
from tidan_node.trail.trail import SYSTEM, Trail
from tidan_node.users.schemas import SessionRequest, SignInBegun
from tidan_node.web.refusals import RecordedRefusal
from tidan_node.web.session_answers import SessionMade, started
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction

VIA: Final = "oidc"
REFUSED: Final = "session.refused"

_log = structlog.stdlib.get_logger(__name__)


async def begin(
    undertaking: Transaction, node: NodeState, redirect_uri: str, address: str
) -> SignInBegun:
    """A new sign-in. Strangers may ask for one, so there are only so many in a minute, and fewer
    for one address."""
    offer = _offer(node)
    offer.require_redirect(redirect_uri)
    now = node.clock()
    if not node.signing_in.grant(address, now):
        raise TooManySignIns(
            "try again in a minute", retryAfter=math.ceil(node.signing_in.rest(now).total_seconds())
        )
    # asked before the one writer of the database is held up
    endpoint = await offer.provider.authorization_endpoint()
    begun = await SignIns(await undertaking.begin(), node.clock).begin(redirect_uri)
    return SignInBegun(
        authorization_url=offer.provider.authorization_url(endpoint, begun.sign_in, begun.state),
        state=begun.state,
        secret=begun.secret,
        expires_at=begun.expires_at,
    )


async def end(undertaking: Transaction, node: NodeState, sent: SessionRequest) -> SessionMade:
    """The session of whom the provider vouches for. The sign-in is over with this, whatever comes
    of it: its commit stands before the provider is asked, and no code is tried twice."""
    offer = _offer(node)
    async with node.database.writing() as connection:
        sign_in = await SignIns(connection, node.clock).take(sent.state, sent.secret)
    try:
        subject = await offer.provider.redeem(sign_in, sent.code, sent.iss)
        connection = await undertaking.begin()
        user = await Users(connection, node.clock).signing_in(
            issuer=offer.provider.registration.issuer, subject=subject
        )
    except (SignInRefused, NotInDirectory) as problem:
        raise await _refused(undertaking, node, problem) from problem
    return await started(
        connection, node, user, via=VIA, expires_at=node.clock() + offer.session_life
    )


async def _refused(undertaking: Transaction, node: NodeState, problem: Problem) -> Exception:
    """The trail has that it was and why, not who it was: as long as strangers may have something
    written there."""
    rule = problem.extra.get("rule")
    _log.warning("sign-in refused", problem=problem.slug, rule=rule)
    if not node.strangers.grant(node.clock()):
        return problem
    detail = {"problem": problem.slug, "rule": rule}
    await Trail(await undertaking.begin()).append(SYSTEM, REFUSED, VIA, detail)
    return RecordedRefusal(problem)


def _offer(node: NodeState) -> SignInOffer:
    if node.sign_in is None:
        raise SignInNotOffered("use an API key")
    return node.sign_in
