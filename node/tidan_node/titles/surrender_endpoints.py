"""Paths of titles given back to their carriers, of the answers, and of the end as paper."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from tidan_node.domain import title_problems as refused
from tidan_node.titles.act_paths import ACT, CARRIER, ENTITLED, NO_MORE, Act, Id
from tidan_node.titles.act_schemas import ReasonRequest, RejectionRequest, TitleAccepted
from tidan_node.titles.surrendering import Surrendering
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Writing

router = guarded_router("/v1/titles", "titles")


async def _surrendering(
    request: Request, connection: Writing, caller: CurrentCaller
) -> Surrendering:
    return Surrendering(connection, node_of(request), caller)


Surrenders = Annotated[Surrendering, Depends(_surrendering)]


@router.post(
    "/{title}/surrenders",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.surrender")],
    responses=described(*ACT, *ENTITLED),
)
async def surrender_title(title: Id, surrenders: Surrenders, body: Act = NO_MORE) -> TitleAccepted:
    """Give the title back to its carrier, against the cargo."""
    return TitleAccepted.of(await surrenders.surrender(title, body))


@router.post(
    "/{title}/surrenders/accept",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.answer")],
    responses=described(*ACT, *CARRIER),
)
async def accept_surrender(title: Id, surrenders: Surrenders, body: Act = NO_MORE) -> TitleAccepted:
    """The carrier takes the title in; it is delivered, and ends."""
    return TitleAccepted.of(await surrenders.accept_surrender(title, body))


@router.post(
    "/{title}/surrenders/reject",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.answer")],
    responses=described(*ACT, *CARRIER),
)
async def reject_surrender(
    title: Id, body: RejectionRequest, surrenders: Surrenders
) -> TitleAccepted:
    """The carrier does not take the title in, and says why; the title is live again."""
    return TitleAccepted.of(await surrenders.reject_surrender(title, body))


@router.post(
    "/{title}/surrenders/amendment",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.surrender")],
    responses=described(*ACT, *ENTITLED),
)
async def surrender_for_amendment(
    title: Id, body: ReasonRequest, surrenders: Surrenders
) -> TitleAccepted:
    """Give the title back to its carrier to be amended, split, combined, switched or made paper."""
    return TitleAccepted.of(await surrenders.surrender_for_amendment(title, body))


@router.post(
    "/{title}/surrenders/cancel",
    status_code=202,
    dependencies=[requires("titles:act")],
    responses=described(*ACT, refused.NoSurrenderPending, refused.NotThePossessor),
)
async def cancel_surrender(title: Id, surrenders: Surrenders, body: Act = NO_MORE) -> TitleAccepted:
    """Take the surrender back before it is answered; the title is live again."""
    return TitleAccepted.of(await surrenders.cancel(title, body))


@router.post(
    "/{title}/paper",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.paper")],
    responses=described(*ACT, *CARRIER, refused.SurrenderedForAnother),
)
async def switch_to_paper(title: Id, body: ReasonRequest, surrenders: Surrenders) -> TitleAccepted:
    """The carrier has handed out a paper bill in place of the title, which ends."""
    return TitleAccepted.of(await surrenders.switch_to_paper(title, body))


@router.post(
    "/{title}/paper/without-carrier",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.paper")],
    responses=described(
        *ACT,
        *ENTITLED,
        refused.CarrierNotRevoked,
        refused.CarrierHasSuccessor,
        refused.PaperTooEarly,
    ),
)
async def end_as_paper(title: Id, surrenders: Surrenders, body: Act = NO_MORE) -> TitleAccepted:
    """End a title as paper whose carrier is revoked, and has had no successor for long enough."""
    return TitleAccepted.of(await surrenders.end_as_paper(title, body))
