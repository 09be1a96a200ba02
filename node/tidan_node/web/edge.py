"""The FastAPI application: any features' routers, behind all that every request goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, FastAPI

from tidan_node.web import errors, named_parties, problem_pages, unread_chain
from tidan_node.web.access import Access
from tidan_node.web.limits import BodyLimit
from tidan_node.web.operating import operating_router
from tidan_node.web.quick_reads import QuickReads, QuickRoutes
from tidan_node.web.routes import BatchedRoutes
from tidan_node.web.state import NodeState

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_DESCRIPTION = """\
A node of a trade consortium: bills of lading, invoices and cargo policies on a shared ledger, with
their documents kept here. Whatever changes the ledger is answered with 202 and an operation to
watch. Failures are `application/problem+json` (RFC 9457); each `type` has a page.
"""


def application(
    node: NodeState,
    routers: Iterable[APIRouter],
    *,
    upload_limit: int,
    open_metrics: bool = False,
    version: str = "0",
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """The application of this node. The interactive pages of FastAPI load scripts from elsewhere,
    so only the OpenAPI document is served."""
    app = FastAPI(
        title="Tidan node",
        version=version,
        description=_DESCRIPTION,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    routers = tuple(routers)
    app.state.node, app.state.batched = node, BatchedRoutes(routers)
    app.state.quick = QuickRoutes(routers)
    errors.install(app)
    named_parties.install(app)
    unread_chain.install(app)
    app.add_middleware(BodyLimit, limit=upload_limit)
    app.add_middleware(QuickReads, node=node)
    app.add_middleware(Access, metrics=node.metrics)  # added last: it is the outermost
    for router in (operating_router(open_metrics=open_metrics), problem_pages.router, *routers):
        app.include_router(router)
    return app
