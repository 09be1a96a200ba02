"""The way of those reads that are asked far more often than anything else.

One statement finds who asks and what they ask for; the same question of the same reader is answered
from memory for as long as nothing at all was written to the database. Whatever is not simply
answered (another credential, a query, a refusal, what is not there) goes the ordinary way.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

import structlog
from fastapi import APIRouter, Depends, params
from sqlalchemy import BindParameter, ColumnElement, FromClause, String, bindparam, select

from tidan_node.people.authentication import IS_SHOWN, KEY_COLUMNS, KEYS, holder_of
from tidan_node.people.caller import Caller
from tidan_node.people.secrets import KeyText
from tidan_node.problems import Problem
from tidan_node.storage.quick import NotQuick, Prepared, Values
from tidan_node.web.caller import Requires
from tidan_node.web.kept_answers import KeptAnswer, KeptAnswers
from tidan_node.web.routes import GuardedRoute, RuleMissing
from tidan_node.web.shapes import Shape

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from tidan_node.web.state import NodeState

ASKED_FOR: Final[BindParameter[str]] = bindparam("asked", type_=String)
"""The id in the path."""

_ID: Final = re.compile(r"0x[0-9a-f]{64}")
_SCHEME: Final = b"bearer "
_KEY: Final = _SCHEME + KeyText.prefix.encode() + b"_"
_WITH_BODY: Final = (b"content-length", b"transfer-encoding")


@dataclass(frozen=True)
class QuickRead:
    """What an endpoint shows, as one row: it may depend on nothing but the database and the key
    that was shown, and be nothing that the trail keeps a note of."""

    columns: Sequence[ColumnElement[Any]]
    beside: Callable[[FromClause], FromClause]
    """The tables of the columns, joined to that of keys: its row stays where they have none."""
    shown: Callable[[Values, Caller], Shape | None]
    """The answer that the row makes; None: let the ordinary way say it."""

    @cached_property
    def prepared(self) -> Prepared:
        columns = (*KEY_COLUMNS, *self.columns)
        return Prepared(select(*columns).select_from(self.beside(KEYS)).where(IS_SHOWN))

    async def __call__(self) -> None:
        """As a dependency it only marks the endpoint."""


def quickly(read: QuickRead) -> params.Depends:
    """Marks a GET that is answered so: `dependencies=[requires("records:read"), quickly(READ)]`."""
    return cast(params.Depends, Depends(read))


class QuickRoutes:
    """The endpoints that are answered so, found by their paths."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._reads = [
            (route, read, _rule_of(route))
            for router in routers
            for route in router.routes
            if isinstance(route, GuardedRoute)
            for read in (declared.dependency for declared in route.dependencies)
            if isinstance(read, QuickRead)
        ]

    def find(self, path: str) -> Found | None:
        for route, read, rule in self._reads:
            matched = route.path_regex.match(path)
            if matched is not None and _ID.fullmatch(matched[1]):
                return route, read, rule, matched[1]
        return None


Found = tuple[GuardedRoute, QuickRead, Requires, str]
"""An endpoint, its row, its rule, and the id that is asked for."""


class QuickReads:
    """A layer around the application, within that of what every request gets."""

    def __init__(self, app: ASGIApp, *, node: NodeState, kept: KeptAnswers | None = None) -> None:
        self._app = app
        self._node = node
        self._reader = node.database.quick
        self._kept = KeptAnswers() if kept is None else kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = None
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["query_string"]:
            found = cast(QuickRoutes, scope["app"].state.quick).find(scope["path"])
        answer = None if found is None else await self._answer(scope, found)
        if found is None or answer is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = found[0]
        structlog.contextvars.bind_contextvars(caller=answer.caller)
        await _send(answer.body, send)

    async def _answer(self, scope: Scope, found: Found) -> KeptAnswer | None:
        authorization = _authorization(scope)
        if authorization is None:
            return None
        # a digest, so that the node's memory has no more credentials than it must
        key = hashlib.sha256(authorization + b"\n" + scope["path"].encode()).digest()
        try:
            kept = None
            if key in self._kept:
                version = await self._reader.version()
                kept = self._kept.find(version, key, self._node.clock())
            return kept or await self._looked_up(key, authorization, found)
        except (NotQuick, Problem):
            return None

    async def _looked_up(self, key: bytes, authorization: bytes, found: Found) -> KeptAnswer | None:
        _, read, rule, asked = found
        shown = KeyText.parse(authorization[len(_SCHEME) :].decode("latin-1").strip())
        if shown is None:
            return None
        seen = await self._reader.row(read.prepared, {"shown": shown.key_id, "asked": asked})
        # a secret is held against one for an unknown id, too
        values = None if seen is None else seen[1][: len(KEY_COLUMNS)]
        caller = holder_of(shown, values, self._node.clock())
        if seen is None or rule.scope not in caller.scopes:
            return None
        version, row = seen
        shape = read.shown(row[len(KEY_COLUMNS) :], caller)
        if shape is None:
            return None
        body = shape.__pydantic_serializer__.to_json(shape, by_alias=True)
        answer = KeptAnswer(body, caller.key_id, caller.expires_at)
        self._kept.keep(version, key, answer)
        return answer


def _rule_of(route: GuardedRoute) -> Requires:
    if route.methods != {"GET"} or not isinstance(route.rule, Requires):
        raise RuleMissing(f"{route.path}: only a GET that requires a scope is answered quickly")
    return route.rule


def _authorization(scope: Scope) -> bytes | None:
    """The key that is shown with a request that brings no body."""
    shown = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            if shown is not None:
                return None
            shown = value
        elif name in _WITH_BODY:
            return None
    return shown if shown is not None and shown[: len(_KEY)].lower() == _KEY else None


async def _send(body: bytes, send: Send) -> None:
    headers = [
        (b"content-length", b"%d" % len(body)),
        (b"content-type", b"application/json"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
