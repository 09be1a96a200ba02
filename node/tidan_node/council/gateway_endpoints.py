"""Paths of gateways: which there are, and which of them this node's party admits as a carrier."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Depends, Path
from starlette.requests import Request

from tidan_node.council.admitting import Admitting
from tidan_node.council.proposing import ACCOUNT
from tidan_node.council.reading import CouncilReader
from tidan_node.council.schemas import ActRequest, CouncilAccepted, GatewayPage
from tidan_node.domain.gateway_problems import (
    GatewayAlreadyAdmitted,
    GatewayNotAdmitted,
    GatewayUnknown,
)
from tidan_node.domain.parties import NotEnrolled, PartyNotActive, RoleMissing
from tidan_node.records.problems import NothingIndexed
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.pagination import Page
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Writing

router = guarded_router("/v1/gateways", "council")


async def _reader(request: Request, connection: Reading) -> CouncilReader:
    return CouncilReader(connection, node_of(request))


async def _admitting(request: Request, connection: Writing, caller: CurrentCaller) -> Admitting:
    return Admitting(connection, node_of(request), caller)


Reader = Annotated[CouncilReader, Depends(_reader, scope="function")]
Acts = Annotated[Admitting, Depends(_admitting)]
Gateway = Annotated[str, Path(pattern=ACCOUNT, description="The gateway's account: 0x and 40 hex.")]
Act = Annotated[ActRequest, Body()]
NO_MORE = ActRequest()

_PARTY = (NotEnrolled, NothingIndexed)


@router.get(
    "",
    dependencies=[requires("records:read")],
    responses=described(CursorInvalid, NothingIndexed),
)
async def list_gateways(reader: Reader, page: Page) -> GatewayPage:
    """The gateways that titles can be locked for, the newest first, and those dismissed since; of
    each, which carriers admit it."""
    return await reader.gateways(page)


@router.post(
    "/{gateway}/admission",
    status_code=202,
    dependencies=[requires("accounts:act"), act("gateway.admit")],
    responses=described(
        *_PARTY, PartyNotActive, RoleMissing, GatewayUnknown, GatewayAlreadyAdmitted
    ),
)
async def admit(gateway: Gateway, gateways: Acts, body: Act = NO_MORE) -> CouncilAccepted:
    """Let a recognised gateway bring in titles of this node's party that were never here: each
    uses up a number of its. What has left from here comes back without that."""
    return CouncilAccepted.of(await gateways.admit(gateway))


@router.post(
    "/{gateway}/admission/withdrawal",
    status_code=202,
    dependencies=[requires("accounts:act")],
    responses=described(*_PARTY, GatewayNotAdmitted),
)
async def withdraw_admission(
    gateway: Gateway, gateways: Acts, body: Act = NO_MORE
) -> CouncilAccepted:
    """Take the admission back, also of a gateway that was dismissed. What it has brought in so far
    stays."""
    return CouncilAccepted.of(await gateways.withdraw(gateway))
