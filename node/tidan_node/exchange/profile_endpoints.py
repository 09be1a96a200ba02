"""Where a party says anew where its node is, and which certificates others trust it by."""

from __future__ import annotations

from starlette.requests import Request

from tidan_node.domain.certificates.own import CertificateUnfit
from tidan_node.domain.certificates.proof import CertificateProofRefused
from tidan_node.domain.parties import NotEnrolled
from tidan_node.domain.profiles import ProfileMalformed
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.domain.tls_certificates import TlsCertificateMalformed
from tidan_node.exchange.own_profile import ProfileChangeUnderWay, change_profile
from tidan_node.exchange.problems import ExchangeKeyNotHeld
from tidan_node.exchange.profile_schemas import ProfileAccepted, ProfileRequest
from tidan_node.records.problems import NothingIndexed
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.operation_answers import OperationAnswer
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Writing

router = guarded_router("/v1/profile", "parties")


@router.post(
    "",
    status_code=202,
    dependencies=[requires("admin"), act("profile.change")],
    responses=described(
        ProfileMalformed,
        TlsCertificateMalformed,
        CertificateProofRefused,
        CertificateUnfit,
        ProfileChangeUnderWay,
        ExchangeKeyNotHeld,
        JsonMalformed,
        NotEnrolled,
        NothingIndexed,
    ),
)
async def change_own_profile(
    body: ProfileRequest, request: Request, connection: Writing, caller: CurrentCaller
) -> ProfileAccepted:
    """Change where this party's node is reached, or by which certificates or keys other nodes know
    it; what is left out stays as it is on the chain."""
    operation = await change_profile(connection, node_of(request), caller, body)
    return ProfileAccepted(operation=OperationAnswer.accepted(operation))
