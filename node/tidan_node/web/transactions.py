"""One transaction a request: begun when it is first needed, committed before the answer leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Annotated, cast

from fastapi import Depends
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.storage.database import Database, Overtaken, overtaken
from tidan_node.web.errors import problem_response
from tidan_node.web.refusals import RecordedRefusal
from tidan_node.web.state import node_of

Answer = Callable[[Request], Awaitable[Response]]
Keep = Callable[[AsyncConnection, Response], Awaitable[None]]


class Transaction:
    """The one transaction that a request may write in."""

    def __init__(self, database: Database, until_commit: AsyncExitStack) -> None:
        self._database = database
        self._until_commit = until_commit
        self._connection: AsyncConnection | None = None
        self.moment = "operation"
        """What the moments before and after its commit are named after."""
        self.depth = 0
        """Inside of how many others it is."""

    async def begin(self) -> AsyncConnection:
        """Its connection. SQLite has one writer at a time, so ask for it after the slow work."""
        if self._connection is None:
            self._connection = await self._until_commit.enter_async_context(
                self._database.writing()
            )
        return self._connection


async def _keep_nothing(_: AsyncConnection, __: Response) -> None:
    """Nobody will ask for this answer again."""


async def committed(request: Request, answer: Answer, keep: Keep = _keep_nothing) -> Response:
    """The answer, once everything that it stands on is on disk; a failed commit is no answer.

    FastAPI leaves dependencies that yield only after it has sent the answer, so the commit stands
    here, around the handler, and not in a dependency.
    """
    node = node_of(request)
    try:
        async with AsyncExitStack() as until_commit:
            transaction = Transaction(node.database, until_commit)
            request.state.transaction = transaction
            try:
                response = await answer(request)
            except RecordedRefusal as refusal:
                response = problem_response(refusal.problem)
            else:
                await keep(await transaction.begin(), response)
            node.checkpoints.reached(f"{transaction.moment}.before-commit")
    except IntegrityError as error:
        if overtaken(error):
            raise Overtaken("send it again") from error
        raise
    node.checkpoints.reached(f"{transaction.moment}.committed")
    node.committed()
    return response


def transaction_of(request: Request) -> Transaction:
    return cast(Transaction, request.state.transaction)


async def _undertaking(request: Request) -> Transaction:
    return transaction_of(request)


async def _writing(request: Request) -> AsyncConnection:
    return await transaction_of(request).begin()


async def _reading(request: Request) -> AsyncIterator[AsyncConnection]:
    async with node_of(request).database.reading() as connection:
        yield connection


async def _recorded(request: Request) -> AsyncIterator[AsyncConnection]:
    async with node_of(request).database.writing() as connection:
        yield connection


Writing = Annotated[AsyncConnection, Depends(_writing)]
"""The connection of the request's transaction, for endpoints that change something."""

Reading = Annotated[AsyncConnection, Depends(_reading, scope="function")]
"""A connection for endpoints that only read, given back before the answer is sent."""

Undertaking = Annotated[Transaction, Depends(_undertaking)]
"""The request's transaction, not begun yet, for endpoints with slow work to do first."""

Recorded = Annotated[AsyncConnection, Depends(_recorded, scope="function")]
"""For reading what the trail keeps a note of: committed before the answer is sent."""
