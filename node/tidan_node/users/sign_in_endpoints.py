"""Paths by which people sign in and out."""

from __future__ import annotations

from starlette.requests import Request

from tidan_node.people.problems import (
    NotAuthenticated,
    NotInDirectory,
    ProviderUnusable,
    RedirectRefused,
    SignInNotOffered,
    SignInRefused,
    SignInUnknown,
    TooManySignIns,
)
from tidan_node.people.sessions import Sessions
from tidan_node.trail.trail import Trail
from tidan_node.users.schemas import SessionAnswer, SessionRequest, SignInBegun, SignInRequest
from tidan_node.users.signing_in import begin, end
from tidan_node.web.caller import CurrentCaller, public, signed_in
from tidan_node.web.errors import described
from tidan_node.web.routes import guarded_router
from tidan_node.web.session_answers import ENDED, SessionMade
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Undertaking, Writing

sign_ins = guarded_router("/v1/sign-ins", "people")
sessions = guarded_router("/v1/sessions", "people")


@sign_ins.post(
    "",
    status_code=201,
    dependencies=[public()],
    responses=described(SignInNotOffered, RedirectRefused, TooManySignIns, ProviderUnusable),
)
async def begin_sign_in(
    body: SignInRequest, request: Request, undertaking: Undertaking
) -> SignInBegun:
    """Begin to sign in: send the person to `authorizationUrl`, and bring what the redirect carries
    to `/v1/sessions`, within ten minutes. `redirectUri` is of this very machine
    (`http://127.0.0.1:<port>/<path>`), or the setting `oidc_redirect_uri`."""
    # behind a proxy of this machine it is the one that the proxy names (X-Forwarded-For)
    address = "" if request.client is None else request.client.host
    return await begin(undertaking, node_of(request), body.redirect_uri, address)


@sessions.post(
    "",
    status_code=201,
    dependencies=[public()],
    responses=described(
        SignInNotOffered, SignInUnknown, SignInRefused, NotInDirectory, ProviderUnusable
    ),
)
async def start_session(
    body: SessionRequest, request: Request, undertaking: Undertaking
) -> SessionMade:
    """End a sign-in, once: the code is redeemed, the ID token checked, and if the person stands in
    this node's directory, a session begins. Its token is in this answer alone."""
    return await end(undertaking, node_of(request), body)


@sessions.get("/current", dependencies=[signed_in()], responses=described(NotAuthenticated))
async def show_session(caller: CurrentCaller) -> SessionAnswer:
    """Whose session it is that asks, and what it covers now."""
    return SessionAnswer.of(caller)


@sessions.delete(
    "/current",
    status_code=204,
    dependencies=[signed_in()],
    responses=described(NotAuthenticated),
)
async def end_session(request: Request, connection: Writing, caller: CurrentCaller) -> None:
    """Sign out: the session that asks ends."""
    await Sessions(connection, node_of(request).clock).end(caller.key_id)
    await Trail(connection).append(caller.key_id, ENDED, caller.user or caller.key_id)
