"""Who calls, by the key that they show, and the rule that each endpoint has about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Protocol, cast, runtime_checkable

import structlog
from fastapi import Depends, params
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from tidan_node.people.authentication import authenticate, not_authenticated
from tidan_node.people.caller import Caller, Scope
from tidan_node.web.state import node_of

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="apiKey",
    description="An API key of this node, `tidan_<id>_<secret>`, or the token of a session,"
    " `tidans_<id>_<secret>`, as a bearer token (RFC 6750).",
)


@runtime_checkable
class Rule(Protocol):
    """Who may call an endpoint. It is asked before anything of the body is interpreted."""

    async def admit(self, request: Request) -> Caller | None: ...


class Requires:
    """Callers whose key has this scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def admit(self, request: Request) -> Caller:
        caller = await _authenticated(request)
        caller.require(self.scope)
        return _admitted(request, caller)

    async def __call__(
        self, _: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> None:
        """As a dependency it only shows in the OpenAPI document; `GuardedRoute` enforces it."""


class SignedIn:
    """Callers with a session, whatever it covers: for what is about the session itself."""

    async def admit(self, request: Request) -> Caller:
        caller = await _authenticated(request)
        if not caller.session:
            raise not_authenticated()
        return _admitted(request, caller)

    async def __call__(
        self, _: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> None:
        """As a dependency it only shows in the OpenAPI document; `GuardedRoute` enforces it."""


class Public:
    """Everybody."""

    async def admit(self, _: Request) -> None:
        return None

    async def __call__(self) -> None:
        """As a dependency it only marks the endpoint."""


def requires(scope: str) -> params.Depends:
    """The rule of an endpoint: `dependencies=[requires("titles:act")]`."""
    return cast(params.Depends, Depends(Requires(Scope(scope))))


def public() -> params.Depends:
    """The rule of an endpoint that answers everybody."""
    return cast(params.Depends, Depends(Public()))


def signed_in() -> params.Depends:
    """The rule of an endpoint that is about the caller's own session."""
    return cast(params.Depends, Depends(SignedIn()))


def rule_among(dependencies: Iterable[params.Depends]) -> Rule | None:
    """The rule that stands among an endpoint's dependencies."""
    for declared in dependencies:
        if isinstance(declared.dependency, Rule):
            return declared.dependency
    return None


def question() -> params.Depends:
    """Marks a POST that changes nothing: it asks with a body what must not stand in a URL.

    It needs no Idempotency-Key, and its answer is kept nowhere."""
    return cast(params.Depends, Depends(_asks))


def is_question(dependencies: Iterable[params.Depends]) -> bool:
    return any(declared.dependency is _asks for declared in dependencies)


async def _asks() -> None:
    """As a dependency it only marks the endpoint."""


def caller_of(request: Request) -> Caller:
    return cast(Caller, request.state.caller)


async def _caller(request: Request) -> Caller:
    # what is not async FastAPI sends through a thread, though it only looks
    return caller_of(request)


CurrentCaller = Annotated[Caller, Depends(_caller)]
"""Whoever sent this request; only in endpoints whose rule requires a scope."""


async def _authenticated(request: Request) -> Caller:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise not_authenticated()
    node = node_of(request)
    async with node.database.reading() as connection:
        caller = await authenticate(connection, text.strip(), node.clock())
        if caller.anchor_id is not None:
            return await node.session_guard.admit(connection, caller)
        return caller


def _admitted(request: Request, caller: Caller) -> Caller:
    request.state.caller = caller
    structlog.contextvars.bind_contextvars(caller=caller.key_id)
    return caller
