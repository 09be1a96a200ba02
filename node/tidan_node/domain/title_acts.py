"""The act that an event of a title tells of: its kind, its actor and detail, the title after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from tidan_node.domain import title_details as detailed
from tidan_node.domain.history import word
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.steps import HistoryBroken
from tidan_node.domain.title_events import (
    GatewayEvent,
    OfferDeclined,
    OfferEvent,
    OfferWithdrawn,
    PaperEvent,
    PledgeDeclined,
    PledgeEnforced,
    PledgeEvent,
    PledgeProposed,
    PledgeReleased,
    ReplacementEvent,
    SurrenderCancelled,
    SurrenderEvent,
    SurrenderRejected,
    SurrenderRequested,
    TitleAmended,
    TitleEndedAsPaper,
    TitleEndorsed,
    TitleExported,
    TitleLocked,
    TitleOffered,
    TitlePledged,
    TitleReturned,
    TitlesCombined,
    TitleSplit,
    TitleSurrendered,
    TitleSwitched,
    TitleSwitchedToPaper,
    TitleTransferred,
    TransferConsented,
    successors_of,
)
from tidan_node.domain.titles import Offer, Proposal, Title, TitleAct, TitleStatus
from tidan_node.domain.titles.terms import Replaced

LaterEvent = (
    OfferEvent | PledgeEvent | SurrenderEvent | ReplacementEvent | PaperEvent | GatewayEvent
)

_NO_DETAIL: Final = bytes(32)
_REPLACED: Final = {
    TitleAmended: Replaced.AMENDMENT,
    TitleSplit: Replaced.SPLIT,
    TitlesCombined: Replaced.COMBINATION,
    TitleSwitched: Replaced.SWITCH,
}


@dataclass(frozen=True, slots=True)
class Told:
    """Pledgees and gateways act under no party's number."""

    kind: TitleAct
    actor: PartyIndex
    detail: bytes
    after: Title


def told_act(title: Title, event: LaterEvent) -> Told:
    """What the event tells of the title that it follows on."""
    if isinstance(event, OfferEvent):
        told = _of_offers(title, event)
    elif isinstance(event, PledgeEvent):
        told = _of_pledges(title, event)
    elif isinstance(event, SurrenderEvent):
        told = _of_surrenders(title, event)
    elif isinstance(event, ReplacementEvent):
        how = replaced_by(event)
        detail = detailed.void_detail(how, event.reason, successors_of(event))
        voided = replace(title, status=TitleStatus.VOIDED, surrendered_for=None)
        told = Told(TitleAct.VOID, event.by, detail, voided)
    elif isinstance(event, PaperEvent):
        told = _of_paper(title, event)
    else:
        told = _of_gateways(title, event)
    return replace(told, after=replace(told.after, seq=event.seq))


def replaced_by(event: ReplacementEvent) -> Replaced:
    """How the title was replaced by others."""
    return _REPLACED[type(event)]


def _of_offers(title: Title, event: OfferEvent) -> Told:
    silent = replace(title, offer=None, proposal=None)
    match event:
        case TitleOffered():
            offer = Offer(event.recipient, event.what, event.deadline)
            detail = detailed.offer_detail(offer)
            return Told(TitleAct.OFFER, event.sender, detail, replace(silent, offer=offer))
        case OfferWithdrawn():
            return Told(TitleAct.WITHDRAW, event.by, _NO_DETAIL, silent)
        case TitleTransferred():
            holders = event.possessor, event.titleholder, event.kind
            enforced = title.offer is not None and title.offer.enforced
            after = replace(
                silent,
                status=TitleStatus.LIVE,
                possessor=event.possessor,
                titleholder=event.titleholder,
                kind=event.kind,
                pledgee=None if enforced else title.pledgee,
                gateway=None,
            )
            return Told(TitleAct.ACCEPT, event.recipient, detailed.transfer_detail(*holders), after)
        case OfferDeclined():
            arrived = title.status is TitleStatus.IN_TRANSIT
            status = TitleStatus.EXPORTED if arrived else title.status
            after = replace(silent, status=status)
            return Told(TitleAct.DECLINE, event.by, _NO_DETAIL, after)
        case TitleEndorsed():
            detail = detailed.endorsement_detail(event.titleholder, event.kind)
            after = replace(silent, titleholder=event.titleholder, kind=event.kind)
            return Told(TitleAct.ENDORSE, event.by, detail, after)


def _of_pledges(title: Title, event: PledgeEvent) -> Told:
    offer, of_pledgee = title.offer, detailed.pledgee_detail(event.pledgee)
    match event:
        case PledgeProposed():
            proposal = Proposal(event.pledgee, event.deadline)
            detail = detailed.proposal_detail(event.pledgee, event.deadline)
            after = replace(title, offer=None, proposal=proposal)
            return Told(TitleAct.PROPOSE_PLEDGE, event.by, detail, after)
        case TitlePledged():
            kind, after = TitleAct.ACCEPT_PLEDGE, replace(title, pledgee=event.pledgee)
            after = replace(after, proposal=None)
        case PledgeDeclined():
            kind, after = TitleAct.DECLINE_PLEDGE, replace(title, proposal=None)
        case TransferConsented():
            agreed = None if offer is None else replace(offer, consented=True)
            kind, after = TitleAct.CONSENT, replace(title, offer=agreed)
        case PledgeReleased():
            ends = offer is None or offer.enforced
            left = None if offer is None or ends else replace(offer, consented=False)
            kind, after = TitleAct.RELEASE_PLEDGE, replace(title, pledgee=None, offer=left)
        case PledgeEnforced():
            offer = Offer(event.recipient, event.what, event.deadline, enforced=True)
            terms = event.pledgee, event.recipient, event.deadline
            after = replace(title, offer=offer)
            detail = detailed.enforcement_detail(*terms)
            return Told(TitleAct.ENFORCE_PLEDGE, NO_PARTY, detail, after)
    return Told(kind, NO_PARTY, of_pledgee, after)


def _of_surrenders(title: Title, event: SurrenderEvent) -> Told:
    match event:
        case SurrenderRequested():
            after = replace(title, status=event.pending, offer=None, proposal=None)
            if event.pending is TitleStatus.PENDING_DELIVERY:
                return Told(TitleAct.SURRENDER_FOR_DELIVERY, event.by, _NO_DETAIL, after)
            if event.pending is not TitleStatus.PENDING_AMENDMENT:
                raise HistoryBroken(f"a surrender makes no title {event.pending.name}")
            after = replace(after, surrendered_for=event.reason)
            return Told(TitleAct.SURRENDER_FOR_AMENDMENT, event.by, word(event.reason), after)
        case SurrenderCancelled():
            live = replace(title, status=TitleStatus.LIVE, surrendered_for=None)
            return Told(TitleAct.CANCEL_SURRENDER, event.by, _NO_DETAIL, live)
        case TitleSurrendered():
            delivered = replace(title, status=TitleStatus.DELIVERED)
            return Told(TitleAct.ACCEPT_SURRENDER, event.by, _NO_DETAIL, delivered)
        case SurrenderRejected():
            live = replace(title, status=TitleStatus.LIVE, surrendered_for=None)
            return Told(TitleAct.REJECT_SURRENDER, event.by, word(event.reason), live)


def _of_paper(title: Title, event: PaperEvent) -> Told:
    ended = replace(title, status=TitleStatus.PAPER, offer=None, proposal=None)
    after = replace(ended, surrendered_for=None)
    match event:
        case TitleSwitchedToPaper():
            return Told(TitleAct.SWITCH_TO_PAPER, event.by, word(event.reason), after)
        case TitleEndedAsPaper():
            return Told(TitleAct.END_AS_PAPER, event.by, _NO_DETAIL, after)


def _of_gateways(title: Title, event: GatewayEvent) -> Told:
    match event:
        case TitleLocked():
            detail = detailed.lock_detail(event.gateway, event.transfer)
            after = replace(
                title,
                status=TitleStatus.IN_TRANSIT,
                offer=None,
                proposal=None,
                gateway=event.gateway,
            )
            return Told(TitleAct.LOCK, event.by, detail, after)
        case TitleExported():
            kind = TitleAct.EXPORT
            after = replace(title, status=TitleStatus.EXPORTED, offer=None, gateway=event.gateway)
        case TitleReturned():
            kind, after = TitleAct.RETURN, replace(title, status=TitleStatus.LIVE, gateway=None)
    return Told(kind, NO_PARTY, detailed.gateway_detail(event.gateway), after)
