"""The events that TitleRegistry tells of a call that the specification has carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.title_book.book import Call, Kept, Scene, TitleBook
from tidan_node.domain import title_events as told
from tidan_node.domain.identifiers import Address, PartyIndex, Pledgee, TitleId, to_hex
from tidan_node.domain.titles import Issuance, Offer, Title, TitleAct

Before = Mapping[TitleId, Kept]
Place = tuple[TitleId, int]


def events_of(book: TitleBook, before: Before, call: Call, scene: Scene) -> list[told.TitleEvent]:
    """One event for each act of the call, in their order."""
    voided = tuple(each for each in book.touched if _last(book, each) is TitleAct.VOID)
    begun = tuple(each for each in book.touched if each not in voided)
    return [
        _event(book.kept[each], before.get(each), call, scene, (voided, begun))
        for each in book.touched
    ]


def _last(book: TitleBook, title: TitleId) -> object:
    return book.kept[title].acts[-1].kind


def _event(
    kept: Kept,
    before: Kept | None,
    call: Call,
    scene: Scene,
    replaced: tuple[tuple[TitleId, ...], tuple[TitleId, ...]],
) -> told.TitleEvent:
    title, kind = kept.title, kept.acts[-1].kind
    if kind in _BEGINNINGS:
        return _beginning(kept, call, scene, replaced[0])
    assert before is not None
    happened = Happened(before.title, title, kept.acts[-1].actor, call, scene, replaced[1])
    assert isinstance(kind, TitleAct)
    return _LATER[kind](happened, (title.title_id, title.seq))


@dataclass(frozen=True)
class Happened:
    """One title's part in a call."""

    before: Title
    after: Title
    by: PartyIndex
    call: Call
    scene: Scene
    successors: tuple[TitleId, ...]

    @property
    def reason(self) -> int:
        reason: int = self.call.arguments[-1]
        return reason

    @property
    def offer(self) -> Offer:
        assert self.after.offer is not None
        return self.after.offer

    @property
    def pledgee(self) -> Pledgee:
        """Who was proposed a pledge, or has one."""
        proposal = self.after.proposal or self.before.proposal
        pledgee = proposal.pledgee if proposal else self.before.pledgee
        assert pledgee is not None
        return pledgee


def _beginning(
    kept: Kept, call: Call, scene: Scene, origins: tuple[TitleId, ...]
) -> told.TitleBegun | told.TitleImported:
    title, stated, last = kept.title, _stated(kept.issuance), call.arguments[-1]
    match kept.acts[-1].kind:
        case TitleAct.ISSUE:
            return told.TitleIssued(title.title_id, title.issuer, **stated)
        case TitleAct.ISSUE_FROM_PAPER:
            return told.TitleIssuedFromPaper(
                title.title_id, title.issuer, **stated, withdrawal=to_hex(last)
            )
        case TitleAct.ISSUE_SUCCESSOR:
            return told.SuccessorIssued(title.title_id, title.issuer, **stated, origins=origins)
    return told.TitleImported(
        title.title_id, title.seq, scene.account, title.issuer, **stated, transfer=to_hex(last)
    )


def _voided(happened: Happened, place: Place) -> told.ReplacementEvent:
    by, successors, reason = happened.by, happened.successors, happened.reason
    match happened.call.function:
        case "amend":
            return told.TitleAmended(*place, by, successors[0], reason)
        case "split":
            return told.TitleSplit(*place, by, successors, reason)
        case "combine":
            return told.TitlesCombined(*place, by, successors[0], reason)
    return told.TitleSwitched(*place, by, successors[0], reason)


def _enforced(happened: Happened, place: Place) -> told.PledgeEnforced:
    offer = happened.offer
    return told.PledgeEnforced(
        *place, happened.pledgee, offer.recipient, offer.what, offer.deadline
    )


def _locked(happened: Happened, place: Place) -> told.TitleLocked:
    _, __, gateway, transfer = happened.call.arguments
    return told.TitleLocked(*place, happened.by, Address(gateway), to_hex(transfer))


def _stated(issuance: Issuance) -> dict[str, Any]:  # of the types of the events' fields
    return {
        "series": issuance.series,
        "content_root": issuance.content_root,
        "possessor": issuance.possessor,
        "titleholder": issuance.titleholder,
        "kind": issuance.kind,
        "schema": issuance.schema,
        "version": issuance.version,
        "rulebook": issuance.rulebook,
    }


_BEGINNINGS: Final = (
    TitleAct.ISSUE,
    TitleAct.ISSUE_FROM_PAPER,
    TitleAct.ISSUE_SUCCESSOR,
    TitleAct.IMPORT,
)
_LATER: Final[Mapping[TitleAct, Callable[[Happened, Place], told.TitleEvent]]] = {
    TitleAct.OFFER: lambda it, place: told.TitleOffered(
        *place, it.by, it.offer.recipient, it.offer.what, it.offer.deadline
    ),
    TitleAct.WITHDRAW: lambda it, place: told.OfferWithdrawn(*place, it.by),
    TitleAct.ACCEPT: lambda it, place: told.TitleTransferred(
        *place, it.by, it.after.possessor, it.after.titleholder, it.after.kind
    ),
    TitleAct.DECLINE: lambda it, place: told.OfferDeclined(*place, it.by),
    TitleAct.ENDORSE: lambda it, place: told.TitleEndorsed(
        *place, it.by, it.after.titleholder, it.after.kind
    ),
    TitleAct.PROPOSE_PLEDGE: lambda it, place: told.PledgeProposed(
        *place, it.by, it.pledgee, it.call.arguments[-1]
    ),
    TitleAct.ACCEPT_PLEDGE: lambda it, place: told.TitlePledged(*place, it.pledgee),
    TitleAct.DECLINE_PLEDGE: lambda it, place: told.PledgeDeclined(*place, it.pledgee),
    TitleAct.CONSENT: lambda it, place: told.TransferConsented(*place, it.pledgee),
    TitleAct.RELEASE_PLEDGE: lambda it, place: told.PledgeReleased(*place, it.pledgee),
    TitleAct.ENFORCE_PLEDGE: _enforced,
    TitleAct.SURRENDER_FOR_DELIVERY: lambda it, place: told.SurrenderRequested(
        *place, it.by, it.after.status, 0
    ),
    TitleAct.SURRENDER_FOR_AMENDMENT: lambda it, place: told.SurrenderRequested(
        *place, it.by, it.after.status, it.reason
    ),
    TitleAct.CANCEL_SURRENDER: lambda it, place: told.SurrenderCancelled(*place, it.by),
    TitleAct.ACCEPT_SURRENDER: lambda it, place: told.TitleSurrendered(*place, it.by),
    TitleAct.REJECT_SURRENDER: lambda it, place: told.SurrenderRejected(*place, it.by, it.reason),
    TitleAct.VOID: _voided,
    TitleAct.SWITCH_TO_PAPER: lambda it, place: told.TitleSwitchedToPaper(*place, it.by, it.reason),
    TitleAct.END_AS_PAPER: lambda it, place: told.TitleEndedAsPaper(*place, it.by),
    TitleAct.LOCK: _locked,
    TitleAct.EXPORT: lambda it, place: told.TitleExported(*place, it.scene.account),
    TitleAct.RETURN: lambda it, place: told.TitleReturned(*place, it.scene.account),
}
