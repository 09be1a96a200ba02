"""Paths of the rotation of accounts: a party exchanges its own."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Depends
from starlette.requests import Request

from tidan_node.council.rotations import Rotations
from tidan_node.council.schemas import (
    ActRequest,
    CompletionRequest,
    CouncilAccepted,
    RotationRequest,
)
from tidan_node.domain import record_problems as unfit
from tidan_node.domain.council_problems import TooEarly
from tidan_node.domain.parties import NotEnrolled, PartyNotActive, PartyUnknown
from tidan_node.records.problems import NothingIndexed, PartyAmbiguous
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Writing

router = guarded_router("/v1/rotations", "council")


async def _rotations(request: Request, connection: Writing, caller: CurrentCaller) -> Rotations:
    return Rotations(connection, node_of(request), caller)


Acts = Annotated[Rotations, Depends(_rotations)]
NO_MORE = ActRequest()
OWN = CompletionRequest()


@router.post(
    "",
    status_code=202,
    dependencies=[requires("accounts:act"), act("rotation.request")],
    responses=described(
        NotEnrolled,
        PartyNotActive,
        unfit.EmptyValue,
        unfit.RotationOpen,
        unfit.AccountTaken,
        unfit.AccountNotOfParty,
        unfit.LastAccount,
        NothingIndexed,
    ),
)
async def request_rotation(body: RotationRequest, rotations: Acts) -> CouncilAccepted:
    """Ask to exchange accounts of this node's own party. Any of its accounts can cancel it until
    it is completed."""
    return CouncilAccepted.of(await rotations.request(body))


@router.post(
    "/cancellation",
    status_code=202,
    dependencies=[requires("accounts:act")],
    responses=described(NotEnrolled, unfit.NoRotationOpen, NothingIndexed),
)
async def cancel_rotation(
    rotations: Acts, body: Annotated[ActRequest, Body()] = NO_MORE
) -> CouncilAccepted:
    """Say no to the rotation that is open, whoever of the party has asked for it."""
    return CouncilAccepted.of(await rotations.cancel())


@router.post(
    "/completion",
    status_code=202,
    dependencies=[requires("accounts:act"), act("rotation.complete")],
    responses=described(
        NotEnrolled, PartyUnknown, PartyAmbiguous, unfit.NoRotationOpen, TooEarly, NothingIndexed
    ),
)
async def complete_rotation(
    rotations: Acts, body: Annotated[CompletionRequest, Body()] = OWN
) -> CouncilAccepted:
    """Do what was asked for, once its time has come."""
    return CouncilAccepted.of(await rotations.complete(body))
