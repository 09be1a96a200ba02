"""Paths of titles and of their packages."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.domain import title_problems as refused
from tidan_node.domain.documents.problems import DocumentMalformed, NotATitle
from tidan_node.domain.identifiers import RecordId, TitleId, title_id
from tidan_node.domain.packages import MEDIA_TYPE
from tidan_node.domain.parties import NotEnrolled, PartyNotActive, PartyUnknown, RoleMissing
from tidan_node.domain.proofs.problems import JsonMalformed, NumberMalformed
from tidan_node.domain.record_problems import PackageMissing
from tidan_node.exchange.packing import hand_over
from tidan_node.problems import NotFound
from tidan_node.records.problems import NothingIndexed, PartyAmbiguous
from tidan_node.titles.issuing import Issuing
from tidan_node.titles.reading import TitleReader
from tidan_node.titles.schemas import (
    ActRequest,
    HistoryAnswer,
    IssueRequest,
    OfferRequest,
    RejectionRequest,
    TitleAccepted,
    TitleAsOf,
    TitleFilter,
    TitlePage,
)
from tidan_node.titles.service import Titles
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.own_codes import CodeNotOurs
from tidan_node.web.pagination import Page
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Recorded, Undertaking, Writing

router = guarded_router("/v1/titles", "titles")


def _titles(request: Request, connection: Writing, caller: CurrentCaller) -> Titles:
    return Titles(connection, node_of(request), caller)


def _title(title: Annotated[str, Path(description="The title's id.")]) -> TitleId:
    return title_id(title)


Acts = Annotated[Titles, Depends(_titles)]
Id = Annotated[TitleId, Depends(_title)]
Act = Annotated[ActRequest, Body()]
NO_MORE = ActRequest()

_ACT = (
    refused.TitleUnknown,
    refused.StaleSeq,
    NotEnrolled,
    PartyNotActive,
    NothingIndexed,
)
_OFFEREE = (refused.TitleNotLive, refused.NoOpenOffer, refused.NotTheOfferee)
_CARRIER = (refused.NoSurrenderPending, refused.NotTheIssuer)


@router.post(
    "",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.issue")],
    responses=described(
        DocumentMalformed,
        NotATitle,
        NumberMalformed,
        JsonMalformed,
        CodeNotOurs,
        NotEnrolled,
        RoleMissing,
        PartyUnknown,
        PartyAmbiguous,
        PartyNotActive,
        refused.AlreadyIssued,
        refused.SeriesAlreadyUsed,
        refused.KindNeedsTitleholder,
        refused.BlankHasNoTitleholder,
        NothingIndexed,
    ),
)
async def issue_title(
    body: IssueRequest, request: Request, undertaking: Undertaking, caller: CurrentCaller
) -> TitleAccepted:
    """Issue a title from a transport document that this node's party numbers."""
    issuing = Issuing(undertaking, node_of(request), caller)
    return TitleAccepted.of(await issuing.issue(body))


@router.get(
    "",
    dependencies=[requires("records:read")],
    responses=described(CursorInvalid, PartyUnknown, PartyAmbiguous, NothingIndexed),
)
async def list_titles(
    connection: Reading,
    page: Page,
    wanted: Annotated[TitleFilter, Depends()],
    caller: CurrentCaller,
) -> TitlePage:
    """Titles, the newest first."""
    return await TitleReader(connection, caller).titles(page, wanted)


@router.get(
    "/{title}",
    dependencies=[requires("records:read")],
    responses=described(refused.TitleUnknown, NothingIndexed),
)
async def show_title(title: Id, connection: Reading, caller: CurrentCaller) -> TitleAsOf:
    """The title as it stands."""
    return await TitleReader(connection, caller).title(title)


@router.get(
    "/{title}/history",
    dependencies=[requires("records:read")],
    responses=described(refused.TitleUnknown, NothingIndexed),
)
async def show_history(title: Id, connection: Reading) -> HistoryAnswer:
    """Every act on the title, oldest first, with the head after each."""
    return await TitleReader(connection).history(title)


@router.get(
    "/{title}/document",
    dependencies=[requires("documents:read")],
    response_class=Response,
    responses=described(refused.TitleUnknown, NotFound)
    | {200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
async def show_document(title: Id, connection: Reading) -> Response:
    """The document of the title, where this node holds it."""
    _, content = await TitleReader(connection).content(title)
    return Response(content.document, media_type=content.media_type)


@router.get(
    "/{title}/package",
    dependencies=[requires("documents:read")],
    response_class=Response,
    responses=described(refused.TitleUnknown, NotFound)
    | {200: {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}},
)
async def make_package(
    title: Id, request: Request, connection: Recorded, caller: CurrentCaller
) -> Response:
    """The package for the next holder: document, secret and numbering proofs. It is on record."""
    file = await hand_over(connection, node_of(request), caller, "title", RecordId(title))
    return Response(file, media_type=MEDIA_TYPE)


@router.post(
    "/{title}/offers",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.offer")],
    responses=described(
        *_ACT,
        refused.TitleNotLive,
        refused.NotThePossessor,
        refused.NotTheTitleholder,
        refused.OfferAlreadyOpen,
        refused.OfferToSelf,
        refused.DeadlineInThePast,
        refused.KindForbidsTransfer,
        PartyUnknown,
        PartyAmbiguous,
    ),
)
async def offer_title(title: Id, body: OfferRequest, titles: Acts) -> TitleAccepted:
    """Offer this title to another party, who has it only once it accepts."""
    return TitleAccepted.of(await titles.offer(title, body))


@router.post(
    "/{title}/offers/withdraw",
    status_code=202,
    dependencies=[requires("titles:act")],
    responses=described(*_ACT, refused.TitleNotLive, refused.NoOpenOffer, refused.NotThePossessor),
)
async def withdraw_offer(title: Id, titles: Acts, body: Act = NO_MORE) -> TitleAccepted:
    """Take back the offer that is open."""
    return TitleAccepted.of(await titles.withdraw(title, body))


@router.post(
    "/{title}/offers/accept",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.accept")],
    responses=described(*_ACT, *_OFFEREE, refused.OfferExpired, PackageMissing),
)
async def accept_offer(title: Id, titles: Acts, body: Act = NO_MORE) -> TitleAccepted:
    """Take the title over: control moves in this one act."""
    return TitleAccepted.of(await titles.accept(title, body))


@router.post(
    "/{title}/offers/decline",
    status_code=202,
    dependencies=[requires("titles:act")],
    responses=described(*_ACT, *_OFFEREE),
)
async def decline_offer(title: Id, titles: Acts, body: Act = NO_MORE) -> TitleAccepted:
    """Say no to the offer; nothing moves."""
    return TitleAccepted.of(await titles.decline(title, body))


@router.post(
    "/{title}/surrenders",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.surrender")],
    responses=described(
        *_ACT,
        refused.TitleNotLive,
        refused.NotThePossessor,
        refused.NotTheTitleholder,
        refused.OfferAlreadyOpen,
    ),
)
async def surrender_title(title: Id, titles: Acts, body: Act = NO_MORE) -> TitleAccepted:
    """Give the title back to its carrier, against the cargo."""
    return TitleAccepted.of(await titles.surrender(title, body))


@router.post(
    "/{title}/surrenders/accept",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.answer")],
    responses=described(*_ACT, *_CARRIER),
)
async def accept_surrender(title: Id, titles: Acts, body: Act = NO_MORE) -> TitleAccepted:
    """The carrier takes the title in; it is delivered, and ends."""
    return TitleAccepted.of(await titles.accept_surrender(title, body))


@router.post(
    "/{title}/surrenders/reject",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.answer")],
    responses=described(*_ACT, *_CARRIER),
)
async def reject_surrender(title: Id, body: RejectionRequest, titles: Acts) -> TitleAccepted:
    """The carrier does not take the title in, and says why; the title is live again."""
    return TitleAccepted.of(await titles.reject_surrender(title, body))
