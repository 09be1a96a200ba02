"""Paths of cargo policies."""

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
from tidan_node.domain.title_problems import StaleSeq
from tidan_node.exchange.packing import hand_over
from tidan_node.policies.content import MEDIA_TYPE
from tidan_node.policies.endorsing import Endorsing
from tidan_node.policies.issuing import Issuing
from tidan_node.policies.reading import PolicyReader
from tidan_node.policies.schemas import (
    ActRequest,
    AssignRequest,
    EndorseRequest,
    IssueRequest,
    PolicyAccepted,
    PolicyAsOf,
    PolicyFilter,
    PolicyHistory,
    PolicyPage,
)
from tidan_node.policies.service import Policies
from tidan_node.problems import NotFound
from tidan_node.records.problems import NothingIndexed, PartyAmbiguous
from tidan_node.records.registers import POLICIES
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

router = guarded_router("/v1/policies", "policies")


async def _policies(request: Request, connection: Writing, caller: CurrentCaller) -> Policies:
    return Policies(connection, node_of(request), caller)


async def _policy(policy: Annotated[str, Path(description="The policy's id.")]) -> RecordId:
    return record_id(policy, "policy")


Acts = Annotated[Policies, Depends(_policies)]
Id = Annotated[RecordId, Depends(_policy)]
Act = Annotated[ActRequest, Body()]
NO_MORE = ActRequest()

_ACT = (
    refused.RecordUnknown,
    StaleSeq,
    refused.WrongStatus,
    refused.PolicyExpired,
    NotEnrolled,
    PartyNotActive,
    NothingIndexed,
)
_DOCUMENT = (DocumentMalformed, NumberMalformed, JsonMalformed, CodeNotOurs)


@router.post(
    "",
    status_code=202,
    dependencies=[requires("policies:act"), act("policy.issue")],
    responses=described(
        *_DOCUMENT,
        NotEnrolled,
        RoleMissing,
        PartyUnknown,
        PartyAmbiguous,
        PartyNotActive,
        refused.AlreadyRegistered,
        refused.PolicyExpired,
        NothingIndexed,
    ),
)
async def issue_policy(
    body: IssueRequest, request: Request, undertaking: Undertaking, caller: CurrentCaller
) -> PolicyAccepted:
    """Issue a cargo policy that this node's party has written."""
    issuing = Issuing(undertaking, node_of(request), caller)
    return PolicyAccepted.of(await issuing.issue(body))


@router.get(
    "",
    dependencies=[requires("records:read")],
    responses=described(CursorInvalid, PartyUnknown, PartyAmbiguous, NothingIndexed),
)
async def list_policies(
    connection: Reading, page: Page, wanted: Annotated[PolicyFilter, Depends()]
) -> PolicyPage:
    """Policies, the newest first."""
    return await PolicyReader(connection).policies(page, wanted)


@router.get(
    "/{policy}",
    dependencies=[requires("records:read")],
    responses=described(refused.RecordUnknown, NothingIndexed),
)
async def show_policy(policy: Id, connection: Reading) -> PolicyAsOf:
    """The policy as it stands."""
    return await PolicyReader(connection).policy(policy)


@router.get(
    "/{policy}/history",
    dependencies=[requires("records:read")],
    responses=described(refused.RecordUnknown, NothingIndexed, *PROVING),
)
async def show_history(policy: Id, request: Request, proof: ProofWanted = False) -> PolicyHistory:
    """Every act on the policy, oldest first, with the head after each."""
    node = node_of(request)
    proven = await proven_history(node, POLICIES, policy, wanted=proof)
    async with node.database.reading() as connection:
        return await PolicyReader(connection).history(policy, proven)


@router.get(
    "/{policy}/document",
    dependencies=[requires("documents:read")],
    response_class=Response,
    responses=described(refused.RecordUnknown, NotFound)
    | {200: {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}},
)
async def show_document(policy: Id, connection: Reading) -> Response:
    """The document of the policy, where this node holds it."""
    content = await PolicyReader(connection).content(policy)
    return Response(content.document, media_type=content.media_type)


@router.get(
    "/{policy}/package",
    dependencies=[requires("documents:read")],
    response_class=Response,
    responses=described(refused.RecordUnknown, NotFound)
    | {200: {"content": {PACKAGE: {"schema": {"type": "object"}}}}},
)
async def make_package(
    policy: Id, request: Request, connection: Recorded, caller: CurrentCaller
) -> Response:
    """The package for the other party: document, secret and numbering proof. It is on record."""
    file = await hand_over(connection, node_of(request), caller, "policy", policy)
    return Response(file, media_type=PACKAGE)


@router.post(
    "/{policy}/endorsements",
    status_code=202,
    dependencies=[requires("policies:act"), act("policy.endorse")],
    responses=described(
        *_ACT,
        *_DOCUMENT,
        refused.NotTheInsurer,
        refused.EndorsementRefused,
        refused.VersionNotAhead,
    ),
)
async def endorse_policy(
    policy: Id,
    body: EndorseRequest,
    request: Request,
    undertaking: Undertaking,
    caller: CurrentCaller,
) -> PolicyAccepted:
    """The insurer replaces the policy's content by a new version of it."""
    endorsing = Endorsing(undertaking, node_of(request), caller)
    return PolicyAccepted.of(await endorsing.endorse(policy, body))


@router.post(
    "/{policy}/assignment",
    status_code=202,
    dependencies=[requires("policies:act"), act("policy.assign")],
    responses=described(*_ACT, refused.NotTheInsured, PartyUnknown, PartyAmbiguous),
)
async def assign_policy(policy: Id, body: AssignRequest, policies: Acts) -> PolicyAccepted:
    """The insured names, once, the party to whom losses are paid."""
    return PolicyAccepted.of(await policies.assign(policy, body))


@router.post(
    "/{policy}/cancellation",
    status_code=202,
    dependencies=[requires("policies:act"), act("policy.cancel")],
    responses=described(*_ACT, refused.NotTheInsurer),
)
async def cancel_policy(policy: Id, policies: Acts, body: Act = NO_MORE) -> PolicyAccepted:
    """The insurer ends the policy, whether it is assigned or not."""
    return PolicyAccepted.of(await policies.cancel(policy, body))
