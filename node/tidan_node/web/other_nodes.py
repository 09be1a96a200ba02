"""What other nodes may call, on a listener of their own, and nothing else of this node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from fastapi import APIRouter, Depends, FastAPI, params
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from tidan_node.problems import NotFound
from tidan_node.web import errors
from tidan_node.web.access import Access
from tidan_node.web.limits import BodyLimit
from tidan_node.web.state import NodeState


def for_other_nodes() -> params.Depends:
    """Marks an endpoint that is served to other nodes, too. Whom it admits its rule says: that of a
    signing party, or `public()`."""
    return cast(params.Depends, Depends(_is_served_to_other_nodes))


def for_other_nodes_alone() -> params.Depends:
    """As `for_other_nodes`; and where these have a listener of their own, it is nowhere else."""
    return cast(params.Depends, Depends(_is_served_to_other_nodes_alone))


async def _is_served_to_other_nodes() -> None:
    """As a dependency it only marks the endpoint."""


async def _is_served_to_other_nodes_alone() -> None:
    """As above."""


def for_own_people(routers: Iterable[APIRouter]) -> Iterable[APIRouter]:
    """These routers, without what is for other nodes alone."""
    for router in routers:
        kept = [each for each in router.routes if not _has(each, _is_served_to_other_nodes_alone)]
        if len(kept) < len(router.routes):
            router = APIRouter(routes=kept)  # noqa: PLW2901  the same one, with less in it
        yield router


def exchange_application(
    node: NodeState, routers: Iterable[APIRouter], *, upload_limit: int
) -> FastAPI:
    """Of these routers the endpoints that are marked. Whatever else there is, is not here: also a
    known path that is asked in another way."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.node = node
    errors.install(app)
    app.add_exception_handler(HTTPException, _not_here)
    app.add_middleware(BodyLimit, limit=upload_limit)
    app.add_middleware(Access, metrics=node.metrics)  # added last: it is the outermost
    app.router.routes.extend(each for router in routers for each in _marked(router))
    return app


def _marked(router: APIRouter) -> Iterable[BaseRoute]:
    return (
        route
        for route in router.routes
        if _has(route, _is_served_to_other_nodes, _is_served_to_other_nodes_alone)
    )


def _has(route: BaseRoute, *marks: object) -> bool:
    return isinstance(route, APIRoute) and any(
        each.dependency in marks for each in route.dependencies
    )


async def _not_here(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type alone
    if error.status_code == 405:
        return errors.problem_response(NotFound(NotFound.title))
    return errors.problem_response(errors.http_problem(error), error.headers)
