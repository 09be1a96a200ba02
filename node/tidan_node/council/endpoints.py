"""Paths of the Council, its proposals, and the platforms that it recognises."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Depends, Path, Query
from starlette.requests import Request

from tidan_node.council.proposing import ProposalRequest
from tidan_node.council.reading import CouncilReader
from tidan_node.council.schemas import (
    ActRequest,
    CouncilAccepted,
    CouncilAnswer,
    ObjectionRequest,
    ProposalAsOf,
    ProposalFilter,
    ProposalPage,
    RecognitionPage,
)
from tidan_node.council.service import CouncilActs
from tidan_node.domain import council_problems as refused
from tidan_node.domain import platforms as anchors
from tidan_node.domain import record_problems as unfit
from tidan_node.domain.certificates.refused import CertificateRefused
from tidan_node.domain.gateway_problems import GatewayAlreadyRecognised, GatewayUnknown
from tidan_node.domain.parties import NotEnrolled, PartyNotActive, PartyUnknown
from tidan_node.domain.profiles import ProfileMalformed
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.domain.registers import IdentifierInvalid
from tidan_node.problems import NotFound
from tidan_node.records.problems import NothingIndexed, PartyAmbiguous
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.pagination import Page
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Writing

router = guarded_router("/v1/council", "council")
platforms = guarded_router("/v1/platforms", "council")


async def _reader(request: Request, connection: Reading) -> CouncilReader:
    return CouncilReader(connection, node_of(request))


async def _acts(request: Request, connection: Writing, caller: CurrentCaller) -> CouncilActs:
    return CouncilActs(connection, node_of(request), caller)


Reader = Annotated[CouncilReader, Depends(_reader, scope="function")]
Acts = Annotated[CouncilActs, Depends(_acts)]
Number = Annotated[int, Path(ge=1, lt=2**63, description="The proposal's number.")]
Act = Annotated[ActRequest, Body()]
NO_MORE = ActRequest()

_CALLER = (refused.NotFounded, NotEnrolled, NothingIndexed)
_MEMBER = (*_CALLER, refused.NotSeated, PartyNotActive)
_OPEN = (refused.ProposalUnknown, refused.ProposalExecuted, refused.ProposalLapsed)


@router.get("", dependencies=[requires("records:read")], responses=described(NothingIndexed))
async def show_council(reader: Reader) -> CouncilAnswer:
    """Who has a seat, how many decide, and how long everybody then has to see it."""
    return await reader.council()


@router.get(
    "/proposals",
    dependencies=[requires("records:read")],
    responses=described(CursorInvalid, NotFound, NothingIndexed),
)
async def list_proposals(
    reader: Reader, page: Page, wanted: Annotated[ProposalFilter, Depends()]
) -> ProposalPage:
    """Proposals, the newest first."""
    return await reader.proposals(page, wanted)


@router.get(
    "/proposals/{proposal}",
    dependencies=[requires("records:read")],
    responses=described(refused.ProposalUnknown, NothingIndexed),
)
async def show_proposal(proposal: Number, reader: Reader) -> ProposalAsOf:
    """What it would do, in a sentence and in fields, and what is missing until it is done."""
    return await reader.proposal(proposal)


@router.post(
    "/proposals",
    status_code=202,
    dependencies=[requires("council:act"), act("council.propose")],
    responses=described(
        *_MEMBER,
        JsonMalformed,
        PartyUnknown,
        PartyAmbiguous,
        ProfileMalformed,
        IdentifierInvalid,
        CertificateRefused,
        unfit.PartyRevoked,
        unfit.PartyNotRevoked,
        unfit.PartyStatusRefused,
        unfit.SuccessorUnfit,
        unfit.AccountTaken,
        unfit.EmptyValue,
        unfit.CodeTaken,
        unfit.NumberingKeyMalformed,
        refused.AlreadyProposed,
        refused.AlreadySeated,
        refused.SeatUnknown,
        refused.SeatCountUnfit,
        anchors.PlatformCodeMalformed,
        anchors.AnchorUnknown,
        anchors.AnchorWithdrawn,
        anchors.RecognitionExpired,
        GatewayAlreadyRecognised,
        GatewayUnknown,
    ),
)
async def propose(body: ProposalRequest, council: Acts) -> CouncilAccepted:
    """Propose a decision, as a member; this node's party approves it with that."""
    return CouncilAccepted.of(await council.propose(body))


@router.post(
    "/proposals/{proposal}/approval",
    status_code=202,
    dependencies=[requires("council:act"), act("council.approve")],
    responses=described(*_MEMBER, *_OPEN, refused.AlreadyApproved),
)
async def approve(proposal: Number, council: Acts, body: Act = NO_MORE) -> CouncilAccepted:
    """Approve a proposal, as a member. With the last approval that it needs the waiting begins."""
    return CouncilAccepted.of(await council.approve(proposal))


@router.post(
    "/proposals/{proposal}/approval/withdrawal",
    status_code=202,
    dependencies=[requires("council:act")],
    responses=described(*_MEMBER, *_OPEN, refused.NotApproved),
)
async def withdraw(proposal: Number, council: Acts, body: Act = NO_MORE) -> CouncilAccepted:
    """Take this party's approval back, before the proposal is executed. Where too few are left,
    the waiting has ended, and begins anew with the next."""
    return CouncilAccepted.of(await council.withdraw(proposal))


@router.post(
    "/proposals/{proposal}/objection",
    status_code=202,
    dependencies=[requires("council:act")],
    responses=described(
        *_CALLER,
        *_OPEN,
        PartyNotActive,
        refused.NothingToObjectTo,
        refused.NotTheSubject,
        refused.AlreadyObjected,
    ),
)
async def object_to(proposal: Number, body: ObjectionRequest, council: Acts) -> CouncilAccepted:
    """Say no, as the party whose accounts it would take away. Every other member must then
    approve, and the waiting begins anew."""
    return CouncilAccepted.of(await council.object_to(proposal, body))


@router.post(
    "/proposals/{proposal}/execution",
    status_code=202,
    dependencies=[requires("council:act"), act("council.execute")],
    responses=described(
        *_CALLER, *_OPEN, refused.AlreadyDecided, refused.ApprovalsMissing, refused.TooEarly
    ),
)
async def execute(proposal: Number, council: Acts, body: Act = NO_MORE) -> CouncilAccepted:
    """Carry out what is approved, once the waiting is over. No seat is needed for it."""
    return CouncilAccepted.of(await council.execute(proposal))


@platforms.get(
    "",
    dependencies=[requires("records:read")],
    responses=described(CursorInvalid, NothingIndexed),
)
async def list_platforms(
    reader: Reader,
    page: Page,
    platform: Annotated[str | None, Query(max_length=64, pattern=r"^[!-~]+$")] = None,
) -> RecognitionPage:
    """The recognised anchors of foreign platforms, the newest first, whether they stand or not."""
    return await reader.recognitions(page, platform)
