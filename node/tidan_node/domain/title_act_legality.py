"""One act on a title that exists, held against its rule."""

from __future__ import annotations

from dataclasses import dataclass

from tidan_node.domain.circumstances import Circumstances
from tidan_node.domain.events import Origin
from tidan_node.domain.identifiers import NO_PARTY, ZERO_20, Address, PartyIndex, Pledgee, to_bytes
from tidan_node.domain.parties import Standing
from tidan_node.domain.title_acts import LaterEvent, replaced_by
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
    TitleSurrendered,
    TitleSwitchedToPaper,
    TitleTransferred,
    TransferConsented,
)
from tidan_node.domain.titles import (
    Offer,
    Proposal,
    Title,
    TitleStatus,
    endorsement,
    gateways,
    paper,
    pledges,
    surrenders,
    transfers,
)
from tidan_node.domain.titles.replacements import void


@dataclass(frozen=True, slots=True)
class Scene:
    """Who acted, where on the chain, and what was so there."""

    actor: PartyIndex
    origin: Origin
    circumstances: Circumstances

    @property
    def now(self) -> int:
        """In seconds, chain time."""
        return self.origin.block_time

    @property
    def account(self) -> Address | None:
        return self.circumstances.account_at(self.origin)

    def standing(self, party: PartyIndex) -> Standing:
        return self.circumstances.standing_at(party, self.origin)

    def party_of(self, account: Address) -> PartyIndex:
        return self.circumstances.party_of(account, self.origin)

    def recognised(self, gateway: Address) -> bool:
        return self.circumstances.recognised_at(gateway, self.origin)

    def admitted(self, carrier: PartyIndex, gateway: Address) -> bool:
        return self.circumstances.admitted_at(carrier, gateway, self.origin)


@dataclass(frozen=True, slots=True)
class _SeenGate:
    """The gate as an audit sees it. Events tell the pledgee, and not the account that acted for it,
    which the transaction shows; where nobody could tell the account, the pledgee must do."""

    banks: pledges.BankGate
    told: Pledgee
    account_known: bool

    def may_take(self, pledgee: Pledgee) -> bool:
        return self.banks.may_take(pledgee)

    def acts_for(self, account: Address, pledgee: Pledgee) -> bool:
        entitled = not self.account_known or self.banks.acts_for(account, pledgee)
        return entitled and pledgee == self.told


def judged_act(title: Title, event: LaterEvent, scene: Scene) -> Title:
    """What the rules make of the title and this act, or why they refuse it."""
    caller = scene.standing(scene.actor)
    if isinstance(event, OfferEvent):
        return _of_offers(title, event, caller, scene)
    if isinstance(event, PledgeEvent):
        return _of_pledges(title, event, caller, scene)
    if isinstance(event, SurrenderEvent):
        return _of_surrenders(title, event, caller, scene)
    if isinstance(event, ReplacementEvent):
        own = isinstance(event, TitleAmended)
        successor = NO_PARTY if own else scene.standing(title.issuer).successor
        how = replaced_by(event)
        return void(title, how, caller=caller, expected_seq=title.seq, successor=successor)
    if isinstance(event, PaperEvent):
        return _of_paper(title, event, caller, scene)
    return _of_gateways(title, event, caller, scene)


def _of_offers(title: Title, event: OfferEvent, caller: Standing, scene: Scene) -> Title:
    seen, now = title.seq, scene.now
    match event:
        case TitleOffered():
            return transfers.make_offer(
                title,
                Offer(event.recipient, event.what, event.deadline),
                caller=caller,
                recipient=scene.standing(event.recipient),
                expected_seq=seen,
                now=now,
            )
        case OfferWithdrawn():
            return transfers.withdraw(title, caller=caller, expected_seq=seen)
        case TitleTransferred():
            return transfers.accept(title, caller=caller, expected_seq=seen, now=now)
        case OfferDeclined():
            return transfers.decline(title, caller=caller, expected_seq=seen)
        case TitleEndorsed():
            return endorsement.endorse(title, event.kind, caller=caller, expected_seq=seen, now=now)


def _of_pledges(title: Title, event: PledgeEvent, caller: Standing, scene: Scene) -> Title:
    banks = pledges.BankGate(scene.standing, scene.party_of)
    gate = _SeenGate(banks, event.pledgee, account_known=scene.account is not None)
    account, seen, now = scene.account or Address(ZERO_20), title.seq, scene.now
    match event:
        case PledgeProposed():
            return pledges.propose_pledge(
                title,
                Proposal(event.pledgee, event.deadline),
                caller=caller,
                gate=gate,
                expected_seq=seen,
                now=now,
            )
        case TitlePledged():
            return pledges.accept_pledge(
                title, caller=account, gate=gate, expected_seq=seen, now=now
            )
        case PledgeDeclined():
            return pledges.decline_pledge(title, caller=account, gate=gate, expected_seq=seen)
        case TransferConsented():
            return pledges.consent(title, caller=account, gate=gate, expected_seq=seen, now=now)
        case PledgeReleased():
            return pledges.release_pledge(title, caller=account, gate=gate, expected_seq=seen)
        case PledgeEnforced():
            return pledges.enforce_pledge(
                title,
                caller=account,
                gate=gate,
                recipient=scene.standing(event.recipient),
                deadline=event.deadline,
                expected_seq=seen,
                now=now,
            )


def _of_surrenders(title: Title, event: SurrenderEvent, caller: Standing, scene: Scene) -> Title:
    seen, successor = title.seq, scene.standing(title.issuer).successor
    match event:
        case SurrenderRequested():
            if event.pending is TitleStatus.PENDING_DELIVERY:
                return surrenders.surrender_for_delivery(
                    title, caller=caller, expected_seq=seen, now=scene.now
                )
            return surrenders.surrender_for_amendment(
                title, event.reason, caller=caller, expected_seq=seen, now=scene.now
            )
        case SurrenderCancelled():
            return surrenders.cancel_surrender(title, caller=caller, expected_seq=seen)
        case TitleSurrendered():
            return surrenders.accept_surrender(
                title, caller=caller, expected_seq=seen, successor=successor
            )
        case SurrenderRejected():
            return surrenders.reject_surrender(
                title, caller=caller, expected_seq=seen, successor=successor
            )


def _of_paper(title: Title, event: PaperEvent, caller: Standing, scene: Scene) -> Title:
    carrier, seen = scene.standing(title.issuer), title.seq
    match event:
        case TitleSwitchedToPaper():
            return paper.switch_to_paper(
                title, caller=caller, expected_seq=seen, successor=carrier.successor
            )
        case TitleEndedAsPaper():
            return paper.end_as_paper(
                title,
                caller=caller,
                carrier=carrier,
                successor=scene.standing(carrier.successor) if carrier.successor else None,
                delay=scene.circumstances.paper_delay,
                expected_seq=seen,
                now=scene.now,
            )


def _of_gateways(title: Title, event: GatewayEvent, caller: Standing, scene: Scene) -> Title:
    match event:
        case TitleLocked():
            return gateways.lock(
                title,
                event.gateway,
                to_bytes(event.transfer),
                caller=caller,
                recognised=scene.recognised(event.gateway),
                expected_seq=title.seq,
                now=scene.now,
            )
        case TitleExported():
            return gateways.export_title(title, gateway=event.gateway, expected_seq=title.seq)
        case TitleReturned():
            return gateways.return_title(title, gateway=event.gateway, expected_seq=title.seq)
