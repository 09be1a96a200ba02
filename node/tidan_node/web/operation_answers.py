"""Operations as callers see them, and where they watch them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from time import monotonic
from typing import Annotated, Any, Final

import structlog
from fastapi import Path, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.domain.identifiers import OperationId
from tidan_node.operations.operation import Operation, OperationStatus, Waiting
from tidan_node.people.caller import Scope
from tidan_node.people.problems import NotAuthenticated, ScopeMissing
from tidan_node.problems import NotFound
from tidan_node.web.caller import Requires, requires
from tidan_node.web.errors import described
from tidan_node.web.named_parties import named_document
from tidan_node.web.pagination import Page, Position, cursor_of
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import VISIBLE, Moment, Shape
from tidan_node.web.state import node_of
from tidan_node.web.streaming import STREAMED, TooManyStreams, greeting, heartbeat, message
from tidan_node.web.transactions import Reading

router = guarded_router("/v1/operations", "operations")
OperationPath = Annotated[str, Path(max_length=36, pattern=VISIBLE)]

_RULE: Final = Requires(Scope.OPERATIONS_READ)
_PATIENCE: Final = 1.0
"""Seconds between two looks: what the dispatcher finds out is told by nobody."""


class OperationResult(Shape):
    """The event that an operation succeeded by."""

    tx_hash: str
    block_number: int
    log_index: int


class WaitingAnswer(Shape):
    """Why no block holds the transaction of an operation yet."""

    reason: str
    since: Moment
    next_step: str

    @classmethod
    def of(cls, waiting: Waiting | None) -> WaitingAnswer | None:
        if waiting is None:
            return None
        return cls(reason=waiting.reason, since=waiting.since, next_step=waiting.next_step)


class OperationAnswer(Shape):
    """One intention to change the chain, and what has become of it."""

    id: str
    kind: str
    target: str
    status: OperationStatus
    created_at: Moment
    updated_at: Moment
    deadline: Moment | None
    result: OperationResult | None
    problem: dict[str, Any] | None  # Any: a problem document (RFC 9457)
    waiting: WaitingAnswer | None
    """Where the chain's node refuses it for now, or no block takes it."""

    @classmethod
    def of(cls, operation: Operation) -> OperationAnswer:
        result = operation.result
        return cls(
            id=operation.id,
            kind=operation.kind,
            target=operation.target,
            status=operation.status,
            created_at=operation.created_at,
            updated_at=operation.updated_at,
            deadline=operation.deadline,
            result=None if result is None else OperationResult.model_validate(result),
            problem=None if operation.problem is None else dict(operation.problem),
            waiting=WaitingAnswer.of(operation.waiting),
        )

    @classmethod
    async def told(cls, operation: Operation, connection: AsyncConnection) -> OperationAnswer:
        """The same with names, where a refusal calls parties by their numbers."""
        if operation.problem is None:
            return cls.of(operation)
        named = await named_document(connection, operation.problem)
        return cls.of(replace(operation, problem=named))

    @classmethod
    def accepted(cls, operation: Operation) -> OperationAnswer:
        """The same, for the request that asked for it: its log line names the operation."""
        structlog.contextvars.bind_contextvars(operation=operation.id)
        return cls.of(operation)


class OperationPage(Shape):
    """Operations, the newest first."""

    items: list[OperationAnswer]
    next_cursor: str | None


@router.get("", dependencies=[requires("operations:read")], responses=described(CursorInvalid))
async def list_operations(
    request: Request,
    connection: Reading,
    page: Page,
    status: OperationStatus | None = None,
    target: Annotated[str | None, Query(max_length=128, pattern=VISIBLE)] = None,
) -> OperationPage:
    """What this node wanted of the chain, the newest first."""
    found = await node_of(request).operations.page(
        connection,
        limit=page.limit + 1,
        before=OperationId(page.after.id) if page.after else None,
        status=status,
        target=target,
    )
    shown = found[: page.limit]
    more = len(found) > page.limit
    return OperationPage(
        items=[await OperationAnswer.told(operation, connection) for operation in shown],
        next_cursor=cursor_of(Position(0, shown[-1].id)) if more else None,
    )


@router.get(
    "/{operation}", dependencies=[requires("operations:read")], responses=described(NotFound)
)
async def show_operation(
    operation: OperationPath, request: Request, connection: Reading
) -> OperationAnswer:
    """Where this operation stands. It has succeeded once the chain's event of it is read here."""
    found = await node_of(request).operations.by_id(connection, OperationId(operation))
    return await OperationAnswer.told(found, connection)


@router.get(
    "/{operation}/events",
    dependencies=[requires("operations:read")],
    response_class=Response,
    responses=STREAMED | described(NotFound, TooManyStreams),
)
async def follow_operation(operation: OperationPath, request: Request) -> Response:
    """The operation as a stream (`text/event-stream`): as it is now, and each time that it changes,
    until it has ended."""
    found = await _operation(request, operation)
    return node_of(request).streams.response(_changes(request, found))


async def _changes(request: Request, operation: Operation) -> AsyncIterator[bytes]:
    node = node_of(request)
    yield greeting()
    shown: Operation | None = None
    quiet_since = monotonic()
    while True:
        count = node.news.count
        if operation != shown:
            try:
                await _RULE.admit(request)
            except (NotAuthenticated, ScopeMissing):
                return  # the key that the stream was opened with is no longer good
            shown, quiet_since = operation, monotonic()
            async with node.database.reading() as connection:
                answer = await OperationAnswer.told(operation, connection)
            yield message(name="operation", data=answer.model_dump_json(by_alias=True))
        if operation.is_ended or node.news.is_closed:
            return
        if monotonic() - quiet_since >= node.streams.heartbeat:
            quiet_since = monotonic()
            yield heartbeat()
        await node.news.after(count, patience=_PATIENCE)
        operation = await _operation(request, operation.id)


async def _operation(request: Request, operation: str) -> Operation:
    node = node_of(request)
    async with node.database.reading() as connection:
        return await node.operations.by_id(connection, OperationId(operation))
