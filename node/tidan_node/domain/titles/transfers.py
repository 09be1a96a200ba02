"""How control moves: offered by who has it, and moved by the act of who takes it over."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import NO_PARTY
from tidan_node.domain.parties import Standing
from tidan_node.domain.title_problems import (
    ConsentMissing,
    DeadlineInThePast,
    FinalWithoutTitle,
    KindForbidsTransfer,
    NoOpenOffer,
    NothingOffered,
    NotTheOfferee,
    OfferEnforced,
    OfferExpired,
    OfferToSelf,
)
from tidan_node.domain.titles.terms import Offer, Offered, TitleKind, TitleStatus
from tidan_node.domain.titles.title import Title

_PASSED_ON: Final = (TitleKind.ORDER, TitleKind.BLANK)


def make_offer(
    title: Title,
    offer: Offer,
    *,
    caller: Standing,
    recipient: Standing,
    expected_seq: int,
    now: int,
) -> Title:
    """The possessor offers possession, or the title to it where it can pass that on too. To give
    the title to whom it is made out is its way out of a membership that is no more."""
    title.require_live(expected_seq)
    title.require_possessor(caller)
    handed_over = _is_handed_over(title, offer)
    if not handed_over:
        caller.require_active("caller")
    title.require_nothing_open(now)
    require_offerable(offer.what)
    require_ahead(offer.deadline, now)
    if offer.recipient == caller.party:
        raise OfferToSelf("a title cannot be offered to who holds it", field="recipient")
    if Offered.TITLE in offer.what:
        if title.kind not in _PASSED_ON:
            raise KindForbidsTransfer(
                f"the titleholder of a title of kind {title.kind.name} does not change",
                field="what",
            )
        if title.kind is TitleKind.ORDER:
            title.require_titleholder(caller)
    if not handed_over:
        recipient.require_active("recipient")
    return title._replace(
        seq=title.seq + 1,
        offer=replace(offer, consented=False, enforced=False),
        proposal=None,
    )


def withdraw(title: Title, *, caller: Standing, expected_seq: int) -> Title:
    """The possessor takes its offer back, or the pledge that it proposed, in any standing. What
    the pledgee has offered it cannot take back."""
    title.require_live(expected_seq)
    if title.offer is None and title.proposal is None:
        raise NoOpenOffer("the title is offered to nobody", field="title")
    title.require_possessor(caller)
    if title.offer is not None and title.offer.enforced:
        raise OfferEnforced("the pledgee enforces its pledge", field="title")
    return title._replace(seq=title.seq + 1, offer=None, proposal=None)


def accept(title: Title, *, caller: Standing, expected_seq: int, now: int) -> Title:
    """Control moves now, to the offeree, in this one act. Who takes its own title home, does so in
    any standing: its possession is its way to a surrender."""
    offer = _require_offeree(title, caller, expected_seq)
    if title.status is not TitleStatus.LIVE or not _is_handed_over(title, offer):
        caller.require_active("caller")
    if now >= offer.deadline:
        raise OfferExpired(
            f"the offer's deadline {moment(offer.deadline)} has passed", field="deadline"
        )
    if title.pledgee is not None and not (offer.consented or offer.enforced):
        raise ConsentMissing("the title is pledged, and its pledgee has not agreed", field="title")
    takes_possession = Offered.POSSESSION in offer.what
    takes_title = Offered.TITLE in offer.what
    return title._replace(
        seq=title.seq + 1,
        status=TitleStatus.LIVE,
        offer=None,
        possessor=offer.recipient if takes_possession else title.possessor,
        titleholder=offer.recipient if takes_title else title.titleholder,
        kind=_kind_after(title, offer),
        pledgee=None if offer.enforced else title.pledgee,
        gateway=None,
    )


def decline(title: Title, *, caller: Standing, expected_seq: int) -> Title:
    """The offeree says no, in any standing; nothing moves. A title that a gateway brought in goes
    back to where it came from."""
    _require_offeree(title, caller, expected_seq)
    brought_in = title.status is TitleStatus.IN_TRANSIT
    return title._replace(
        seq=title.seq + 1,
        status=TitleStatus.EXPORTED if brought_in else title.status,
        offer=None,
    )


def require_offerable(what: Offered) -> None:
    """Possession, the title, or both; a last titleholder is one that takes the title over."""
    if not 0 < what <= Offered.POSSESSION | Offered.TITLE | Offered.FINAL:
        raise NothingOffered("offer possession, title or both", field="what")
    if Offered.FINAL in what and Offered.TITLE not in what:
        raise FinalWithoutTitle("only with the title is one its last titleholder", field="what")


def require_ahead(deadline: int, now: int) -> None:
    if deadline <= now:
        raise DeadlineInThePast(
            f"the deadline {moment(deadline)} must lie ahead of the chain's time, {moment(now)}",
            field="deadline",
        )


def _require_offeree(title: Title, caller: Standing, expected_seq: int) -> Offer:
    title.require_seq(expected_seq)
    brought_in = title.status is TitleStatus.IN_TRANSIT and title.offer is not None
    if title.status is not TitleStatus.LIVE and not brought_in:
        raise title.not_live()
    offer = title.require_offer()
    if caller.party != offer.recipient:
        raise NotTheOfferee(f"the offer is not made to {caller.called}", field="caller")
    return offer


def _is_handed_over(title: Title, offer: Offer) -> bool:
    """Possession alone, to the titleholder: of a title in blank there is none."""
    alone = offer.what == Offered.POSSESSION and not offer.enforced
    return alone and offer.recipient == title.titleholder != NO_PARTY


def _kind_after(title: Title, offer: Offer) -> TitleKind:
    """Who takes the title gets one to its order, or to its order alone."""
    if Offered.TITLE not in offer.what:
        return title.kind
    return TitleKind.ORDER_FINAL if Offered.FINAL in offer.what else TitleKind.ORDER
