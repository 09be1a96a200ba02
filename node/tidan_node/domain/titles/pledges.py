"""A title as security: proposed by who is entitled, taken by the pledgee, ended by it alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex, Pledgee
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.title_problems import (
    ConsentGiven,
    KindForbidsPledge,
    NoOpenOffer,
    NoPledgeProposed,
    NotPledged,
    NotThePledgee,
    OfferExpired,
    OfferToSelf,
    PledgeeUnfit,
)
from tidan_node.domain.titles.terms import Offer, Offered, Proposal, TitleKind
from tidan_node.domain.titles.title import Title
from tidan_node.domain.titles.transfers import require_ahead

_ALL_OF: Final = {
    TitleKind.BLANK: Offered.POSSESSION,
    TitleKind.ORDER: Offered.POSSESSION | Offered.TITLE,
    TitleKind.ORDER_FINAL: Offered.POSSESSION | Offered.TITLE | Offered.FINAL,
}


class PledgeeGate(Protocol):
    """Who may take a pledge, and through which accounts it acts. The rules ask for no party: a
    pledgee may be one that nobody knows by name."""

    def may_take(self, pledgee: Pledgee) -> bool: ...

    def acts_for(self, account: Address, pledgee: Pledgee) -> bool: ...


@dataclass(frozen=True, slots=True)
class BankGate:
    """Banks take pledges under their own number: an active one takes and enforces them. What it
    has it can give up in any standing; for a revoked bank its successor does, a bank too."""

    standing_of: Callable[[PartyIndex], Standing]
    party_of: Callable[[Address], PartyIndex]

    def may_take(self, pledgee: Pledgee) -> bool:
        bank = self._bank(pledgee)
        return bank is not None and bank.status is PartyStatus.ACTIVE and Role.BANK in bank.roles

    def acts_for(self, account: Address, pledgee: Pledgee) -> bool:
        bank, party = self._bank(pledgee), self.party_of(account)
        if bank is None or party == NO_PARTY:
            return False
        if party == bank.party:
            return True
        return party == bank.successor and Role.BANK in self.standing_of(party).roles

    def _bank(self, pledgee: Pledgee) -> Standing | None:
        bank = bank_of(pledgee)
        return None if bank == NO_PARTY else self.standing_of(bank)


def bank_of(pledgee: Pledgee) -> PartyIndex:
    """The bank that takes pledges under this name, or no party."""
    number = int(pledgee, 16)
    return PartyIndex(number) if number < 2**32 else NO_PARTY


def pledgee_of(bank: PartyIndex) -> Pledgee:
    """The name under which a bank takes pledges."""
    return Pledgee(f"0x{bank:064x}")


def called(pledgee: Pledgee) -> str:
    """The pledgee as a refusal names it: the bank, or the name that it has on the chain."""
    bank = bank_of(pledgee)
    return f"pledgee {pledgee}" if bank == NO_PARTY else f"party {bank}"


def propose_pledge(
    title: Title,
    proposal: Proposal,
    *,
    caller: Standing,
    gate: PledgeeGate,
    expected_seq: int,
    now: int,
) -> Title:
    """Who is entitled offers the title as security; it is bound once the pledgee accepts."""
    title.require_live(expected_seq)
    title.require_entitled(caller)
    caller.require_active("caller")
    title.require_free(now)
    if title.kind not in (TitleKind.ORDER, TitleKind.BLANK):
        raise KindForbidsPledge(f"a title of kind {title.kind.name} is not pledged", field="title")
    require_ahead(proposal.deadline, now)
    _require_fit(proposal.pledgee, gate)
    return title._replace(seq=title.seq + 1, offer=None, proposal=proposal)


def accept_pledge(
    title: Title, *, caller: Address, gate: PledgeeGate, expected_seq: int, now: int
) -> Title:
    """The pledgee takes the pledge: from now on the title goes nowhere without it."""
    proposal = _require_proposed(title, caller, gate, expected_seq)
    _require_fit(proposal.pledgee, gate)
    if now >= proposal.deadline:
        raise OfferExpired(
            f"the proposal's deadline {moment(proposal.deadline)} has passed", field="deadline"
        )
    return title._replace(seq=title.seq + 1, proposal=None, pledgee=proposal.pledgee)


def decline_pledge(title: Title, *, caller: Address, gate: PledgeeGate, expected_seq: int) -> Title:
    """The pledgee says no, in any standing."""
    _require_proposed(title, caller, gate, expected_seq)
    return title._replace(seq=title.seq + 1, proposal=None)


def consent(
    title: Title, *, caller: Address, gate: PledgeeGate, expected_seq: int, now: int
) -> Title:
    """The pledgee agrees to the offer that is open, and to no other; the pledge stays."""
    pledgee = _require_pledgee(title, caller, gate, expected_seq)
    _require_fit(pledgee, gate)
    offer = title.offer
    if offer is None or offer.enforced:
        raise NoOpenOffer("the possessor offers the title to nobody", field="title")
    if now >= offer.deadline:
        raise OfferExpired(
            f"the offer's deadline {moment(offer.deadline)} has passed", field="deadline"
        )
    if offer.consented:
        raise ConsentGiven("the pledgee has agreed to this offer already", field="title")
    return title._replace(seq=title.seq + 1, offer=replace(offer, consented=True))


def release_pledge(title: Title, *, caller: Address, gate: PledgeeGate, expected_seq: int) -> Title:
    """The pledge ends, in any standing of the pledgee. An offer of the possessor stays open; one
    that the pledgee enforced ends with its pledge."""
    _require_pledgee(title, caller, gate, expected_seq)
    offer = title.offer
    if offer is not None:
        offer = None if offer.enforced else replace(offer, consented=False)
    return title._replace(seq=title.seq + 1, offer=offer, pledgee=None)


def enforce_pledge(
    title: Title,
    *,
    caller: Address,
    gate: PledgeeGate,
    recipient: Standing,
    deadline: int,
    expected_seq: int,
    now: int,
) -> Title:
    """The pledgee offers all of the title in its possessor's place; the pledge ends with the
    recipient's acceptance. It replaces whatever was offered. The kind stays as it is."""
    pledgee = _require_pledgee(title, caller, gate, expected_seq)
    _require_fit(pledgee, gate)
    require_ahead(deadline, now)
    is_blank = title.kind is TitleKind.BLANK
    if recipient.party == title.possessor and (is_blank or recipient.party == title.titleholder):
        raise OfferToSelf("the title is the recipient's already", field="recipient")
    recipient.require_active("recipient")
    offer = Offer(recipient.party, _ALL_OF[title.kind], deadline, enforced=True)
    return title._replace(seq=title.seq + 1, offer=offer)


def _require_proposed(
    title: Title, caller: Address, gate: PledgeeGate, expected_seq: int
) -> Proposal:
    title.require_live(expected_seq)
    if title.proposal is None:
        raise NoPledgeProposed("no pledge of the title is proposed", field="title")
    _require_acting("the pledge is proposed to", title.proposal.pledgee, caller, gate)
    return title.proposal


def _require_pledgee(
    title: Title, caller: Address, gate: PledgeeGate, expected_seq: int
) -> Pledgee:
    title.require_live(expected_seq)
    if title.pledgee is None:
        raise NotPledged("the title is not pledged", field="title")
    _require_acting("the title is pledged to", title.pledgee, caller, gate)
    return title.pledgee


def _require_acting(did: str, pledgee: Pledgee, caller: Address, gate: PledgeeGate) -> None:
    if not gate.acts_for(caller, pledgee):
        raise NotThePledgee(f"{did} {called(pledgee)}, which alone may do this", field="caller")


def _require_fit(pledgee: Pledgee, gate: PledgeeGate) -> None:
    if not gate.may_take(pledgee):
        raise PledgeeUnfit(f"{called(pledgee)} can take and enforce no pledge", field="pledgee")
