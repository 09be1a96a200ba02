"""Paths of acts that are signed away from the node: by an offline key, or one in an HSM."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from tidan_node.domain import title_problems as refused
from tidan_node.domain.parties import NotEnrolled
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.records.problems import NothingIndexed
from tidan_node.titles.relay_schemas import (
    PreparedAct,
    PrepareRequest,
    RelayAccepted,
    RelayRequest,
)
from tidan_node.titles.relaying import Relaying, prepared
from tidan_node.web.caller import CurrentCaller, question, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import PartyName
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Writing

router = guarded_router("/v1", "titles")


def _relaying(request: Request, connection: Writing, caller: CurrentCaller) -> Relaying:
    return Relaying(connection, node_of(request), caller)


@router.post(
    "/title-acts:prepare",
    dependencies=[requires("titles:act"), question()],
    responses=described(refused.ActNotSignable, refused.TermsMalformed, JsonMalformed),
)
async def prepare_act(body: PrepareRequest, request: Request) -> PreparedAct:
    """What there is to sign for an act on a title; nothing is done by asking."""
    return prepared(body, node_of(request))


@router.post(
    "/title-acts:relay",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.relay")],
    responses=described(
        refused.ActNotSignable,
        refused.SignatureExpired,
        refused.SignatureInvalid,
        refused.TermsMalformed,
        refused.TitleUnknown,
        refused.StaleSeq,
        refused.CountUnfit,
        NotEnrolled,
        NothingIndexed,
    ),
)
async def relay_act(
    body: RelayRequest, relaying: Annotated[Relaying, Depends(_relaying)]
) -> RelayAccepted:
    """Send an act that a member's account has signed, from this node's account."""
    operation, function, party = await relaying.relay(body)
    signer = PartyName(index=party.index, name=party.name)
    return RelayAccepted.relaying(operation, function, signer)
