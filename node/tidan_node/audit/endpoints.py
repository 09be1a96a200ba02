"""Paths of the trail, and of what an audit asks beside the records."""

from __future__ import annotations

from starlette.requests import Request

from tidan_node.audit.schemas import (
    BlockPage,
    DocumentPage,
    ReportRequest,
    SealedPage,
    SignedReport,
    TrailPage,
    TrailVerdict,
)
from tidan_node.audit.service import (
    AuditReader,
    ReportSigner,
    SigningKeyNotOnChain,
    TrailReader,
)
from tidan_node.domain.parties import NotEnrolled
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.records.problems import NothingIndexed
from tidan_node.web.caller import CurrentCaller, question, requires
from tidan_node.web.errors import described
from tidan_node.web.pagination import Page
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Recorded

router = guarded_router("/v1/trail", "trail")
audit_router = guarded_router("/v1/audit", "audit")


@router.get(
    "",
    dependencies=[requires("trail:read")],
    responses=described(CursorInvalid),
)
async def list_entries(connection: Reading, page: Page) -> TrailPage:
    """Who asked what of this node, the newest first."""
    return await TrailReader(connection).entries(page)


@router.get(
    "/sealed",
    dependencies=[requires("trail:read")],
    responses=described(CursorInvalid),
)
async def list_sealed_entries(connection: Reading, page: Page) -> SealedPage:
    """The sealed entries, the oldest first: whoever has them all can compute every hash anew."""
    return await TrailReader(connection).sealed(page)


@router.get(
    "/verify",
    dependencies=[requires("trail:read")],
    responses=described(NothingIndexed),
)
async def verify_entries(request: Request, connection: Reading) -> TrailVerdict:
    """Whether the trail is whole: its links recomputed, and held against the ledger's anchors."""
    return await TrailReader(connection).verdict(node_of(request).account)


@audit_router.get(
    "/contents",
    dependencies=[requires("trail:read")],
    responses=described(CursorInvalid),
)
async def list_contents(request: Request, connection: Reading, page: Page) -> DocumentPage:
    """The documents that this node holds, each with its root computed anew; nothing of their text.
    A page has at most 20."""
    return await AuditReader(connection, node_of(request)).documents(page)


@audit_router.get(
    "/blocks",
    dependencies=[requires("records:read")],
    responses=described(CursorInvalid, NothingIndexed),
)
async def list_blocks(request: Request, connection: Reading, page: Page) -> BlockPage:
    """The blocks that this node has read: all that it says stands on them."""
    return await AuditReader(connection, node_of(request)).blocks(page)


@audit_router.post(
    "/reports",
    dependencies=[requires("reports:sign"), question()],
    responses=described(NotEnrolled, SigningKeyNotOnChain, JsonMalformed, NothingIndexed),
)
async def sign_report(
    body: ReportRequest, request: Request, connection: Recorded, caller: CurrentCaller
) -> SignedReport:
    """Sign the report of an audit in the name of this node's party. It is not kept; the trail has
    its hash."""
    return await ReportSigner(connection, node_of(request), caller).sign(body)
