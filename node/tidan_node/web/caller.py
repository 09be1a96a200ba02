"""Who calls, by the key that they show, and the rule that each endpoint has about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Protocol, cast, runtime_checkable

import structlog
from fastapi import Depends, params
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import Caller, Scope
from tidan_node.people.problems import NotAuthenticated
from tidan_node.web.state import node_of

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="apiKey",
    description="An API key of this node, `tidan_<id>_<secret>`, as a bearer token (RFC 6750).",
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
        request.state.caller = caller
        structlog.contextvars.bind_contextvars(caller=caller.key_id)
        return caller

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


CurrentCaller = Annotated[Caller, Depends(caller_of)]
"""Whoever sent this request; only in endpoints whose rule requires a scope."""


async def _authenticated(request: Request) -> Caller:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotAuthenticated("send `Authorization: Bearer` with an API key of this node")
    async with node_of(request).database.reading() as connection:
        return await ApiKeys(connection).authenticate(text.strip())
