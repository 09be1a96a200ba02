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
from tidan_node.web.caller import Public, Requires, is_question, rule_among
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
from tidan_node.web.transactions import committed

_GUARDED: Final[tuple[type[Problem], ...]] = (NotAuthenticated, ScopeMissing)
_WITH_BODY: Final[tuple[type[Problem], ...]] = (TooLarge, UnsupportedMediaType)
_ONCE: Final[tuple[type[Problem], ...]] = (
    IdempotencyKeyMissing,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
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
    """An endpoint behind its rule. What changes something is committed before it is answered,
    and a POST of one of the node's own callers is done once."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        # Any: the three dozen options of FastAPI's own signature, handed on as they are
        marks = options.get("dependencies") or ()
        rule = rule_among(marks)
        if rule is None:
            raise RuleMissing(f"{path} needs a rule: requires(scope), public() or one of a feature")
        self.rule = rule
        methods = set(options.get("methods") or ("GET",))
        if methods not in ({"GET"}, {"POST"}, {"DELETE"}):
            raise RuleMissing(f"{path}: endpoints are asked by GET, POST or DELETE")
        own = isinstance(rule, Requires)
        self.posted = methods == {"POST"}
        # where a feature has a rule of its own, the body is for the feature to read
        self.reads_json = self.posted and isinstance(rule, Requires | Public)
        self.changes = methods != {"GET"} and not is_question(marks)
        self.once = own and self.posted and self.changes
        common = _GUARDED if own else ()
        if self.posted:
            common += _WITH_BODY
        if self.once:
            common += _ONCE
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
            if self.reads_json:
                await request.read()
            if self.once and caller is not None:
                return await answered_once(request, caller, answer)
            if self.changes:
                return await committed(request, answer)
            return await answer(request)

        return guarded


def guarded_router(prefix: str, *tags: str) -> APIRouter:
    """A router all of whose endpoints have a rule."""
    return APIRouter(prefix=prefix, tags=list(tags), route_class=GuardedRoute)
