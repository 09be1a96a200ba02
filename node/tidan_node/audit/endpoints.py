"""Paths of the trail."""

from __future__ import annotations

from starlette.requests import Request

from tidan_node.audit.schemas import TrailPage, TrailVerdict
from tidan_node.audit.service import TrailReader
from tidan_node.records.problems import NothingIndexed
from tidan_node.web.caller import requires
from tidan_node.web.errors import described
from tidan_node.web.pagination import Page
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading

router = guarded_router("/v1/trail", "trail")


@router.get(
    "",
    dependencies=[requires("trail:read")],
    responses=described(CursorInvalid),
)
async def list_entries(connection: Reading, page: Page) -> TrailPage:
    """Who asked what of this node, the newest first."""
    return await TrailReader(connection).entries(page)


@router.get(
    "/verify",
    dependencies=[requires("trail:read")],
    responses=described(NothingIndexed),
)
async def verify_entries(request: Request, connection: Reading) -> TrailVerdict:
    """Whether the trail is whole: its links recomputed, and held against the ledger's anchors."""
    return await TrailReader(connection).verdict(node_of(request).account)
