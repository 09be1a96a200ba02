"""Operations as callers see them, and where they watch them."""

from __future__ import annotations

from typing import Annotated, Any

import structlog
from fastapi import Path, Query
from starlette.requests import Request

from tidan_node.domain.identifiers import OperationId
from tidan_node.operations.operation import Operation, OperationStatus
from tidan_node.problems import NotFound
from tidan_node.web.caller import requires
from tidan_node.web.errors import described
from tidan_node.web.pagination import Page, Position, cursor_of
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import VISIBLE, Moment, Shape
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading

router = guarded_router("/v1/operations", "operations")


class OperationResult(Shape):
    """The event that an operation succeeded by."""

    tx_hash: str
    block_number: int
    log_index: int


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
        )

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
        items=[OperationAnswer.of(operation) for operation in shown],
        next_cursor=cursor_of(Position(0, shown[-1].id)) if more else None,
    )


@router.get(
    "/{operation}", dependencies=[requires("operations:read")], responses=described(NotFound)
)
async def show_operation(
    operation: Annotated[str, Path(max_length=36, pattern=VISIBLE)],
    request: Request,
    connection: Reading,
) -> OperationAnswer:
    """Where this operation stands. It has succeeded once the chain's event of it is read here."""
    found = await node_of(request).operations.by_id(connection, OperationId(operation))
    return OperationAnswer.of(found)
