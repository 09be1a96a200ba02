"""Paths of acts that are signed away from the node: by an offline key, or one in an HSM."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from tidan_node.domain import gateway_problems
from tidan_node.domain import title_problems as refused
from tidan_node.domain.documents.problems import DocumentMalformed, NotATitle
from tidan_node.domain.parties import NotEnrolled, PartyNotActive, PartyUnknown, RoleMissing
from tidan_node.domain.proofs.problems import JsonMalformed, NumberMalformed
from tidan_node.domain.record_problems import EmptyValue, PackageMissing
from tidan_node.records.problems import NothingIndexed, PartyAmbiguous
from tidan_node.titles.act_schemas import WarningAnswer
from tidan_node.titles.preparing import Preparing
from tidan_node.titles.relay_rules import direct_act
from tidan_node.titles.relay_schemas import (
    PreparedAct,
    PrepareRequest,
    RelayAccepted,
    RelayRequest,
)
from tidan_node.titles.relaying import Relaying
from tidan_node.titles.repository import TooManyPrepared
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.operation_answers import OperationAnswer
from tidan_node.web.own_codes import CodeNotOurs
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import PartyName
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Undertaking

router = guarded_router("/v1", "titles")

_FROM_DOCUMENTS: Final = (
    DocumentMalformed,
    NotATitle,
    NumberMalformed,
    JsonMalformed,
    CodeNotOurs,
    RoleMissing,
    PartyUnknown,
    PartyAmbiguous,
    PartyNotActive,
    NotEnrolled,
    NothingIndexed,
    EmptyValue,
    refused.ActNotSignable,
    refused.SignatureExpired,
    refused.TermsMalformed,
    refused.TitleUnknown,
    refused.StaleSeq,
    refused.CountUnfit,
    refused.AlreadyIssued,
    refused.SeriesAlreadyUsed,
    refused.SeriesDiffers,
    refused.KindNeedsTitleholder,
    refused.BlankHasNoTitleholder,
    refused.NoSurrenderPending,
    refused.SurrenderedForAnother,
    refused.NotTheIssuer,
    refused.HoldersDiffer,
    refused.TitleholderDiffers,
    refused.OriginalsDiffer,
)
_DIRECT: Final = (
    PackageMissing,
    refused.TitleNotLive,
    refused.NotThePossessor,
    refused.NotTheTitleholder,
    refused.NotTheOfferee,
    refused.NoOpenOffer,
    refused.OfferAlreadyOpen,
    refused.OfferExpired,
    refused.OfferEnforced,
    refused.OfferToSelf,
    refused.DeadlineInThePast,
    refused.NothingOffered,
    refused.FinalWithoutTitle,
    refused.KindForbidsTransfer,
    refused.EndorsementUnfit,
    refused.Pledged,
    refused.NotPledged,
    refused.NoPledgeProposed,
    refused.NotThePledgee,
    refused.PledgeeUnfit,
    refused.KindForbidsPledge,
    refused.ConsentMissing,
    refused.ConsentGiven,
    gateway_problems.GatewayUnknown,
    refused.PaperTooEarly,
    refused.CarrierNotRevoked,
    refused.CarrierHasSuccessor,
)
"""What the direct acts are refused with, beyond those of documents."""


@router.post(
    "/title-acts:prepare",
    dependencies=[requires("titles:act")],
    responses=described(*_FROM_DOCUMENTS, TooManyPrepared),
)
async def prepare_act(
    body: PrepareRequest, request: Request, undertaking: Undertaking, caller: CurrentCaller
) -> PreparedAct:
    """What there is to sign for an act on a title. Nothing is done by asking; documents that are
    given are kept here until the act can be sent no more."""
    return await Preparing(undertaking, node_of(request), caller).prepare(body)


@router.post(
    "/title-acts:relay",
    status_code=202,
    dependencies=[requires("titles:act"), act("title.relay", within=direct_act)],
    responses=described(*_FROM_DOCUMENTS, *_DIRECT, refused.SignatureInvalid),
)
async def relay_act(
    body: RelayRequest, request: Request, undertaking: Undertaking, caller: CurrentCaller
) -> RelayAccepted:
    """Send an act that a member's account has signed, from this node's account.

    An act of this node's own party does all that the direct one does: its rules are asked, its
    content is kept, its package leaves. Another party's act is only relayed."""
    relayed = await Relaying(undertaking, node_of(request), caller).relay(body)
    return RelayAccepted(
        operation=OperationAnswer.accepted(relayed.operation),
        title=relayed.operation.target,
        act=relayed.act,
        signer=PartyName(index=relayed.signer.index, name=relayed.signer.name),
        only_relayed=relayed.is_only_relayed,
        titles=list(relayed.titles),
        warnings=WarningAnswer.all(relayed.warnings),
    )
