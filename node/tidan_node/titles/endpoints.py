"""Paths of titles as they are issued and read, and of their packages."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.domain import title_problems as refused
from tidan_node.domain.documents.problems import DocumentMalformed, NotATitle
from tidan_node.domain.identifiers import RecordId
from tidan_node.domain.packages import MEDIA_TYPE
from tidan_node.domain.parties import NotEnrolled, PartyNotActive, PartyUnknown, RoleMissing
from tidan_node.domain.proofs.problems import JsonMalformed, NumberMalformed
from tidan_node.domain.record_problems import EmptyValue
from tidan_node.exchange.packing import hand_over
from tidan_node.problems import NotFound
from tidan_node.records.problems import NothingIndexed, PartyAmbiguous
from tidan_node.records.registers import TITLES
from tidan_node.titles.act_paths import Id
from tidan_node.titles.act_schemas import (
    BatchRequest,
    IssueAccepted,
    IssueRequest,
    TitlesAccepted,
)
from tidan_node.titles.issuing import Issuing
from tidan_node.titles.quick_reading import TITLE
from tidan_node.titles.reading import TitleReader
from tidan_node.titles.schemas import HistoryAnswer, TitleAsOf, TitleFilter, TitlePage
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.own_codes import CodeNotOurs
from tidan_node.web.pagination import Page
from tidan_node.web.proven_history import PROVING, ProofWanted, proven_history
from tidan_node.web.quick_reads import quickly
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Recorded, Undertaking

router = guarded_router("/v1/titles", "titles")


batches = guarded_router("/v1/title-batches", "titles")

_ISSUE = (
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
    refused.TitleholderDiffers,
    NothingIndexed,
)


@router.post(
    "",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.issue")],
    responses=described(*_ISSUE, EmptyValue),
)
async def issue_title(
    body: IssueRequest, request: Request, undertaking: Undertaking, caller: CurrentCaller
) -> IssueAccepted:
    """Issue a title from a transport document that this node's party numbers; in place of a paper
    bill, where its withdrawal is named."""
    issuing = Issuing(undertaking, node_of(request), caller)
    return IssueAccepted.issuing(await issuing.issue(body))


@batches.post(
    "",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.issue")],
    responses=described(*_ISSUE),
)
async def issue_batch(
    body: BatchRequest, request: Request, undertaking: Undertaking, caller: CurrentCaller
) -> TitlesAccepted:
    """Issue up to 100 titles in one act: all of them, or none."""
    issuing = Issuing(undertaking, node_of(request), caller)
    return TitlesAccepted.bringing(await issuing.issue_batch(body.titles))


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
    dependencies=[requires("records:read"), quickly(TITLE)],
    responses=described(refused.TitleUnknown, NothingIndexed),
)
async def show_title(title: Id, connection: Reading, caller: CurrentCaller) -> TitleAsOf:
    """The title as it stands."""
    return await TitleReader(connection, caller).title(title)


@router.get(
    "/{title}/history",
    dependencies=[requires("records:read")],
    responses=described(refused.TitleUnknown, NothingIndexed, *PROVING),
)
async def show_history(title: Id, request: Request, proof: ProofWanted = False) -> HistoryAnswer:
    """Every act on the title, oldest first, with the head after each."""
    node = node_of(request)
    proven = await proven_history(node, TITLES, title, wanted=proof)
    async with node.database.reading() as connection:
        return await TitleReader(connection).history(title, proven)


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
