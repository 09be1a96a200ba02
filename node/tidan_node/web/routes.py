"""What every endpoint goes through: its rule, its JSON, its key, its one transaction."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, Final, TypeGuard, cast

from fastapi import APIRouter
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.utils import get_typed_return_annotation
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.operations.problems import QueueFull
from tidan_node.people.caller import Caller
from tidan_node.people.problems import NotAuthenticated, ScopeMissing
from tidan_node.problems import InvalidInput, Problem
from tidan_node.storage.database import Overtaken
from tidan_node.storage.full_disk import DiskFull
from tidan_node.web.approval_answers import ApprovalAwaited
from tidan_node.web.batching import Batched, Found, Members, NotForBatches, batched_of
from tidan_node.web.caller import Public, Requires, is_question, rule_among
from tidan_node.web.errors import described, merged
from tidan_node.web.four_eyes import ActMark, RuleChangedMeanwhile, mark_among
from tidan_node.web.idempotency import answered_once
from tidan_node.web.refusals import (
    IdempotencyKeyInUse,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    TooLarge,
    UnsupportedMediaType,
)
from tidan_node.web.replaying import Marked, Replay, done_or_kept, replay_of
from tidan_node.web.requests import StrictRequest
from tidan_node.web.transactions import Answer, committed

_GUARDED: Final[tuple[type[Problem], ...]] = (NotAuthenticated, ScopeMissing)
_WITH_BODY: Final[tuple[type[Problem], ...]] = (TooLarge, UnsupportedMediaType)
_ONCE: Final[tuple[type[Problem], ...]] = (
    IdempotencyKeyMissing,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    Overtaken,
    QueueFull,
    DiskFull,
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
        self.batched = self.once and options.get("status_code") == 202
        """Whether a batch may ask it: its answer is an operation, and no secret."""
        mark = mark_among(marks)
        if mark is not None:
            if not self.once:
                raise RuleMissing(f"{path}: an act is a POST that requires a scope")
            options |= _or_awaited(options, endpoint)
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
        self.marked = self._marked(mark, rule) if mark and isinstance(rule, Requires) else None

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()
        self._answer = answer

        async def guarded(asked: Request) -> Response:
            request = StrictRequest(asked.scope, asked.receive)
            replay = replay_of(request)
            if replay is not None:
                return await self._carried_out(request, replay, answer)
            if batched_of(request) is not None:
                raise NotForBatches("it is none of the endpoints whose answer is an operation")
            caller = await self.rule.admit(request)
            if self.reads_json:
                await request.read()
            if self.once and caller is not None:
                return await answered_once(request, caller, self._reviewed(caller, answer))
            if self.changes:
                return await committed(request, answer)
            return await answer(request)

        return guarded

    def _reviewed(self, caller: Caller, answer: Answer) -> Answer:
        """The act itself, or where others are to approve it, that it waits for them."""
        marked = self.marked
        if marked is None:
            return answer

        async def reviewed(request: Request) -> Response:
            return await done_or_kept(request, caller, marked, answer)

        return reviewed

    async def in_batch(self, asked: Request, batched: Batched, members: Members) -> Response:
        """The answer to one of several acts, by the rule that it has when it is sent alone. Its
        body was read with that of the batch."""
        rule, marked = cast(Requires, self.rule), self.marked
        batched.caller.require(rule.scope)
        request = StrictRequest(asked.scope, asked.receive)
        request.state.caller = batched.caller
        request.state.transaction = batched.transaction
        request.take(members)
        waits = marked is not None and (
            marked.within is not None or await batched.batch.waits(marked.act)
        )
        if waits:
            return await self._reviewed(batched.caller, self._answer)(request)
        return await self._answer(request)

    async def _carried_out(
        self, request: StrictRequest, replay: Replay, answer: Answer
    ) -> Response:
        """What was kept here, done in the name of its maker, whose rights are asked anew."""
        if self.marked is None or not self.marked.may_be(replay.act):
            raise RuleMissing(f"{self.path} is not where {replay.act} is asked for")
        replay.caller.require(self.marked.scope)
        request.state.caller = replay.caller
        request.state.transaction = replay.transaction
        await request.read()
        await self.marked.require_approvals(request, replay)
        replay.response = await answer(request)
        return replay.response

    def _marked(self, mark: ActMark, rule: Requires) -> Marked:
        body = None if self.body_field is None else self.body_field.field_info.annotation
        fields = body.model_fields.values() if _is_shape(body) else ()
        members = (field.alias for field in fields)
        named = frozenset(name for name in members if name)
        return Marked(mark.name, rule.scope, named, mark.within)


def _is_shape(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _or_awaited(options: Mapping[str, Any], endpoint: Callable[..., Any]) -> dict[str, Any]:
    """An act is answered as it declares, or with 202 and that it waits."""
    problems = merged(described(RuleChangedMeanwhile), options.get("responses") or {})
    if options.get("status_code") != 202:
        waits = {"model": ApprovalAwaited, "description": "It waits for approval."}
        return {"responses": problems | {202: waits}}
    declared = options.get("response_model")
    if declared is None or isinstance(declared, DefaultPlaceholder):
        declared = get_typed_return_annotation(endpoint)
    return {"responses": problems, "response_model": declared | ApprovalAwaited}


class BatchedRoutes:
    """The endpoints that a batch may ask, found by their paths."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._routes = [
            route
            for router in routers
            for route in router.routes
            if isinstance(route, GuardedRoute) and route.batched
        ]

    def find(self, path: str) -> Found | None:
        for route in self._routes:
            matched = route.path_regex.match(path)
            if matched is not None:
                return route.in_batch, matched.groupdict()
        return None


def guarded_router(prefix: str, *tags: str) -> APIRouter:
    """A router all of whose endpoints have a rule."""
    return APIRouter(prefix=prefix, tags=list(tags), route_class=GuardedRoute)
