"""The rules of a title (e-B/L): who may do what with it, and when. The contract keeps the same."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import NO_PARTY, ContentRoot, PartyIndex, SeriesId, TitleId
from tidan_node.domain.parties import Role, Standing
from tidan_node.domain.title_problems import (
    AlreadyIssued,
    BlankHasNoTitleholder,
    DeadlineInThePast,
    KindForbidsTransfer,
    KindNeedsTitleholder,
    NoOpenOffer,
    NoSurrenderPending,
    NothingOffered,
    NotTheIssuer,
    NotTheOfferee,
    NotThePossessor,
    NotTheTitleholder,
    OfferAlreadyOpen,
    OfferExpired,
    OfferToSelf,
    SeriesAlreadyUsed,
    StaleSeq,
    TitleNotLive,
)


class TitleStatus(enum.IntEnum):
    """The states of a title, numbered as in TitleRegistry."""

    NONE = 0
    LIVE = 1
    PENDING_DELIVERY = 2
    PENDING_AMENDMENT = 3
    DELIVERED = 4
    VOIDED = 5
    PAPER = 6
    IN_TRANSIT = 7
    EXPORTED = 8


class TitleKind(enum.IntEnum):
    """Who may take a title over, and how; numbered as in TitleRegistry."""

    STRAIGHT = 0
    ORDER = 1
    ORDER_FINAL = 2
    BLANK = 3


class Offered(enum.IntFlag):
    """What an offer moves once it is accepted."""

    POSSESSION = 1
    TITLE = 2


@dataclass(frozen=True, slots=True)
class Issuance:
    """What a carrier states when it issues a title."""

    title_id: TitleId
    series: SeriesId
    content_root: ContentRoot
    possessor: PartyIndex
    titleholder: PartyIndex
    kind: TitleKind
    schema: int
    version: int


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer that waits for its recipient's word until its deadline (seconds, chain time)."""

    recipient: PartyIndex
    what: Offered
    deadline: int


@dataclass(frozen=True, slots=True)
class Title:
    """One title as it stands after `seq` acts. Each act gives the title after it, or a Problem."""

    title_id: TitleId
    issuer: PartyIndex
    possessor: PartyIndex
    titleholder: PartyIndex
    kind: TitleKind
    status: TitleStatus
    seq: int
    offer: Offer | None = None

    @classmethod
    def issue(
        cls,
        issuance: Issuance,
        *,
        carrier: Standing,
        possessor: Standing,
        titleholder: Standing | None,
        id_taken: bool,
        series_taken: bool,
    ) -> Title:
        """A new title, held by an active party, in a series that has none."""
        carrier.require_active("caller")
        carrier.require_role(Role.CARRIER, "caller")
        if id_taken:
            raise AlreadyIssued(
                "this number and sub-reference were issued before, and can never be again",
                field="title",
            )
        if series_taken:
            raise SeriesAlreadyUsed("a title of this B/L number exists already", field="series")
        possessor.require_active("possessor")
        if issuance.kind is TitleKind.BLANK:
            if titleholder is not None:
                raise BlankHasNoTitleholder(
                    "a title in blank is made out to nobody", field="titleholder"
                )
        elif titleholder is None:
            raise KindNeedsTitleholder(
                f"a title of kind {issuance.kind.name} is made out to somebody:"
                " name its titleholder",
                field="titleholder",
            )
        else:
            titleholder.require_active("titleholder")
        return cls(
            title_id=issuance.title_id,
            issuer=carrier.party,
            possessor=issuance.possessor,
            titleholder=issuance.titleholder,
            kind=issuance.kind,
            status=TitleStatus.LIVE,
            seq=1,
        )

    def make_offer(
        self, offer: Offer, *, caller: Standing, recipient: Standing, expected_seq: int, now: int
    ) -> Title:
        """The possessor offers possession, or the title to it where it holds that too."""
        self._require_seq(expected_seq)
        self._require_live()
        self._require_possessor(caller)
        caller.require_active("caller")
        self._require_no_open_offer(now)
        if not 1 <= offer.what <= (Offered.POSSESSION | Offered.TITLE):
            raise NothingOffered("offer possession, title or both", field="what")
        if offer.deadline <= now:
            raise DeadlineInThePast(
                f"the deadline {moment(offer.deadline)} must lie ahead of the chain's time,"
                f" {moment(now)}",
                field="deadline",
            )
        if offer.recipient == caller.party:
            raise OfferToSelf("a title cannot be offered to who holds it", field="recipient")
        if Offered.TITLE in offer.what:
            if self.kind is not TitleKind.ORDER:
                raise KindForbidsTransfer(
                    f"the titleholder of a {self.kind.name} title does not change", field="what"
                )
            self._require_titleholder(caller)
        recipient.require_active("recipient")
        return replace(self, seq=self.seq + 1, offer=offer)

    def withdraw(self, *, caller: Standing, expected_seq: int) -> Title:
        """The possessor takes its offer back before it is accepted."""
        self._require_seq(expected_seq)
        self._require_live()
        self._require_offer()
        self._require_possessor(caller)
        caller.require_not_revoked("caller")
        return replace(self, seq=self.seq + 1, offer=None)

    def accept(self, *, caller: Standing, expected_seq: int, now: int) -> Title:
        """Control moves now, to the offeree, in this one act."""
        self._require_seq(expected_seq)
        self._require_live()
        offer = self._require_offeree(caller)
        caller.require_active("caller")
        if now >= offer.deadline:
            raise OfferExpired(
                f"the offer's deadline {moment(offer.deadline)} has passed", field="deadline"
            )
        takes_possession = Offered.POSSESSION in offer.what
        takes_title = Offered.TITLE in offer.what
        return replace(
            self,
            seq=self.seq + 1,
            offer=None,
            possessor=offer.recipient if takes_possession else self.possessor,
            titleholder=offer.recipient if takes_title else self.titleholder,
        )

    def decline(self, *, caller: Standing, expected_seq: int) -> Title:
        """The offeree says no; nothing moves."""
        self._require_seq(expected_seq)
        self._require_live()
        self._require_offeree(caller)
        caller.require_not_revoked("caller")
        return replace(self, seq=self.seq + 1, offer=None)

    def surrender_for_delivery(self, *, caller: Standing, expected_seq: int, now: int) -> Title:
        """Who is entitled gives the title back to its carrier against the cargo."""
        self._require_seq(expected_seq)
        self._require_live()
        self._require_possessor(caller)
        if self.kind is not TitleKind.BLANK:
            self._require_titleholder(caller)
        caller.require_not_revoked("caller")
        self._require_no_open_offer(now)
        return replace(self, seq=self.seq + 1, status=TitleStatus.PENDING_DELIVERY, offer=None)

    def accept_surrender(
        self, *, caller: Standing, expected_seq: int, successor: PartyIndex = NO_PARTY
    ) -> Title:
        """The carrier takes the title in; it is delivered and ends. For a revoked carrier its
        successor does, if one is named."""
        self._require_surrender_pending(caller, expected_seq, successor)
        return replace(self, seq=self.seq + 1, status=TitleStatus.DELIVERED)

    def reject_surrender(
        self, *, caller: Standing, expected_seq: int, successor: PartyIndex = NO_PARTY
    ) -> Title:
        """The carrier, or its successor, refuses; the title is as before it was surrendered."""
        self._require_surrender_pending(caller, expected_seq, successor)
        return replace(self, seq=self.seq + 1, status=TitleStatus.LIVE)

    def has_open_offer(self, now: int) -> bool:
        return self.offer is not None and now < self.offer.deadline

    def _require_seq(self, expected_seq: int) -> None:
        if expected_seq != self.seq:
            raise StaleSeq(
                f"the title is at seq {self.seq}, the request expects {expected_seq}",
                field="expectedSeq",
                actualSeq=self.seq,
            )

    def _require_live(self) -> None:
        if self.status is not TitleStatus.LIVE:
            raise TitleNotLive(f"the title is {self.status.name}", field="title")

    def _require_possessor(self, caller: Standing) -> None:
        if caller.party != self.possessor:
            raise NotThePossessor(f"{caller.called} does not possess the title", field="caller")

    def _require_titleholder(self, caller: Standing) -> None:
        if caller.party != self.titleholder:
            raise NotTheTitleholder(f"the title is not made out to {caller.called}", field="caller")

    def _require_offer(self) -> Offer:
        if self.offer is None:
            raise NoOpenOffer("the title is offered to nobody", field="title")
        return self.offer

    def _require_offeree(self, caller: Standing) -> Offer:
        offer = self._require_offer()
        if caller.party != offer.recipient:
            raise NotTheOfferee(f"the offer is not made to {caller.called}", field="caller")
        return offer

    def _require_no_open_offer(self, now: int) -> None:
        if self.offer is not None and self.has_open_offer(now):
            raise OfferAlreadyOpen(
                f"the title is offered to party {self.offer.recipient}", field="title"
            )

    def _require_surrender_pending(
        self, caller: Standing, expected_seq: int, successor: PartyIndex
    ) -> None:
        self._require_seq(expected_seq)
        if self.status is not TitleStatus.PENDING_DELIVERY:
            raise NoSurrenderPending(f"the title is {self.status.name}", field="title")
        if caller.party not in (self.issuer, successor):
            raise NotTheIssuer(
                f"{caller.called} did not issue the title, and is not its carrier's successor",
                field="caller",
            )
        caller.require_active("caller")
