"""Paths of credentials: issued and revoked here, shown to others, and checked."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.domain.parties import NotEnrolled, PartyNotActive, PartyRoleUnknown, PartyUnknown
from tidan_node.domain.tokens import TokenRefused
from tidan_node.identity import problems as refused
from tidan_node.identity.credential_schemas import (
    CredentialAnswer,
    CredentialMade,
    CredentialPage,
    CredentialRequest,
    CredentialVerification,
    Presentation,
    PresentationRequest,
    RevocationRequest,
    VerificationRequest,
)
from tidan_node.identity.issuing import Issuing
from tidan_node.identity.presenting import present
from tidan_node.identity.verifying import issued_page, verified_credential
from tidan_node.records.problems import NothingIndexed, PartyAmbiguous
from tidan_node.records.records import Records
from tidan_node.web.caller import CurrentCaller, question, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.pagination import Page
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import VISIBLE
from tidan_node.web.shown_once import ShownOnce
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Writing

router = guarded_router("/v1/credentials", "credentials")

Id = Annotated[str, Path(max_length=66, pattern=VISIBLE, description="The credential's id.")]


async def _issuing(request: Request, connection: Writing, caller: CurrentCaller) -> Issuing:
    return Issuing(connection, node_of(request), caller)


Issuer = Annotated[Issuing, Depends(_issuing)]


@router.post(
    "",
    status_code=201,
    dependencies=[requires("credentials:issue"), act("credential.issue")],
    response_model=CredentialMade,
    responses=described(
        PartyUnknown,
        PartyAmbiguous,
        PartyNotActive,
        PartyRoleUnknown,
        NotEnrolled,
        NothingIndexed,
        refused.CredentialNotPossible,
        refused.CredentialRolesRefused,
    ),
)
async def issue_credential(
    body: CredentialRequest, issuing: Issuer, connection: Writing
) -> Response:
    """Accredit a party: a W3C Verifiable Credential (2.0) as an SD-JWT or a JWT, signed with this
    party's key. The text of it is shown this once, and is for its subject."""
    issued, text = await issuing.issue(body)
    names = await Records(connection).party_names([issued.subject])
    made = CredentialMade(**dict(CredentialAnswer.of(issued, names)), credential=text)
    return ShownOnce(made, status_code=201, kept_with={"credential": None})


@router.get(
    "",
    dependencies=[requires("credentials:issue")],
    responses=described(CursorInvalid, NothingIndexed),
)
async def list_credentials(connection: Reading, page: Page) -> CredentialPage:
    """The credentials that this node has issued, the newest first."""
    return await issued_page(connection, page)


@router.post(
    "/{credential}/revocation",
    dependencies=[requires("credentials:issue")],
    responses=described(refused.CredentialUnknown, refused.CredentialAlreadyRevoked),
)
async def revoke_credential(
    credential: Id, body: RevocationRequest, issuing: Issuer, connection: Writing
) -> CredentialAnswer:
    """Revoke a credential: its bit in the status list is set from now on."""
    issued = await issuing.revoke(credential, body.reason)
    names = await Records(connection).party_names([issued.subject])
    return CredentialAnswer.of(issued, names)


@router.post(
    "/presentations",
    dependencies=[requires("credentials:issue")],
    response_model=Presentation,
    responses=described(TokenRefused, refused.CredentialNotPresentable),
)
async def present_credential(
    body: PresentationRequest, request: Request, connection: Writing, caller: CurrentCaller
) -> Response:
    """Show a credential about this party: only what is named of it, signed for this audience with
    this node's key. A presentation is believed for five minutes."""
    text = await present(connection, node_of(request), caller, body)
    shown = Presentation(presentation=text)
    return ShownOnce(shown, status_code=200, kept_with={"presentation": None})


@router.post(
    "/verification",
    dependencies=[requires("records:read"), question()],
    responses=described(TokenRefused, NothingIndexed),
)
async def verify_credential(body: VerificationRequest, request: Request) -> CredentialVerification:
    """What a credential is worth: who has issued it, by the keys of the chain, whether it stands in
    time and in its issuer's status list, and whom it is about."""
    return await verified_credential(node_of(request), body)
