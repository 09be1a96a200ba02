"""What those who run a node look at: is it alive, can it work, how is it doing."""

from __future__ import annotations

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidan_node.web.caller import public, requires
from tidan_node.web.health import Readiness
from tidan_node.web.other_nodes import for_other_nodes
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import Shape
from tidan_node.web.state import node_of


class Liveness(Shape):
    """The process answers."""

    status: str = "ok"


def operating_router(*, open_metrics: bool) -> APIRouter:
    """`/metrics` needs the scope `admin`, unless the settings open it on a loopback address."""
    router = guarded_router("", "operating")

    @router.get("/health/live", dependencies=[public(), for_other_nodes()])
    async def live() -> Liveness:
        """The process runs and answers; nothing else is looked at."""
        return Liveness()

    @router.get(
        "/health/ready",
        dependencies=[public()],
        response_model=Readiness,
        responses={503: {"model": Readiness, "description": "Something does not work."}},
    )
    async def ready(request: Request) -> Response:
        """Everything that the node needs works: SQL, migrations, chain, view, workers, by name."""
        readiness = await node_of(request).health.readiness()
        return JSONResponse(
            readiness.model_dump(mode="json", by_alias=True), 200 if readiness.ready else 503
        )

    @router.get(
        "/metrics",
        dependencies=[public() if open_metrics else requires("admin")],
        response_class=Response,
        responses={200: {"content": {CONTENT_TYPE_LATEST: {"schema": {"type": "string"}}}}},
    )
    async def metrics(request: Request) -> Response:
        """Figures of this node in Prometheus' text form."""
        node = node_of(request)
        await node.measure()
        return Response(node.metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    return router
