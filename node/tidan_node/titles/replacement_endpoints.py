"""Paths by which a carrier puts other records in place of surrendered ones."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import Request

from tidan_node.domain import title_problems as refused
from tidan_node.domain.documents.problems import DocumentMalformed, NotATitle
from tidan_node.domain.parties import PartyUnknown, RoleMissing
from tidan_node.domain.proofs.problems import JsonMalformed, NumberMalformed
from tidan_node.records.problems import PartyAmbiguous
from tidan_node.titles.act_paths import ACT, CARRIER, Id
from tidan_node.titles.act_schemas import (
    CombinationRequest,
    ReplacementRequest,
    SplitRequest,
    TitlesAccepted,
)
from tidan_node.titles.replacing import Replacing
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.own_codes import CodeNotOurs
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Undertaking

router = guarded_router("/v1/titles", "titles")
combinations = guarded_router("/v1/title-combinations", "titles")


async def _replacing(
    request: Request, undertaking: Undertaking, caller: CurrentCaller
) -> Replacing:
    return Replacing(undertaking, node_of(request), caller)


Carrier = Annotated[Replacing, Depends(_replacing)]

_REPLACED: Final = (
    *ACT,
    *CARRIER,
    DocumentMalformed,
    NotATitle,
    NumberMalformed,
    JsonMalformed,
    CodeNotOurs,
    RoleMissing,
    refused.AlreadyIssued,
    refused.SeriesAlreadyUsed,
    refused.SurrenderedForAnother,
    refused.HoldersDiffer,
    refused.TitleholderDiffers,
)
_NAMING: Final = (PartyUnknown, PartyAmbiguous, refused.KindNeedsTitleholder)


@router.post(
    "/{title}/amendments",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.replace")],
    responses=described(*_REPLACED, *_NAMING, refused.SeriesDiffers),
)
async def amend_title(title: Id, body: ReplacementRequest, carrier: Carrier) -> TitlesAccepted:
    """Put the amended bill in the title's place: its number, a sub-reference never used before."""
    return TitlesAccepted.bringing(await carrier.amend(title, body))


@router.post(
    "/{title}/splits",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.replace")],
    responses=described(*_REPLACED, refused.CountUnfit),
)
async def split_title(title: Id, body: SplitRequest, carrier: Carrier) -> TitlesAccepted:
    """Put several bills in the title's place, each for a part of the cargo."""
    return TitlesAccepted.bringing(await carrier.split(title, body))


@router.post(
    "/{title}/switches",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.replace")],
    responses=described(*_REPLACED, *_NAMING),
)
async def switch_bill(title: Id, body: ReplacementRequest, carrier: Carrier) -> TitlesAccepted:
    """Put another bill of another number in the title's place."""
    return TitlesAccepted.bringing(await carrier.switch(title, body))


@combinations.post(
    "",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.replace")],
    responses=described(*_REPLACED, refused.OriginalsDiffer, refused.CountUnfit),
)
async def combine_titles(body: CombinationRequest, carrier: Carrier) -> TitlesAccepted:
    """Put one bill in the place of several, of one carrier, holder and kind."""
    return TitlesAccepted.bringing(await carrier.combine(body))
