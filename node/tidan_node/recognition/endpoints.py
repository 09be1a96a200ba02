"""The path by which users of other platforms sign in."""

from __future__ import annotations

from starlette.requests import Request

from tidan_node.domain.certificates.client import CertificateRefused, ChineseCryptographyMissing
from tidan_node.domain.parties import NotEnrolled, PartyNotActive
from tidan_node.domain.sign_in_tokens import PlatformSignInRefused
from tidan_node.people.problems import NotInDirectory, TooManySignIns
from tidan_node.recognition.schemas import PlatformSessionRequest
from tidan_node.recognition.service import PlatformSessions
from tidan_node.records.problems import NothingIndexed
from tidan_node.web.caller import public
from tidan_node.web.errors import described
from tidan_node.web.issuers import IssuerNotReached
from tidan_node.web.routes import guarded_router
from tidan_node.web.session_answers import SessionMade
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Undertaking

router = guarded_router("/v1/platform-sessions", "people")


@router.post(
    "",
    status_code=201,
    dependencies=[public()],
    responses=described(
        CertificateRefused,
        IssuerNotReached,
        ChineseCryptographyMissing,
        NotEnrolled,
        NotInDirectory,
        NothingIndexed,
        PartyNotActive,
        PlatformSignInRefused,
        TooManySignIns,
    ),
)
async def start_platform_session(
    body: PlatformSessionRequest, request: Request, undertaking: Undertaking
) -> SessionMade:
    """Sign in as a user of a platform that the consortium recognises, by a credential of that
    platform, in the name of this node's party. The session lasts an hour at most, and no longer
    than certificates, revocation lists and recognition do; its token is in this answer alone."""
    return await PlatformSessions(undertaking, node_of(request)).start(body)
