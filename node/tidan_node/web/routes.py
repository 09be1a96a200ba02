"""What every endpoint goes through: its rule, its JSON, its key, its one transaction."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.people.problems import NotAuthenticated, ScopeMissing
from tidan_node.problems import InvalidInput, Problem
from tidan_node.web.caller import Requires, rule_among
from tidan_node.web.errors import described, merged
from tidan_node.web.idempotency import answered_once
from tidan_node.web.refusals import (
    IdempotencyKeyInUse,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    TooLarge,
    UnsupportedMediaType,
)
from tidan_node.web.requests import StrictRequest

_GUARDED: Final[tuple[type[Problem], ...]] = (NotAuthenticated, ScopeMissing)
_POSTED: Final[tuple[type[Problem], ...]] = (
    IdempotencyKeyMissing,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    TooLarge,
    UnsupportedMediaType,
)
_KEY_HEADER: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Names this request: sent again with the same body, it is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]  # Any: as Starlette types coroutines


class RuleMissing(Exception):
    """An endpoint was built that says of nobody whether they may call it."""


class GuardedRoute(APIRoute):
    """An endpoint behind its rule; a POST is answered once, after its commit."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        # Any: the three dozen options of FastAPI's own signature, handed on as they are
        rule = rule_among(options.get("dependencies") or ())
        if rule is None:
            raise RuleMissing(f"{path} needs a rule: requires(scope) or public()")
        self.rule = rule
        methods = set(options.get("methods") or ("GET",))
        if methods not in ({"GET"}, {"POST"}):
            raise RuleMissing(f"{path}: endpoints are asked by GET or by POST")
        self.posted = methods == {"POST"}
        common = _GUARDED if isinstance(rule, Requires) else ()
        if self.posted:
            common += _POSTED
            extra = options.get("openapi_extra") or {}
            options["openapi_extra"] = extra | {"parameters": [_KEY_HEADER]}
        options["responses"] = merged(
            described(*common, InvalidInput), options.get("responses") or {}
        )
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def guarded(asked: Request) -> Response:
            request = StrictRequest(asked.scope, asked.receive)
            caller = await self.rule.admit(request)
            if not self.posted or caller is None:
                return await answer(request)
            await request.read()
            return await answered_once(request, caller, answer)

        return guarded


def guarded_router(prefix: str, *tags: str) -> APIRouter:
    """A router all of whose endpoints have a rule."""
    return APIRouter(prefix=prefix, tags=list(tags), route_class=GuardedRoute)
