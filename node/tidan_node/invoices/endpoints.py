"""Paths of invoices."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.domain import record_problems as refused
from tidan_node.domain.documents.problems import DocumentMalformed
from tidan_node.domain.identifiers import RecordId, record_id
from tidan_node.domain.packages import MEDIA_TYPE as PACKAGE
from tidan_node.domain.parties import NotEnrolled, PartyNotActive, PartyUnknown, RoleMissing
from tidan_node.domain.proofs.problems import JsonMalformed, NumberMalformed
from tidan_node.domain.title_problems import StaleSeq, TitleUnknown
from tidan_node.exchange.packing import hand_over
from tidan_node.invoices.reading import InvoiceReader
from tidan_node.invoices.registering import MEDIA_TYPE, Registering
from tidan_node.invoices.schemas import (
    ActRequest,
    DisputeRequest,
    InvoiceAccepted,
    InvoiceAsOf,
    InvoiceFilter,
    InvoiceHistory,
    InvoicePage,
    LinkRequest,
    RegisterRequest,
)
from tidan_node.invoices.service import Invoices
from tidan_node.problems import NotFound
from tidan_node.records.problems import NothingIndexed, PartyAmbiguous
from tidan_node.records.registers import INVOICES
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.own_codes import CodeNotOurs
from tidan_node.web.pagination import Page
from tidan_node.web.proven_history import PROVING, ProofWanted, proven_history
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Recorded, Undertaking, Writing

router = guarded_router("/v1/invoices", "invoices")


async def _invoices(request: Request, connection: Writing, caller: CurrentCaller) -> Invoices:
    return Invoices(connection, node_of(request), caller)


async def _invoice(invoice: Annotated[str, Path(description="The invoice's id.")]) -> RecordId:
    return record_id(invoice, "invoice")


Acts = Annotated[Invoices, Depends(_invoices)]
Id = Annotated[RecordId, Depends(_invoice)]
Act = Annotated[ActRequest, Body()]
NO_MORE = ActRequest()

_ACT = (
    refused.RecordUnknown,
    StaleSeq,
    refused.WrongStatus,
    NotEnrolled,
    PartyNotActive,
    NothingIndexed,
)


@router.post(
    "",
    status_code=202,
    dependencies=[requires("invoices:act"), act("invoice.register")],
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
    registering = Registering(undertaking, node_of(request), caller)
    return InvoiceAccepted.of(await registering.register(body))


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
    "/{invoice}/history",
    dependencies=[requires("records:read")],
    responses=described(refused.RecordUnknown, NothingIndexed, *PROVING),
)
async def show_history(invoice: Id, request: Request, proof: ProofWanted = False) -> InvoiceHistory:
    """Every act on the invoice, oldest first, with the head after each."""
    node = node_of(request)
    proven = await proven_history(node, INVOICES, invoice, wanted=proof)
    async with node.database.reading() as connection:
        return await InvoiceReader(connection).history(invoice, proven)


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


@router.get(
    "/{invoice}/package",
    dependencies=[requires("documents:read")],
    response_class=Response,
    responses=described(refused.RecordUnknown, NotFound)
    | {200: {"content": {PACKAGE: {"schema": {"type": "object"}}}}},
)
async def make_package(
    invoice: Id, request: Request, connection: Recorded, caller: CurrentCaller
) -> Response:
    """The package for the other party: document, secret and numbering proof. It is on record."""
    file = await hand_over(connection, node_of(request), caller, "invoice", invoice)
    return Response(file, media_type=PACKAGE)


@router.post(
    "/{invoice}/acceptance",
    status_code=202,
    dependencies=[requires("invoices:act"), act("invoice.accept")],
    responses=described(*_ACT, refused.NotTheBuyer, refused.PackageMissing),
)
async def accept_invoice(invoice: Id, invoices: Acts, body: Act = NO_MORE) -> InvoiceAccepted:
    """The buyer accepts the invoice, also one that it had disputed."""
    return InvoiceAccepted.of(await invoices.accept(invoice, body))


@router.post(
    "/{invoice}/dispute",
    status_code=202,
    dependencies=[requires("invoices:act")],
    responses=described(*_ACT, refused.NotTheBuyer),
)
async def dispute_invoice(invoice: Id, body: DisputeRequest, invoices: Acts) -> InvoiceAccepted:
    """The buyer disputes an invoice that it has not accepted, and says why."""
    return InvoiceAccepted.of(await invoices.dispute(invoice, body))


@router.post(
    "/{invoice}/settlement",
    status_code=202,
    dependencies=[requires("invoices:act"), act("invoice.settle")],
    responses=described(*_ACT, refused.NotTheSeller),
)
async def settle_invoice(invoice: Id, invoices: Acts, body: Act = NO_MORE) -> InvoiceAccepted:
    """The seller states that the invoice is paid."""
    return InvoiceAccepted.of(await invoices.settle(invoice, body))


@router.post(
    "/{invoice}/cancellation",
    status_code=202,
    dependencies=[requires("invoices:act"), act("invoice.cancel")],
    responses=described(*_ACT, refused.NotTheSeller),
)
async def cancel_invoice(invoice: Id, invoices: Acts, body: Act = NO_MORE) -> InvoiceAccepted:
    """The seller takes back an invoice that is not accepted; it ends."""
    return InvoiceAccepted.of(await invoices.cancel(invoice, body))


@router.post(
    "/{invoice}/links",
    status_code=202,
    dependencies=[requires("invoices:act"), act("invoice.link")],
    responses=described(
        *_ACT, refused.NotTheSeller, refused.AlreadyLinked, refused.EmptyValue, TitleUnknown
    ),
)
async def link_invoice(invoice: Id, body: LinkRequest, invoices: Acts) -> InvoiceAccepted:
    """The seller states that the invoice is for the goods of a title."""
    return InvoiceAccepted.of(await invoices.link(invoice, body))
