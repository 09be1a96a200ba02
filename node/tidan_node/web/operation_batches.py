"""`POST /v1/operations:batch`: many acts in one request, and in one commit."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, cast

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.operations.problems import QueueFull
from tidan_node.problems import Problem
from tidan_node.web.batching import Batch, answered_in_batch
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.routes import BatchedRoutes, guarded_router
from tidan_node.web.shapes import VISIBLE, Shape
from tidan_node.web.shown_once import kept_of
from tidan_node.web.transactions import Undertaking

router = guarded_router("/v1", "operations")

_MOST: Final = 100


class BatchedRequest(Shape):
    """One act: where it would be posted by itself, and with which body."""

    path: Annotated[
        str,
        Field(
            min_length=1,
            max_length=300,
            pattern=VISIBLE,
            description="As it would be posted alone: `/v1/titles/0x…/offers`.",
        ),
    ]
    body: dict[str, Any] = Field(default_factory=dict)  # Any: as its endpoint has it


class BatchRequest(Shape):
    """Acts that do not depend on each other; each is done or refused by itself."""

    requests: Annotated[list[BatchedRequest], Field(min_length=1, max_length=_MOST)]


class BatchedAnswer(Shape):
    """What one of them was answered: the same as if it had been sent alone."""

    status: int
    body: dict[str, Any]  # Any: the answer of its endpoint, or a problem document (RFC 9457)


class BatchAnswer(Shape):
    """As many answers as there were requests, in their order."""

    items: list[BatchedAnswer]


@router.post(
    "/operations:batch",
    dependencies=[requires("operations:read")],
    response_model=BatchAnswer,
    responses=described(JsonMalformed),
)
async def batch_operations(
    body: BatchRequest, request: Request, caller: CurrentCaller, transaction: Undertaking
) -> Response:
    """Ask for many operations at once. Each request needs the scope of its own endpoint, waits for
    approval where its act does, and is refused without holding up the others; all that are accepted
    are one commit. The one Idempotency-Key is that of the batch. Where the queue is full before any
    of them, the batch is refused as a whole; those that it is full for later are refused alone."""
    routes = cast(BatchedRoutes, request.app.state.batched)
    batch = Batch(request, caller, transaction, routes.find)
    items: list[bytes] = []
    for each in body.requests:
        answer = await answered_in_batch(batch, path=each.path, members=each.body)
        if isinstance(answer, QueueFull) and not items:
            raise answer
        items.append(_item(answer))
    return Response(b'{"items":[%b]}' % b",".join(items), media_type="application/json")


def _item(answer: Response | Problem) -> bytes:
    """A `BatchedAnswer`, with what its endpoint answered as it is."""
    if isinstance(answer, Response):
        return b'{"status":%d,"body":%b}' % (answer.status_code, kept_of(answer))
    told = json.dumps(answer.document(), ensure_ascii=False, separators=(",", ":"))
    return b'{"status":%d,"body":%b}' % (answer.status, told.encode())
