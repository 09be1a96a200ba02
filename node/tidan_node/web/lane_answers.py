"""The accounts that the node sends by, for those who run it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request

from tidan_node.operations.waiting import LaneState, lane_states
from tidan_node.web.caller import requires
from tidan_node.web.operation_answers import WaitingAnswer
from tidan_node.web.own_party import act_together
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import Moment, Shape
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading

router: APIRouter = guarded_router("/v1/lanes", "operations")


class LaneAnswer(Shape):
    """One account, and what it has under way."""

    account: str
    has_key: bool
    """Whether the node can sign for it; of an exchanged account it only ends what was begun."""
    acts_for_party: bool
    """Whether the chain lets it act for the node's party, as far as the node has read."""
    in_flight: int
    refused: int
    oldest: Moment | None
    waiting: WaitingAnswer | None

    @classmethod
    def of(cls, lane: LaneState, *, has_key: bool, acts: bool) -> LaneAnswer:
        return cls(
            account=lane.account,
            has_key=has_key,
            acts_for_party=acts,
            in_flight=lane.in_flight,
            refused=lane.refused,
            oldest=lane.oldest,
            waiting=WaitingAnswer.of(lane.waiting),
        )


class LanesAnswer(Shape):
    """The node's own account first."""

    items: list[LaneAnswer]


@router.get("", dependencies=[requires("operations:read")])
async def list_lanes(request: Request, connection: Reading) -> LanesAnswer:
    """Each account that the node has a key of, or has something under way by: how much that is, and
    what it waits for."""
    node = node_of(request)
    own = node.lanes or (node.account,)
    return LanesAnswer(
        items=[
            LaneAnswer.of(
                lane,
                has_key=lane.account in own,
                acts=await act_together(node.account, connection, lane.account),
            )
            for lane in await lane_states(connection, own)
        ]
    )
