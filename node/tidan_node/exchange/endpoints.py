"""Packages that a person brings as a file."""

from __future__ import annotations

from starlette.requests import Request

from tidan_node.domain.package_checks import PackageRefused
from tidan_node.domain.packages import MEDIA_TYPE, PackageMalformed
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.exchange.schemas import PackageAccepted
from tidan_node.exchange.taking_in import Accepted, NotSeenYet, Refused, examine, take_in
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.refusals import RecordedRefusal
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Undertaking

router = guarded_router("/v1/packages", "packages")


@router.post(
    "",
    status_code=201,
    dependencies=[requires("documents:receive")],
    responses=described(PackageMalformed, PackageRefused, JsonMalformed),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {MEDIA_TYPE: {"schema": {"type": "object"}}},
        }
    },
)
async def take_in_package(
    request: Request, undertaking: Undertaking, caller: CurrentCaller
) -> PackageAccepted:
    """Take in the package of a title, an invoice or a policy: kept where all of it is what the
    chain says, else refused on record."""
    node = node_of(request)
    examined = await examine(node, await request.body())
    if isinstance(examined.outcome, NotSeenYet):
        examined = examined.refused(_unknown(examined.outcome))
    outcome = await take_in(await undertaking.begin(), examined, actor=caller.key_id)
    if isinstance(outcome, Accepted):
        return PackageAccepted.of(outcome)
    raise RecordedRefusal(outcome.problem if isinstance(outcome, Refused) else _unknown(outcome))


def _unknown(outcome: NotSeenYet) -> PackageRefused:
    """Whoever brings a file is at hand, and can bring it again."""
    return PackageRefused(
        f"the chain, as far as it is read here, has no such {outcome.kind}, or not this version",
        field="id",
        rule="record",
    )
