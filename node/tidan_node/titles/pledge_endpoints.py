"""Paths of a title as security: proposed, taken, given up or enforced."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from tidan_node.domain import title_problems as refused
from tidan_node.domain.parties import PartyUnknown
from tidan_node.domain.record_problems import PackageMissing
from tidan_node.records.problems import PartyAmbiguous
from tidan_node.titles.act_paths import ACT, ENTITLED, NO_MORE, Act, Id
from tidan_node.titles.act_schemas import EnforcementRequest, PledgeRequest, TitleAccepted
from tidan_node.titles.pledging import Pledging
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Writing

router = guarded_router("/v1/titles", "titles")


async def _pledging(request: Request, connection: Writing, caller: CurrentCaller) -> Pledging:
    return Pledging(connection, node_of(request), caller)


Pledges = Annotated[Pledging, Depends(_pledging)]

_PROPOSED = (refused.TitleNotLive, refused.NoPledgeProposed, refused.NotThePledgee)
_PLEDGEE = (refused.TitleNotLive, refused.NotPledged, refused.NotThePledgee)


@router.post(
    "/{title}/pledges",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.pledge")],
    responses=described(
        *ACT,
        *ENTITLED,
        refused.KindForbidsPledge,
        refused.DeadlineInThePast,
        refused.PledgeeUnfit,
        PartyUnknown,
        PartyAmbiguous,
    ),
)
async def propose_pledge(title: Id, body: PledgeRequest, pledges: Pledges) -> TitleAccepted:
    """Offer the title as security to a bank, which has the pledge only once it accepts."""
    return TitleAccepted.of(await pledges.propose(title, body))


@router.post(
    "/{title}/pledges/accept",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.pledge-accept")],
    responses=described(
        *ACT, *_PROPOSED, refused.PledgeeUnfit, refused.OfferExpired, PackageMissing
    ),
)
async def accept_pledge(title: Id, pledges: Pledges, body: Act = NO_MORE) -> TitleAccepted:
    """Take the pledge: from now on the title goes nowhere without its pledgee."""
    return TitleAccepted.of(await pledges.accept(title, body))


@router.post(
    "/{title}/pledges/decline",
    status_code=202,
    dependencies=[requires("titles:act")],
    responses=described(*ACT, *_PROPOSED),
)
async def decline_pledge(title: Id, pledges: Pledges, body: Act = NO_MORE) -> TitleAccepted:
    """Say no to the pledge."""
    return TitleAccepted.of(await pledges.decline(title, body))


@router.post(
    "/{title}/pledges/consent",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.pledge-consent")],
    responses=described(
        *ACT,
        *_PLEDGEE,
        refused.PledgeeUnfit,
        refused.NoOpenOffer,
        refused.OfferExpired,
        refused.ConsentGiven,
    ),
)
async def consent_to_offer(title: Id, pledges: Pledges, body: Act = NO_MORE) -> TitleAccepted:
    """Agree to the offer that is open, and to no other; the pledge stays on the title."""
    return TitleAccepted.of(await pledges.consent(title, body))


@router.post(
    "/{title}/pledges/release",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.pledge-release")],
    responses=described(*ACT, *_PLEDGEE),
)
async def release_pledge(title: Id, pledges: Pledges, body: Act = NO_MORE) -> TitleAccepted:
    """Give the pledge up; the title is its possessor's to dispose of again."""
    return TitleAccepted.of(await pledges.release(title, body))


@router.post(
    "/{title}/pledges/enforce",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.pledge-enforce")],
    responses=described(
        *ACT,
        *_PLEDGEE,
        refused.PledgeeUnfit,
        refused.DeadlineInThePast,
        refused.OfferToSelf,
        PartyUnknown,
        PartyAmbiguous,
    ),
)
async def enforce_pledge(title: Id, body: EnforcementRequest, pledges: Pledges) -> TitleAccepted:
    """Offer all of the title in its possessor's place; the pledge ends with its acceptance."""
    return TitleAccepted.of(await pledges.enforce(title, body))
