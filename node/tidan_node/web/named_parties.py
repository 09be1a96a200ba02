"""Refusals call a party by its number; whoever is told one is told the name beside it, as far as
this node knows that."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.domain.party_words import unnamed_in, worded
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.web.errors import problem_response
from tidan_node.web.state import node_of


def install(app: FastAPI) -> None:
    """Problems are answered with the names in them."""
    app.add_exception_handler(Problem, _named)


async def with_names(connection: AsyncConnection, words: str) -> str:
    """The sentence with the names of the parties that it calls by their numbers."""
    unnamed = unnamed_in(words)
    return worded(words, await Records(connection).party_names(unnamed)) if unnamed else words


async def named_document(
    connection: AsyncConnection, problem: Mapping[str, object]
) -> dict[str, object]:
    """A problem that was kept, as it is told."""
    detail = str(problem.get("detail", ""))
    return {**problem, "detail": await with_names(connection, detail)} if detail else dict(problem)


async def _named(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for this type alone
    if unnamed_in(error.detail):
        async with node_of(request).database.reading() as connection:
            error.detail = await with_names(connection, error.detail)
    return problem_response(error)
