"""Paths of invoices."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.domain import record_problems as refused
from tidan_node.domain.documents.problems import DocumentMalformed
from tidan_node.domain.identifiers import RecordId, record_id
from tidan_node.domain.parties import NotEnrolled, PartyNotActive, PartyUnknown, RoleMissing
from tidan_node.domain.proofs.problems import JsonMalformed, NumberMalformed
from tidan_node.invoices.reading import InvoiceReader
from tidan_node.invoices.schemas import (
    InvoiceAccepted,
    InvoiceAsOf,
    InvoiceFilter,
    InvoicePage,
    RegisterRequest,
)
from tidan_node.invoices.service import MEDIA_TYPE, Invoices
from tidan_node.problems import NotFound
from tidan_node.records.problems import NothingIndexed, PartyAmbiguous
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.own_codes import CodeNotOurs
from tidan_node.web.pagination import Page
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Undertaking

router = guarded_router("/v1/invoices", "invoices")


def _invoice(invoice: Annotated[str, Path(description="The invoice's id.")]) -> RecordId:
    return record_id(invoice, "invoice")


Id = Annotated[RecordId, Depends(_invoice)]


@router.post(
    "",
    status_code=202,
    dependencies=[requires("invoices:act")],
    responses=described(
        DocumentMalformed,
        NumberMalformed,
        JsonMalformed,
        CodeNotOurs,
        NotEnrolled,
        RoleMissing,
        PartyUnknown,
        PartyAmbiguous,
        PartyNotActive,
        refused.AlreadyRegistered,
        refused.BuyerIsTheSeller,
        NothingIndexed,
    ),
)
async def register_invoice(
    body: RegisterRequest, request: Request, undertaking: Undertaking, caller: CurrentCaller
) -> InvoiceAccepted:
    """Register an invoice that this node's party has written."""
    invoices = Invoices(undertaking, node_of(request), caller)
    return InvoiceAccepted.of(await invoices.register(body))


@router.get(
    "",
    dependencies=[requires("records:read")],
    responses=described(CursorInvalid, PartyUnknown, PartyAmbiguous, NothingIndexed),
)
async def list_invoices(
    connection: Reading, page: Page, wanted: Annotated[InvoiceFilter, Depends()]
) -> InvoicePage:
    """Invoices, the newest first."""
    return await InvoiceReader(connection).invoices(page, wanted)


@router.get(
    "/{invoice}",
    dependencies=[requires("records:read")],
    responses=described(refused.RecordUnknown, NothingIndexed),
)
async def show_invoice(invoice: Id, connection: Reading) -> InvoiceAsOf:
    """The invoice as it stands."""
    return await InvoiceReader(connection).invoice(invoice)


@router.get(
    "/{invoice}/document",
    dependencies=[requires("documents:read")],
    response_class=Response,
    responses=described(refused.RecordUnknown, NotFound)
    | {200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def show_document(invoice: Id, connection: Reading) -> Response:
    """The document of the invoice as its seller sent it, where this node holds it."""
    content = await InvoiceReader(connection).content(invoice)
    return Response(content.document, media_type=content.media_type)
