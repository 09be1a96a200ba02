"""A marked request is tried and kept, and carried out later as it was kept.

*Tried* means done in full inside a savepoint that is then taken back: its maker hears of every
problem at once, and what it comes to is kept with it. *Carried out* means handed once more to the
same endpoint, inside the transaction of whoever gave the last approval.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

import structlog
from fastapi.exceptions import RequestValidationError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidan_node.domain.identifiers import OperationId
from tidan_node.domain.proofs.canonical import read_json
from tidan_node.people.caller import Caller, Scope
from tidan_node.storage.savepoints import go_back, release, set_savepoint
from tidan_node.web.approval_answers import ApprovalAwaited
from tidan_node.web.errors import http_problem, invalid_input
from tidan_node.web.four_eyes import (
    Act,
    Asked,
    Carried,
    Intended,
    RuleChangedMeanwhile,
    Within,
)
from tidan_node.web.refusals import RecordedRefusal
from tidan_node.web.shapes import as_utc, moment_of
from tidan_node.web.shown_once import kept_of
from tidan_node.web.state import NodeState, node_of
from tidan_node.web.transactions import Answer, Transaction, transaction_of

_REPLAY: Final = "tidan.replay"
_MOMENT: Final = "approval"
_LEFT_OPEN: Final[Mapping[str, Callable[[Any], object]]] = {  # Any: JSON of an intent
    "expectedSeq": lambda seq: seq,
    "expectedSeqs": lambda seqs: seqs,
    "deadline": lambda at: as_utc(moment_of(at)),
    "validUntil": lambda at: at,
}
"""What a caller may leave out, and the act then takes from the moment at which it is done. An
approval is of one act, so the moment of asking decides."""

_ANEW: Final = frozenset(
    {"id", "createdAt", "issuedAt", "validFrom", "statusList", "statusIndex", "credential"}
)

MADE_BY_CHANCE: Final = frozenset({"contentRoot"})
"""Of what an act comes to, what its fixed document and a fresh secret make anew each time."""


@dataclass(frozen=True, slots=True)
class Marked:
    """An endpoint with a mark: its act, its scope, the members that its body may have, and what
    tells which act it carries, if it carries another."""

    act: Act
    scope: Scope
    members: frozenset[str]
    within: Within | None = None

    def may_be(self, act: Act) -> bool:
        """Whether this may be what a request here was kept as."""
        return act == self.act or self.within is not None

    async def needs(self, request: Request, connection: AsyncConnection) -> dict[Act, int]:
        """How many others each act needs that the request is: the one that it carries first."""
        carried = await self._carried(request, connection)
        acts = (self.act,) if carried is None or carried.act is None else (carried.act, self.act)
        four_eyes = node_of(request).four_eyes
        return {each: await four_eyes.needed(connection, each) for each in acts}

    async def shown(self, request: Request, connection: AsyncConnection) -> Mapping[str, object]:
        """What is kept with a request beyond what it states."""
        carried = await self._carried(request, connection)
        return {} if carried is None else carried.shown

    async def _carried(self, request: Request, connection: AsyncConnection) -> Carried | None:
        return None if self.within is None else await self.within(request, connection)

    async def require_approvals(self, request: Request, replay: Replay) -> None:
        """Not fewer have approved it than any of its acts needs by now; of the one that it was kept
        as, whoever hands it here has asked."""
        if self.within is None:
            return
        needs = await self.needs(request, await replay.transaction.begin())
        for each, needed in needs.items():
            if needed > replay.approvers:
                raise RuleChangedMeanwhile(f"{each} needs {needed} approvers since it was asked")


class Nested(Transaction):
    """A transaction inside that of the request, which can be taken back alone."""

    def __init__(self, outer: Transaction) -> None:
        self._outer = outer
        self._inside: AsyncConnection | None = None
        self.moment, self.depth = outer.moment, outer.depth + 1
        self._name = f"nested_{self.depth}"

    async def begin(self) -> AsyncConnection:
        if self._inside is None:
            connection = await self._outer.begin()
            await set_savepoint(connection, self._name)
            self._inside = connection
        return self._inside

    async def take_back(self) -> None:
        if self._inside is not None:
            await go_back(self._inside, self._name)
            self._inside = None

    async def keep(self) -> None:
        if self._inside is not None:
            await release(self._inside, self._name)
            self._inside = None


class Unhindered(Transaction):
    """The transaction of an act that waited for nobody when it was asked for: should a rule have
    come into force until it begins to write, nothing is written."""

    def __init__(self, outer: Transaction, request: Request, marked: Marked) -> None:
        self._outer = outer
        self._request = request
        self._marked = marked
        self._asked = False
        self.moment, self.depth = outer.moment, outer.depth

    async def begin(self) -> AsyncConnection:
        connection = await self._outer.begin()
        if not self._asked:
            self._asked = True
            for act, needed in (await self._marked.needs(self._request, connection)).items():
                if needed:
                    raise RuleChangedMeanwhile(f"{act} is under four eyes since just now")
        return connection


async def done_or_kept(
    request: Request, caller: Caller, marked: Marked, answer: Answer
) -> Response:
    """The answer of the act, where it waits for nobody; else that of the request that waits."""
    node = node_of(request)
    async with node.database.reading() as connection:
        needs = await marked.needs(request, connection)
    strictest = max(needs, key=needs.__getitem__)
    if needs[strictest] > 0:
        return await _kept(request, caller, replace(marked, act=strictest), answer)
    request.state.transaction = Unhindered(transaction_of(request), request, marked)
    return await answer(request)


async def _kept(request: Request, caller: Caller, marked: Marked, answer: Answer) -> Response:
    node, outer = node_of(request), transaction_of(request)
    outer.moment = _MOMENT
    trial = Nested(outer)
    request.state.transaction = trial
    try:
        response = await answer(request)
    except RecordedRefusal:
        await trial.keep()
        raise
    subject = str(next(iter(request.path_params.values()), ""))
    intended = await intended_by(await trial.begin(), node, marked.act, response, subject)
    await trial.take_back()
    shown = await marked.shown(request, await outer.begin())
    structlog.contextvars.bind_contextvars(operation=None)
    asked = Asked(
        act=marked.act,
        scope=marked.scope,
        path=request.url.path,
        body=_fixed(await request.body(), marked.members, intended.details, shown),
        intended=intended,
        caller=caller,
    )
    waiting = await node.four_eyes.keep(await outer.begin(), asked, node.clock())
    doubts = intended.details.get("warnings", [])
    awaited = ApprovalAwaited.model_validate({"approval": waiting, "warnings": doubts})
    return JSONResponse(awaited.model_dump(mode="json", by_alias=True), 202)


async def intended_by(
    connection: AsyncConnection, node: NodeState, act: Act, response: Response, subject: str
) -> Intended:
    """What the act that was answered so has come to: its operation, or where the node alone is
    changed, the answer itself without what is made anew each time; of the subject of its path. What
    there was to doubt is part of it: whoever approves sees that, and approves no other."""
    told = json.loads(kept_of(response))
    operation = told.get("operation")
    if operation is None:
        details = {name: value for name, value in told.items() if name not in _ANEW}
        return Intended(act, subject, details)
    found = await node.operations.by_id(connection, OperationId(operation["id"]))
    doubts = {"warnings": told["warnings"]} if told.get("warnings") else {}
    return Intended(found.kind, found.target, dict(found.intent) | doubts)


def _fixed(
    body: bytes,
    members: frozenset[str],
    details: Mapping[str, object],
    shown: Mapping[str, object],
) -> bytes:
    """The body, in which nothing is left open that the moment would decide, or hidden."""
    sent = cast(dict[str, Any], read_json(body)) if body else {}  # Any: a body that was accepted
    chosen = {
        name: written(details[name])
        for name, written in _LEFT_OPEN.items()
        if name in members and name in details and sent.get(name) is None
    }
    more = chosen | dict(shown)
    return json.dumps(sent | more, ensure_ascii=False).encode() if more else body


@dataclass(slots=True)
class Replay:
    """A kept request on its way through its endpoint, in its maker's name."""

    act: Act
    caller: Caller
    transaction: Transaction
    approvers: int
    """So many as have approved it, at least."""
    response: Response | None = field(default=None)


def replay_of(request: Request) -> Replay | None:
    """Whether this is no request from outside, but one that was kept."""
    return cast(Replay | None, request.scope.get(_REPLAY))


async def replayed(request: Request, replay: Replay, *, path: str, body: bytes) -> Response:
    """The answer of the endpoint at this path to this body; its problems are raised."""
    kind = [(b"content-type", b"application/json")] if body else []
    scope: dict[str, Any] = {  # Any: as ASGI has it
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": request.scope["scheme"],
        "server": request.scope.get("server"),
        "client": None,
        "root_path": "",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [*kind, (b"content-length", str(len(body)).encode())],
        "app": request.app,
        "state": {},
        _REPLAY: replay,
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(_: object) -> None:
        """The approver is answered, by its own request."""

    try:
        async with AsyncExitStack() as around:  # the one thing that the middlewares would add
            scope["fastapi_middleware_astack"] = around
            await request.app.router(scope, receive, send)
    except RequestValidationError as error:
        raise invalid_input(error.errors()) from error
    except HTTPException as error:
        raise http_problem(error) from error
    except RecordedRefusal as refusal:
        raise refusal.problem from refusal
    return cast(Response, replay.response)
