"""Every act on a title in one table: from which state to which, whose it is, what it asks.

docs/titles.md draws its diagram from it, and a test holds it against what the rules do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tidan_node.domain.titles.terms import TitleAct, TitleStatus


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow: `act` takes a title from `before` to `after`, and the event tells of it."""

    act: TitleAct
    before: TitleStatus
    after: TitleStatus
    who: str
    guard: str
    event: str


_NONE: Final = TitleStatus.NONE
_LIVE: Final = TitleStatus.LIVE
_DELIVERY: Final = TitleStatus.PENDING_DELIVERY
_AMENDMENT: Final = TitleStatus.PENDING_AMENDMENT
_VOIDED: Final = TitleStatus.VOIDED
_PAPER: Final = TitleStatus.PAPER
_TRANSIT: Final = TitleStatus.IN_TRANSIT
_EXPORTED: Final = TitleStatus.EXPORTED

_CARRIER: Final = "the carrier that issued it, or the successor of a revoked one"
_POSSESSOR: Final = "the possessor"
_HOLDER: Final = "the possessor to whom it is made out; in blank, the possessor"
_DISPOSER: Final = "the possessor to whom it is made out; straight or in blank, the possessor"
_OFFEREE: Final = "to whom it is offered"
_PLEDGEE: Final = "an account of the pledgee"
_GATEWAY: Final = "the gateway that it is locked for, or arrives by, also dismissed"
_LOCKING_GATEWAY: Final = "the gateway that it is locked for, also dismissed"
_FREE: Final = "no open offer, no pledge"
_NEW: Final = "id and series never used; holders active"

TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition(TitleAct.ISSUE, _NONE, _LIVE, "an active carrier", _NEW, "TitleIssued"),
    Transition(
        TitleAct.ISSUE_FROM_PAPER,
        _NONE,
        _LIVE,
        "an active carrier",
        "the paper is withdrawn; id never used, its series' title is paper or there is none",
        "TitleIssuedFromPaper",
    ),
    Transition(
        TitleAct.ISSUE_SUCCESSOR,
        _NONE,
        _LIVE,
        _CARRIER,
        "its origins are voided in the same act; same holders and kind",
        "SuccessorIssued",
    ),
    Transition(
        TitleAct.OFFER,
        _LIVE,
        _LIVE,
        _POSSESSOR,
        "no open offer; the recipient is active; the title itself only of who has it; possession "
        "alone to the titleholder: by and to any standing",
        "TitleOffered",
    ),
    Transition(
        TitleAct.WITHDRAW,
        _LIVE,
        _LIVE,
        _POSSESSOR,
        "the offer or proposal is its own, not the pledgee's",
        "OfferWithdrawn",
    ),
    Transition(
        TitleAct.ACCEPT,
        _LIVE,
        _LIVE,
        _OFFEREE,
        "before the deadline; of a pledged title, with the pledgee's consent; possession alone by "
        "the titleholder: in any standing",
        "TitleTransferred",
    ),
    Transition(TitleAct.ACCEPT, _TRANSIT, _LIVE, _OFFEREE, "it arrives", "TitleTransferred"),
    Transition(TitleAct.DECLINE, _LIVE, _LIVE, _OFFEREE, "in any standing", "OfferDeclined"),
    Transition(TitleAct.DECLINE, _TRANSIT, _EXPORTED, _OFFEREE, "it arrives", "OfferDeclined"),
    Transition(
        TitleAct.ENDORSE,
        _LIVE,
        _LIVE,
        _HOLDER,
        f"{_FREE}; to order: in blank or final; in blank: to order or final",
        "TitleEndorsed",
    ),
    Transition(
        TitleAct.PROPOSE_PLEDGE,
        _LIVE,
        _LIVE,
        _HOLDER,
        f"{_FREE}; to order or in blank; the gate lets the pledgee take it",
        "PledgeProposed",
    ),
    Transition(
        TitleAct.ACCEPT_PLEDGE,
        _LIVE,
        _LIVE,
        _PLEDGEE,
        "a pledge is proposed, before the deadline; the gate lets it",
        "TitlePledged",
    ),
    Transition(
        TitleAct.DECLINE_PLEDGE, _LIVE, _LIVE, _PLEDGEE, "a pledge is proposed", "PledgeDeclined"
    ),
    Transition(
        TitleAct.CONSENT,
        _LIVE,
        _LIVE,
        _PLEDGEE,
        "the possessor's offer is open; the gate lets it",
        "TransferConsented",
    ),
    Transition(TitleAct.RELEASE_PLEDGE, _LIVE, _LIVE, _PLEDGEE, "it is pledged", "PledgeReleased"),
    Transition(
        TitleAct.ENFORCE_PLEDGE,
        _LIVE,
        _LIVE,
        _PLEDGEE,
        "it is pledged; the gate lets it; the recipient is active",
        "PledgeEnforced",
    ),
    Transition(
        TitleAct.SURRENDER_FOR_DELIVERY, _LIVE, _DELIVERY, _HOLDER, _FREE, "SurrenderRequested"
    ),
    Transition(
        TitleAct.SURRENDER_FOR_AMENDMENT, _LIVE, _AMENDMENT, _DISPOSER, _FREE, "SurrenderRequested"
    ),
    *(
        Transition(
            TitleAct.CANCEL_SURRENDER,
            pending,
            _LIVE,
            _POSSESSOR,
            "not answered yet",
            "SurrenderCancelled",
        )
        for pending in (_DELIVERY, _AMENDMENT)
    ),
    Transition(
        TitleAct.ACCEPT_SURRENDER,
        _DELIVERY,
        TitleStatus.DELIVERED,
        _CARRIER,
        "active",
        "TitleSurrendered",
    ),
    *(
        Transition(
            TitleAct.REJECT_SURRENDER, pending, _LIVE, _CARRIER, "active", "SurrenderRejected"
        )
        for pending in (_DELIVERY, _AMENDMENT)
    ),
    Transition(
        TitleAct.VOID,
        _AMENDMENT,
        _VOIDED,
        "the carrier that issued it (an amendment)",
        "active; surrendered for correction, another destination or other; its successor is of the "
        "same series",
        "TitleAmended",
    ),
    Transition(
        TitleAct.VOID,
        _AMENDMENT,
        _VOIDED,
        _CARRIER,
        "active; surrendered for a split or other; 2 to 50 successors",
        "TitleSplit",
    ),
    Transition(
        TitleAct.VOID,
        _AMENDMENT,
        _VOIDED,
        _CARRIER,
        "active; each surrendered for combination or other; 2 to 50 of one carrier, holders and "
        "kind",
        "TitlesCombined",
    ),
    Transition(
        TitleAct.VOID,
        _AMENDMENT,
        _VOIDED,
        _CARRIER,
        "active; surrendered for a switch or other; its successor has a series of its own",
        "TitleSwitched",
    ),
    Transition(
        TitleAct.SWITCH_TO_PAPER,
        _AMENDMENT,
        _PAPER,
        _CARRIER,
        "active; surrendered for paper or other",
        "TitleSwitchedToPaper",
    ),
    *(
        Transition(
            TitleAct.END_AS_PAPER,
            before,
            _PAPER,
            _DISPOSER,
            f"{_FREE}; the carrier is revoked since the delay, and so is its successor, if any",
            "TitleEndedAsPaper",
        )
        for before in (_LIVE, _DELIVERY, _AMENDMENT)
    ),
    Transition(
        TitleAct.LOCK,
        _LIVE,
        _TRANSIT,
        _POSSESSOR,
        f"{_FREE}; the gateway is recognised",
        "TitleLocked",
    ),
    Transition(
        TitleAct.EXPORT,
        _TRANSIT,
        _EXPORTED,
        _GATEWAY,
        "it is locked, or waits for whom it was brought for",
        "TitleExported",
    ),
    Transition(TitleAct.RETURN, _TRANSIT, _LIVE, _LOCKING_GATEWAY, "it is locked", "TitleReturned"),
    Transition(
        TitleAct.IMPORT,
        _NONE,
        _TRANSIT,
        "a recognised gateway",
        f"{_NEW}; its issuer is a carrier that is a member, and has admitted the gateway",
        "TitleImported",
    ),
    Transition(
        TitleAct.IMPORT,
        _EXPORTED,
        _TRANSIT,
        "the gateway that it left by; any recognised one, where that is recognised no more",
        "the same series, document and rulebook; its possessor active, and its titleholder too"
        " unless it left with that one",
        "TitleImported",
    ),
)

TERMINAL: Final = (TitleStatus.DELIVERED, TitleStatus.VOIDED, TitleStatus.PAPER)
"""No act follows."""
