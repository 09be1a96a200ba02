"""Paths of parcels: where other nodes bring them, and where one's own people look after them."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.domain import parcels
from tidan_node.domain.identifiers import RecordId, hex_32
from tidan_node.domain.parcels import MEDIA_TYPE, ParcelId, ParcelMalformed
from tidan_node.domain.parties import NotEnrolled, PartyUnknown
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.domain.record_problems import RecordUnknown
from tidan_node.domain.title_problems import TitleUnknown
from tidan_node.exchange import problems as refused
from tidan_node.exchange.outbox import Outbox
from tidan_node.exchange.packing import package_of
from tidan_node.exchange.parcel_reading import ParcelReader
from tidan_node.exchange.parcel_schemas import (
    ParcelAnswer,
    ParcelFilter,
    ParcelPage,
    ReceiptAnswer,
    SendRequest,
)
from tidan_node.exchange.receiving import Receiving
from tidan_node.exchange.signers import SignedByParty, signed_of
from tidan_node.records.problems import NothingIndexed, PartyAmbiguous
from tidan_node.records.records import Records
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described, problem_response
from tidan_node.web.other_nodes import for_other_nodes_alone
from tidan_node.web.pagination import Page
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Undertaking, Writing

router = guarded_router("/v1/parcels", "parcels")

_SOON: Final = {"Retry-After": "1"}


async def _parcel(parcel: Annotated[str, Path(description="The parcel's id.")]) -> ParcelId:
    return parcels.parcel_id(parcel)


@router.post(
    "",
    dependencies=[Depends(SignedByParty()), for_other_nodes_alone()],
    response_model=ReceiptAnswer,
    responses=described(
        ParcelMalformed,
        JsonMalformed,
        NotEnrolled,
        NothingIndexed,
        refused.SignatureRefused,
        refused.SignerNotActive,
        refused.ParcelMisdirected,
        refused.ParcelIdReused,
        refused.SealBroken,
        refused.RefusedTooOften,
        refused.RecordNotSeenYet,
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {MEDIA_TYPE: {"schema": {"type": "object"}}},
        }
    },
)
async def receive_parcel(request: Request, undertaking: Undertaking) -> ReceiptAnswer | Response:
    """Another node brings a parcel, signed by RFC 9421 with the key in its party's profile. The
    answer is a receipt, also where the package contradicts the chain and is refused."""
    receiving = Receiving(undertaking, node_of(request), signed_of(request))
    try:
        return ReceiptAnswer(receipt=await receiving.receive(await request.body()))
    except refused.RecordNotSeenYet as problem:
        return problem_response(problem, _SOON)


@router.post(
    "/outgoing",
    status_code=202,
    dependencies=[requires("documents:send")],
    responses=described(
        JsonMalformed,
        NotEnrolled,
        NothingIndexed,
        PartyUnknown,
        PartyAmbiguous,
        TitleUnknown,
        RecordUnknown,
        refused.ContentNotHeld,
        refused.ParcelToSelf,
    ),
)
async def send_package(
    body: SendRequest, request: Request, connection: Writing, caller: CurrentCaller
) -> ParcelAnswer:
    """Send a record's package to a party's node: its document is disclosed to that party."""
    node, record = node_of(request), RecordId(hex_32(body.record, "record"))
    recipient = await Records(connection).party_by_identifier(body.recipient, "recipient")
    package = await package_of(connection, node, body.kind, record)
    if package is None:
        raise refused.ContentNotHeld(
            f"this node does not hold the content of {record}", field="record"
        )
    posted = await Outbox(connection, node).post(
        body.kind, record, package.content_root, recipient.state.index, caller.key_id
    )
    if posted is None:
        raise refused.ParcelToSelf("the recipient is this node's own party", field="recipient")
    return await ParcelReader(connection).by_id(posted)


@router.get(
    "",
    dependencies=[requires("documents:read")],
    responses=described(CursorInvalid),
)
async def list_parcels(
    connection: Reading, page: Page, wanted: Annotated[ParcelFilter, Depends()]
) -> ParcelPage:
    """Parcels that came and parcels that go, the newest first."""
    return await ParcelReader(connection).page(page, wanted)


@router.get(
    "/{parcel}",
    dependencies=[requires("documents:read")],
    responses=described(refused.ParcelUnknown),
)
async def show_parcel(
    parcel: Annotated[ParcelId, Depends(_parcel)], connection: Reading
) -> ParcelAnswer:
    """The parcel as it stands."""
    return await ParcelReader(connection).by_id(parcel)
