"""Many acts in one request: each goes to its own endpoint, in one transaction with the others.

Each is done or refused by itself, as if it had been sent alone: by its own rule and with its own
four eyes. What they come to is one commit.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Final, cast

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.people.caller import Caller
from tidan_node.problems import InvalidInput, Problem
from tidan_node.web.errors import http_problem, invalid_input
from tidan_node.web.four_eyes import Act
from tidan_node.web.refusals import RecordedRefusal
from tidan_node.web.replaying import Nested
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Transaction

_BATCHED: Final = "tidan.batched"
_HEADERS: Final = ((b"content-type", b"application/json"),)

Members = Mapping[str, Any]  # Any: a body as its endpoint has it
Endpoint = Callable[[Request, "Batched", Members], Awaitable[Response]]
Found = tuple[Endpoint, Mapping[str, str]]
"""Who answers at a path, and the parts of the path that have names."""


class NotForBatches(InvalidInput):
    """A batch takes what becomes an operation; everything else is sent by itself."""

    status, slug, title = 422, "not-for-batches", "This endpoint cannot be asked in a batch"


@dataclass(slots=True)
class Batch:
    """What the requests of one batch have in common."""

    request: Request
    caller: Caller
    outer: Transaction
    find: Callable[[str], Found | None]
    """The endpoint that a batch may ask at this path."""
    _needed: dict[Act, int] = field(default_factory=dict)

    async def waits(self, act: Act) -> bool:
        """Whether an act needs approval; asked once, in the transaction in which all are done."""
        if act not in self._needed:
            connection = await self.outer.begin()
            four_eyes = node_of(self.request).four_eyes
            self._needed[act] = await four_eyes.needed(connection, act)
        return self._needed[act] > 0


@dataclass(slots=True)
class Batched:
    """One request of a batch on its way through its endpoint."""

    batch: Batch
    transaction: Nested

    @property
    def caller(self) -> Caller:
        return self.batch.caller


def batched_of(request: Request) -> Batched | None:
    """Whether this is no request by itself, but one of a batch."""
    return cast(Batched | None, request.scope.get(_BATCHED))


async def answered_in_batch(batch: Batch, *, path: str, members: Members) -> Response | Problem:
    """The answer of the endpoint at this path to this body, or its problem, which changes
    nothing."""
    batched = Batched(batch, Nested(batch.outer))
    try:
        answer = await _asked(batched, path, members)
    except RecordedRefusal as refusal:
        await batched.transaction.keep()
        return refusal.problem
    except Problem as problem:
        await batched.transaction.take_back()
        return problem
    await batched.transaction.keep()
    return answer


async def _asked(batched: Batched, path: str, members: Members) -> Response:
    found = batched.batch.find(path)
    try:
        async with AsyncExitStack() as around:
            if found is None:
                await _refuse(batched, path, around)
                raise NotForBatches("it is none of the endpoints whose answer is an operation")
            endpoint, named = found
            scope = _scope(batched, path, around) | {"path_params": dict(named)}
            return await endpoint(Request(scope, _receiving(members)), batched, members)
    except RequestValidationError as error:
        raise invalid_input(error.errors()) from error
    except HTTPException as error:
        raise http_problem(error) from error


async def _refuse(batched: Batched, path: str, around: AsyncExitStack) -> None:
    """What is at no path, or not asked by POST, is refused as it would be alone."""

    async def send(_: object) -> None:
        """Only its refusal matters."""

    scope = _scope(batched, path, around)
    await batched.batch.request.app.router(scope, _receiving({}), send)


def _scope(batched: Batched, path: str, around: AsyncExitStack) -> dict[str, Any]:
    outer = batched.batch.request
    return {  # Any: as ASGI has it
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": outer.scope["scheme"],
        "server": outer.scope.get("server"),
        "client": outer.scope.get("client"),
        "root_path": "",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": list(_HEADERS),
        "app": outer.app,
        "state": {},
        # what FastAPI's layers around an endpoint would add
        "fastapi_middleware_astack": around,
        "fastapi_inner_astack": around,
        "fastapi_function_astack": around,
        _BATCHED: batched,
    }


def _receiving(members: Members) -> Callable[[], Awaitable[dict[str, object]]]:
    async def receive() -> dict[str, object]:
        body = json.dumps(members, ensure_ascii=False).encode()
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
