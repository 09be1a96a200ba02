"""Paths by which a title moves on: offers, endorsements, and the way out by a gateway."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from tidan_node.domain import gateway_problems
from tidan_node.domain import title_problems as refused
from tidan_node.domain.parties import PartyUnknown
from tidan_node.domain.record_problems import EmptyValue, PackageMissing
from tidan_node.records.problems import PartyAmbiguous
from tidan_node.titles.act_paths import ACT, ENTITLED, NO_MORE, Act, Id
from tidan_node.titles.act_schemas import (
    EndorsementRequest,
    LockRequest,
    OfferRequest,
    TitleAccepted,
)
from tidan_node.titles.service import Titles
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Writing

router = guarded_router("/v1/titles", "titles")


async def _titles(request: Request, connection: Writing, caller: CurrentCaller) -> Titles:
    return Titles(connection, node_of(request), caller)


Acts = Annotated[Titles, Depends(_titles)]

_OFFEREE = (refused.TitleNotLive, refused.NoOpenOffer, refused.NotTheOfferee)


@router.post(
    "/{title}/offers",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.offer")],
    responses=described(
        *ACT,
        refused.TitleNotLive,
        refused.NotThePossessor,
        refused.NotTheTitleholder,
        refused.OfferAlreadyOpen,
        refused.OfferToSelf,
        refused.DeadlineInThePast,
        refused.KindForbidsTransfer,
        refused.FinalWithoutTitle,
        PartyUnknown,
        PartyAmbiguous,
    ),
)
async def offer_title(title: Id, body: OfferRequest, titles: Acts) -> TitleAccepted:
    """Offer this title to another party, who has it only once it accepts."""
    return TitleAccepted.of(await titles.offer(title, body))


@router.post(
    "/{title}/offers/withdraw",
    status_code=202,
    dependencies=[requires("titles:act")],
    responses=described(
        *ACT,
        refused.TitleNotLive,
        refused.NoOpenOffer,
        refused.NotThePossessor,
        refused.OfferEnforced,
    ),
)
async def withdraw_offer(title: Id, titles: Acts, body: Act = NO_MORE) -> TitleAccepted:
    """Take back the offer that is open, or the pledge that is proposed."""
    return TitleAccepted.of(await titles.withdraw(title, body))


@router.post(
    "/{title}/offers/accept",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.accept")],
    responses=described(
        *ACT, *_OFFEREE, refused.OfferExpired, refused.ConsentMissing, PackageMissing
    ),
)
async def accept_offer(title: Id, titles: Acts, body: Act = NO_MORE) -> TitleAccepted:
    """Take the title over: control moves in this one act."""
    return TitleAccepted.of(await titles.accept(title, body))


@router.post(
    "/{title}/offers/decline",
    status_code=202,
    dependencies=[requires("titles:act")],
    responses=described(*ACT, *_OFFEREE),
)
async def decline_offer(title: Id, titles: Acts, body: Act = NO_MORE) -> TitleAccepted:
    """Say no to the offer; nothing moves."""
    return TitleAccepted.of(await titles.decline(title, body))


@router.post(
    "/{title}/endorsements",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.endorse")],
    responses=described(*ACT, *ENTITLED, refused.EndorsementUnfit),
)
async def endorse_title(title: Id, body: EndorsementRequest, titles: Acts) -> TitleAccepted:
    """Endorse the title in blank, to one's own order, or to it alone; nobody else is named."""
    return TitleAccepted.of(await titles.endorse(title, body))


@router.post(
    "/{title}/locks",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.lock")],
    responses=described(
        *ACT,
        refused.TitleNotLive,
        refused.NotThePossessor,
        refused.OfferAlreadyOpen,
        refused.Pledged,
        gateway_problems.GatewayUnknown,
        EmptyValue,
    ),
)
async def lock_title(title: Id, body: LockRequest, titles: Acts) -> TitleAccepted:
    """Hand the title to a gateway, which sends it out or gives it back."""
    return TitleAccepted.of(await titles.lock(title, body))
