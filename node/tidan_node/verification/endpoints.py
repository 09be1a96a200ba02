"""Paths of the checks of trades."""

from __future__ import annotations

from starlette.requests import Request

from tidan_node.domain.parties import PartyUnknown
from tidan_node.domain.title_problems import TitleUnknown
from tidan_node.records.problems import NothingIndexed, PartyAmbiguous
from tidan_node.verification.schemas import TradeCheckAnswer, TradeCheckRequest
from tidan_node.verification.service import TradeChecks
from tidan_node.web.caller import CurrentCaller, question, requires
from tidan_node.web.errors import described
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of

router = guarded_router("/v1/trade-checks", "trade checks")


@router.post(
    "",
    dependencies=[requires("documents:read"), question()],
    responses=described(TitleUnknown, PartyUnknown, PartyAmbiguous, NothingIndexed),
)
async def check_trade(
    request: Request, body: TradeCheckRequest, caller: CurrentCaller
) -> TradeCheckAnswer:
    """Hold the papers of a trade against each other, and against what this node has and reads.

    Papers that cannot be read are findings, and nothing of them is kept."""
    return await TradeChecks(node_of(request), caller).check(body)
