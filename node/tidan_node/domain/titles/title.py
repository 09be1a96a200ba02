"""One title as it stands, and what acts on it ask of it."""

from __future__ import annotations

from typing import Final, NamedTuple

from tidan_node.domain.identifiers import Address, PartyIndex, Pledgee, TitleId
from tidan_node.domain.parties import Standing
from tidan_node.domain.reasons import AmendmentReason, told_reason
from tidan_node.domain.title_problems import (
    NoOpenOffer,
    NoSurrenderPending,
    NotTheIssuer,
    NotThePossessor,
    NotTheTitleholder,
    OfferAlreadyOpen,
    Pledged,
    StaleSeq,
    SurrenderedForAnother,
    TitleNotLive,
)
from tidan_node.domain.titles.terms import Offer, Proposal, TitleKind, TitleStatus

PLEDGE: Final = 8
ENFORCED: Final = 16
CONSENTED: Final = 32
"""Bits that the contract keeps beside those of what an offer moves."""

SURRENDERED: Final = (TitleStatus.PENDING_DELIVERY, TitleStatus.PENDING_AMENDMENT)


class Title(NamedTuple):
    """One title after `seq` acts. Each act is a function of this package that gives the title after
    it, or a Problem. Checks come in this order: seq, status, the caller's place in the title, the
    caller's standing, the rest.

    An offer or a proposal past its deadline stays until the next act, and counts as none. `gateway`
    is who the title is locked for, arrives by or has left by. One that was brought in has no
    possessor until it is accepted. `surrendered_for` is the number of the reason, while the title
    is PENDING_AMENDMENT.
    """

    title_id: TitleId
    issuer: PartyIndex
    possessor: PartyIndex
    titleholder: PartyIndex
    kind: TitleKind
    status: TitleStatus
    seq: int
    offer: Offer | None = None
    proposal: Proposal | None = None
    pledgee: Pledgee | None = None
    gateway: Address | None = None
    surrendered_for: int | None = None

    def has_open_offer(self, now: int) -> bool:
        """Whether somebody can still accept an offer, or a pledge that is proposed."""
        waiting = self.offer or self.proposal
        return waiting is not None and now < waiting.deadline

    def bits(self) -> int:
        """What is open, as the contract's record has it in one byte."""
        if self.proposal is not None:
            return PLEDGE
        if self.offer is None:
            return 0
        enforced = ENFORCED if self.offer.enforced else 0
        return int(self.offer.what) | enforced | (CONSENTED if self.offer.consented else 0)

    def require_seq(self, expected_seq: int) -> None:
        """Refuse an act of somebody who has seen another state of the title."""
        if expected_seq != self.seq:
            raise StaleSeq(
                f"title {self.title_id} is at seq {self.seq}, the request expects {expected_seq}",
                field="expectedSeq",
                actualSeq=self.seq,
            )

    def require_live(self, expected_seq: int) -> None:
        self.require_seq(expected_seq)
        if self.status is not TitleStatus.LIVE:
            raise self.not_live()

    def not_live(self) -> TitleNotLive:
        status = self.status.name
        return TitleNotLive(f"the title is {status}", field="title", actualStatus=status)

    def require_pending(self, expected_seq: int, *pending: TitleStatus) -> None:
        self.require_seq(expected_seq)
        if self.status not in pending:
            raise NoSurrenderPending(
                f"the title is {self.status.name}", field="title", actualStatus=self.status.name
            )

    def require_surrendered_for(self, *reasons: AmendmentReason) -> None:
        """Refuse an answer to what was not asked for. Who asked for something else has left it to
        the carrier how to answer; what has no name asks for nothing, and is only given back."""
        if self.surrendered_for in (*reasons, AmendmentReason.OTHER):
            return
        asked = told_reason(AmendmentReason, self.surrendered_for or 0)
        raise SurrenderedForAnother(
            f"the title was surrendered for {asked}", field="title", surrenderedFor=asked
        )

    def require_possessor(self, caller: Standing) -> None:
        if caller.party != self.possessor:
            raise NotThePossessor(f"{caller.called} does not possess the title", field="caller")

    def require_titleholder(self, caller: Standing) -> None:
        if caller.party != self.titleholder:
            raise NotTheTitleholder(f"the title is not made out to {caller.called}", field="caller")

    def require_entitled(self, caller: Standing) -> None:
        """The possessor to whom the title is made out; of a title in blank, the possessor."""
        self.require_possessor(caller)
        if self.kind is not TitleKind.BLANK:
            self.require_titleholder(caller)

    def require_carrier(self, caller: Standing, successor: PartyIndex) -> None:
        """The carrier that issued it; once that is revoked, the successor that was named."""
        if caller.party not in (self.issuer, successor):
            raise NotTheIssuer(
                f"{caller.called} did not issue the title, and is not its carrier's successor",
                field="caller",
            )

    def require_offer(self) -> Offer:
        if self.offer is None:
            raise NoOpenOffer("the title is offered to nobody", field="title")
        return self.offer

    def require_nothing_open(self, now: int) -> None:
        if not self.has_open_offer(now):
            return
        if self.offer is not None:
            to = f"the title is offered to party {self.offer.recipient}"
        else:
            to = "a pledge of the title is proposed"
        raise OfferAlreadyOpen(to, field="title")

    def require_unpledged(self) -> None:
        if self.pledgee is not None:
            raise Pledged("the title is pledged", field="title")

    def require_free(self, now: int) -> None:
        """Neither offered nor pledged."""
        self.require_nothing_open(now)
        self.require_unpledged()
