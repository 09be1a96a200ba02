"""The act that an event of a title tells of: its kind, its actor and detail, the title after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

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
_SILENT: Final[Mapping[str, Any]] = {"offer": None, "proposal": None}
_LIVE_AGAIN: Final[Mapping[str, Any]] = {"status": TitleStatus.LIVE, "surrendered_for": None}
_ON_PAPER: Final[Mapping[str, Any]] = {
    **_SILENT,
    "status": TitleStatus.PAPER,
    "surrendered_for": None,
}
_REPLACED: Final = {
    TitleAmended: Replaced.AMENDMENT,
    TitleSplit: Replaced.SPLIT,
    TitlesCombined: Replaced.COMBINATION,
    TitleSwitched: Replaced.SWITCH,
}


class Told(NamedTuple):
    """Pledgees and gateways act under no party's number. `changes` are the fields of the title that
    are others after the act, besides its seq."""

    kind: TitleAct
    actor: PartyIndex
    changes: Mapping[str, Any]  # Any: each field has its own type
    detail: bytes = _NO_DETAIL


def replaced_by(event: ReplacementEvent) -> Replaced:
    """How the title was replaced by others."""
    return _REPLACED[type(event)]


def _offered(_: Title, event: TitleOffered) -> Told:
    offer = Offer(event.recipient, event.what, event.deadline)
    changes = {"offer": offer, "proposal": None}
    return Told(TitleAct.OFFER, event.sender, changes, detailed.offer_detail(offer))


def _withdrawn(_: Title, event: OfferWithdrawn) -> Told:
    return Told(TitleAct.WITHDRAW, event.by, _SILENT)


def _transferred(title: Title, event: TitleTransferred) -> Told:
    holders = event.possessor, event.titleholder, event.kind
    enforced = title.offer is not None and title.offer.enforced
    changes = {
        "offer": None,
        "proposal": None,
        "status": TitleStatus.LIVE,
        "possessor": event.possessor,
        "titleholder": event.titleholder,
        "kind": event.kind,
        "pledgee": None if enforced else title.pledgee,
        "gateway": None,
    }
    return Told(TitleAct.ACCEPT, event.recipient, changes, detailed.transfer_detail(*holders))


def _declined(title: Title, event: OfferDeclined) -> Told:
    arrived = title.status is TitleStatus.IN_TRANSIT
    status = TitleStatus.EXPORTED if arrived else title.status
    return Told(TitleAct.DECLINE, event.by, {**_SILENT, "status": status})


def _endorsed(_: Title, event: TitleEndorsed) -> Told:
    detail = detailed.endorsement_detail(event.titleholder, event.kind)
    changes = {**_SILENT, "titleholder": event.titleholder, "kind": event.kind}
    return Told(TitleAct.ENDORSE, event.by, changes, detail)


def _proposed(_: Title, event: PledgeProposed) -> Told:
    detail = detailed.proposal_detail(event.pledgee, event.deadline)
    changes = {"offer": None, "proposal": Proposal(event.pledgee, event.deadline)}
    return Told(TitleAct.PROPOSE_PLEDGE, event.by, changes, detail)


def _pledged(_: Title, event: TitlePledged) -> Told:
    return _by_pledgee(TitleAct.ACCEPT_PLEDGE, event, {"pledgee": event.pledgee, "proposal": None})


def _pledge_declined(_: Title, event: PledgeDeclined) -> Told:
    return _by_pledgee(TitleAct.DECLINE_PLEDGE, event, {"proposal": None})


def _consented(title: Title, event: TransferConsented) -> Told:
    agreed = None if title.offer is None else replace(title.offer, consented=True)
    return _by_pledgee(TitleAct.CONSENT, event, {"offer": agreed})


def _released(title: Title, event: PledgeReleased) -> Told:
    offer = title.offer
    ends = offer is None or offer.enforced
    left = None if offer is None or ends else replace(offer, consented=False)
    return _by_pledgee(TitleAct.RELEASE_PLEDGE, event, {"pledgee": None, "offer": left})


def _enforced(_: Title, event: PledgeEnforced) -> Told:
    offer = Offer(event.recipient, event.what, event.deadline, enforced=True)
    detail = detailed.enforcement_detail(event.pledgee, event.recipient, event.deadline)
    return Told(TitleAct.ENFORCE_PLEDGE, NO_PARTY, {"offer": offer}, detail)


def _by_pledgee(
    kind: TitleAct,
    event: TitlePledged | PledgeDeclined | TransferConsented | PledgeReleased,
    changes: Mapping[str, Any],
) -> Told:
    return Told(kind, NO_PARTY, changes, detailed.pledgee_detail(event.pledgee))


def _surrender_requested(_: Title, event: SurrenderRequested) -> Told:
    changes = {**_SILENT, "status": event.pending}
    if event.pending is TitleStatus.PENDING_DELIVERY:
        return Told(TitleAct.SURRENDER_FOR_DELIVERY, event.by, changes)
    if event.pending is not TitleStatus.PENDING_AMENDMENT:
        raise HistoryBroken(f"a surrender makes no title {event.pending.name}")
    changes["surrendered_for"] = event.reason
    return Told(TitleAct.SURRENDER_FOR_AMENDMENT, event.by, changes, word(event.reason))


def _surrender_cancelled(_: Title, event: SurrenderCancelled) -> Told:
    return Told(TitleAct.CANCEL_SURRENDER, event.by, _LIVE_AGAIN)


def _surrendered(_: Title, event: TitleSurrendered) -> Told:
    changes = {"status": TitleStatus.DELIVERED}
    return Told(TitleAct.ACCEPT_SURRENDER, event.by, changes)


def _surrender_rejected(_: Title, event: SurrenderRejected) -> Told:
    return Told(TitleAct.REJECT_SURRENDER, event.by, _LIVE_AGAIN, word(event.reason))


def _replaced(_: Title, event: ReplacementEvent) -> Told:
    detail = detailed.void_detail(replaced_by(event), event.reason, successors_of(event))
    changes = {"status": TitleStatus.VOIDED, "surrendered_for": None}
    return Told(TitleAct.VOID, event.by, changes, detail)


def _switched_to_paper(_: Title, event: TitleSwitchedToPaper) -> Told:
    return Told(TitleAct.SWITCH_TO_PAPER, event.by, _ON_PAPER, word(event.reason))


def _ended_as_paper(_: Title, event: TitleEndedAsPaper) -> Told:
    return Told(TitleAct.END_AS_PAPER, event.by, _ON_PAPER)


def _locked(_: Title, event: TitleLocked) -> Told:
    detail = detailed.lock_detail(event.gateway, event.transfer)
    changes = {**_SILENT, "status": TitleStatus.IN_TRANSIT, "gateway": event.gateway}
    return Told(TitleAct.LOCK, event.by, changes, detail)


def _exported(_: Title, event: TitleExported) -> Told:
    changes = {"status": TitleStatus.EXPORTED, "offer": None, "gateway": event.gateway}
    detail = detailed.gateway_detail(event.gateway)
    return Told(TitleAct.EXPORT, NO_PARTY, changes, detail)


def _returned(_: Title, event: TitleReturned) -> Told:
    changes = {"status": TitleStatus.LIVE, "gateway": None}
    detail = detailed.gateway_detail(event.gateway)
    return Told(TitleAct.RETURN, NO_PARTY, changes, detail)


TELLERS: Final[Mapping[type[LaterEvent], Callable[[Title, Any], Told]]] = {
    # Any: each takes the event that it stands beside
    TitleOffered: _offered,
    OfferWithdrawn: _withdrawn,
    TitleTransferred: _transferred,
    OfferDeclined: _declined,
    TitleEndorsed: _endorsed,
    PledgeProposed: _proposed,
    TitlePledged: _pledged,
    PledgeDeclined: _pledge_declined,
    TransferConsented: _consented,
    PledgeReleased: _released,
    PledgeEnforced: _enforced,
    SurrenderRequested: _surrender_requested,
    SurrenderCancelled: _surrender_cancelled,
    TitleSurrendered: _surrendered,
    SurrenderRejected: _surrender_rejected,
    TitleAmended: _replaced,
    TitleSplit: _replaced,
    TitlesCombined: _replaced,
    TitleSwitched: _replaced,
    TitleSwitchedToPaper: _switched_to_paper,
    TitleEndedAsPaper: _ended_as_paper,
    TitleLocked: _locked,
    TitleExported: _exported,
    TitleReturned: _returned,
}
"""What an event of each kind tells of the title that it follows on."""
