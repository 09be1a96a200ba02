"""Paths of cargo policies."""

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
from tidan_node.policies.reading import PolicyReader
from tidan_node.policies.schemas import (
    IssueRequest,
    PolicyAccepted,
    PolicyAsOf,
    PolicyFilter,
    PolicyPage,
)
from tidan_node.policies.service import MEDIA_TYPE, Policies
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

router = guarded_router("/v1/policies", "policies")


def _policy(policy: Annotated[str, Path(description="The policy's id.")]) -> RecordId:
    return record_id(policy, "policy")


Id = Annotated[RecordId, Depends(_policy)]


@router.post(
    "",
    status_code=202,
    dependencies=[requires("policies:act")],
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
        refused.PolicyExpired,
        NothingIndexed,
    ),
)
async def issue_policy(
    body: IssueRequest, request: Request, undertaking: Undertaking, caller: CurrentCaller
) -> PolicyAccepted:
    """Issue a cargo policy that this node's party has written."""
    policies = Policies(undertaking, node_of(request), caller)
    return PolicyAccepted.of(await policies.issue(body))


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
