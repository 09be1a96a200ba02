"""Refusals that stand on what the node has read of its chain: where it cannot read on, they say
why, since what they found missing may be there."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.domain.parties import NotEnrolled
from tidan_node.problems import Problem
from tidan_node.records.problems import NothingIndexed
from tidan_node.web.errors import problem_response
from tidan_node.web.state import node_of

CHAIN_CHECK: Final = "chain"
_WHERE: Final = "`chain_url` and `manifest` in node.toml say which chain this node reads"


def install(app: FastAPI) -> None:
    """These refusals are answered with their cause, where the node's health knows one."""
    for kind in (NotEnrolled, NothingIndexed):
        app.add_exception_handler(kind, _explained)


async def _explained(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for these types alone
    why = await node_of(request).health.fault_of(CHAIN_CHECK)
    if why is None:
        return problem_response(error)
    detail = f"{error.detail}, as far as it has been read: {why}; {_WHERE}"
    return problem_response(type(error)(detail, field=error.field, **error.extra))
