"""The rules of a title, one sentence a test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tidan_node.domain.identifiers import NO_PARTY, ContentRoot, PartyIndex, SeriesId, TitleId
from tidan_node.domain.parties import PartyNotActive, PartyStatus, Role, RoleMissing, Standing
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
from tidan_node.domain.titles import Issuance, Offer, Offered, Title, TitleKind, TitleStatus

NOW = 1_700_000_000
LATER = NOW + 3600
BOTH = Offered.POSSESSION | Offered.TITLE


def standing(
    index: int, roles: Role = Role.TRADER, status: PartyStatus = PartyStatus.ACTIVE
) -> Standing:
    return Standing(PartyIndex(index), roles, status)


CARRIER = standing(1, Role.CARRIER)
SHIPPER = standing(2)
BUYER = standing(3)
STRANGER = standing(4)


def suspended(party: Standing) -> Standing:
    return replace(party, status=PartyStatus.SUSPENDED)


def revoked(party: Standing) -> Standing:
    return replace(party, status=PartyStatus.REVOKED)


def issuance(kind: TitleKind = TitleKind.ORDER, titleholder: PartyIndex | None = None) -> Issuance:
    named = NO_PARTY if kind is TitleKind.BLANK else SHIPPER.party
    return Issuance(
        title_id=TitleId("0x" + "11" * 32),
        series=SeriesId("0x" + "22" * 32),
        content_root=ContentRoot("0x" + "33" * 32),
        possessor=SHIPPER.party,
        titleholder=named if titleholder is None else titleholder,
        kind=kind,
        schema=1,
        version=1,
    )


def issued(kind: TitleKind = TitleKind.ORDER) -> Title:
    return Title.issue(
        issuance(kind),
        carrier=CARRIER,
        possessor=SHIPPER,
        titleholder=None if kind is TitleKind.BLANK else SHIPPER,
        id_taken=False,
        series_taken=False,
    )


def offered(title: Title, what: Offered = BOTH, deadline: int = LATER) -> Title:
    return title.make_offer(
        Offer(BUYER.party, what, deadline),
        caller=SHIPPER,
        recipient=BUYER,
        expected_seq=title.seq,
        now=NOW,
    )


class TestIssue:
    def test_a_new_title_is_live_at_seq_one(self) -> None:
        title = issued()
        assert (title.status, title.seq, title.possessor) == (TitleStatus.LIVE, 1, SHIPPER.party)

    def test_only_a_carrier_issues(self) -> None:
        with pytest.raises(RoleMissing):
            Title.issue(
                issuance(),
                carrier=SHIPPER,
                possessor=SHIPPER,
                titleholder=SHIPPER,
                id_taken=False,
                series_taken=False,
            )

    @pytest.mark.parametrize("who", ["carrier", "possessor", "titleholder"])
    def test_every_party_named_must_be_active(self, who: str) -> None:
        parties = {"carrier": CARRIER, "possessor": SHIPPER, "titleholder": SHIPPER}
        parties[who] = suspended(parties[who])
        with pytest.raises(PartyNotActive):
            Title.issue(issuance(), id_taken=False, series_taken=False, **parties)

    def test_a_number_is_issued_once(self) -> None:
        with pytest.raises(AlreadyIssued):
            Title.issue(
                issuance(),
                carrier=CARRIER,
                possessor=SHIPPER,
                titleholder=SHIPPER,
                id_taken=True,
                series_taken=True,
            )

    def test_a_series_has_one_title(self) -> None:
        with pytest.raises(SeriesAlreadyUsed):
            Title.issue(
                issuance(),
                carrier=CARRIER,
                possessor=SHIPPER,
                titleholder=SHIPPER,
                id_taken=False,
                series_taken=True,
            )

    def test_a_blank_title_names_no_titleholder(self) -> None:
        with pytest.raises(BlankHasNoTitleholder):
            Title.issue(
                issuance(TitleKind.BLANK, SHIPPER.party),
                carrier=CARRIER,
                possessor=SHIPPER,
                titleholder=SHIPPER,
                id_taken=False,
                series_taken=False,
            )

    @pytest.mark.parametrize("kind", [k for k in TitleKind if k is not TitleKind.BLANK])
    def test_every_other_kind_names_one(self, kind: TitleKind) -> None:
        with pytest.raises(KindNeedsTitleholder):
            Title.issue(
                issuance(kind, NO_PARTY),
                carrier=CARRIER,
                possessor=SHIPPER,
                titleholder=None,
                id_taken=False,
                series_taken=False,
            )


class TestOffer:
    def test_an_offer_moves_nothing_yet(self) -> None:
        title = offered(issued())
        assert (title.possessor, title.titleholder) == (SHIPPER.party, SHIPPER.party)
        assert title.offer == Offer(BUYER.party, BOTH, LATER)
        assert title.seq == 2

    def test_only_the_possessor_offers(self) -> None:
        with pytest.raises(NotThePossessor):
            issued().make_offer(
                Offer(BUYER.party, BOTH, LATER),
                caller=STRANGER,
                recipient=BUYER,
                expected_seq=1,
                now=NOW,
            )

    def test_a_suspended_possessor_does_not_offer(self) -> None:
        with pytest.raises(PartyNotActive):
            issued().make_offer(
                Offer(BUYER.party, BOTH, LATER),
                caller=suspended(SHIPPER),
                recipient=BUYER,
                expected_seq=1,
                now=NOW,
            )

    def test_a_suspended_party_is_offered_nothing(self) -> None:
        with pytest.raises(PartyNotActive):
            issued().make_offer(
                Offer(BUYER.party, BOTH, LATER),
                caller=SHIPPER,
                recipient=suspended(BUYER),
                expected_seq=1,
                now=NOW,
            )

    def test_there_is_one_open_offer_at_a_time(self) -> None:
        with pytest.raises(OfferAlreadyOpen):
            offered(offered(issued()))

    def test_an_offer_past_its_deadline_is_replaced(self) -> None:
        title = offered(issued(), deadline=NOW + 1)
        again = title.make_offer(
            Offer(STRANGER.party, BOTH, NOW + 100),
            caller=SHIPPER,
            recipient=STRANGER,
            expected_seq=2,
            now=NOW + 1,
        )
        assert again.offer == Offer(STRANGER.party, BOTH, NOW + 100)

    def test_the_deadline_lies_ahead(self) -> None:
        with pytest.raises(DeadlineInThePast):
            offered(issued(), deadline=NOW)

    def test_nobody_offers_to_itself(self) -> None:
        with pytest.raises(OfferToSelf):
            issued().make_offer(
                Offer(SHIPPER.party, BOTH, LATER),
                caller=SHIPPER,
                recipient=SHIPPER,
                expected_seq=1,
                now=NOW,
            )

    @pytest.mark.parametrize("what", [Offered(0), Offered(4)])
    def test_an_offer_moves_something_known(self, what: Offered) -> None:
        with pytest.raises(NothingOffered):
            offered(issued(), what)

    @pytest.mark.parametrize("kind", [TitleKind.STRAIGHT, TitleKind.ORDER_FINAL, TitleKind.BLANK])
    def test_only_a_title_to_order_changes_its_titleholder(self, kind: TitleKind) -> None:
        with pytest.raises(KindForbidsTransfer):
            offered(issued(kind), BOTH)

    def test_who_is_not_titleholder_offers_possession_alone(self) -> None:
        title = replace(issued(), titleholder=STRANGER.party)
        with pytest.raises(NotTheTitleholder):
            offered(title, BOTH)
        assert offered(title, Offered.POSSESSION).offer is not None

    def test_a_stale_seq_changes_nothing_and_says_the_actual_one(self) -> None:
        with pytest.raises(StaleSeq) as refused:
            issued().make_offer(
                Offer(BUYER.party, BOTH, LATER),
                caller=SHIPPER,
                recipient=BUYER,
                expected_seq=9,
                now=NOW,
            )
        assert refused.value.field == "expectedSeq"
        assert refused.value.extra == {"actualSeq": 1}


class TestWithdraw:
    def test_the_possessor_takes_its_offer_back(self) -> None:
        title = offered(issued()).withdraw(caller=SHIPPER, expected_seq=2)
        assert (title.offer, title.seq, title.possessor) == (None, 3, SHIPPER.party)

    def test_nobody_else_does(self) -> None:
        with pytest.raises(NotThePossessor):
            offered(issued()).withdraw(caller=BUYER, expected_seq=2)

    def test_without_an_offer_there_is_nothing_to_withdraw(self) -> None:
        with pytest.raises(NoOpenOffer):
            issued().withdraw(caller=SHIPPER, expected_seq=1)


class TestAccept:
    def test_control_moves_in_this_act(self) -> None:
        title = offered(issued()).accept(caller=BUYER, expected_seq=2, now=NOW)
        assert (title.possessor, title.titleholder) == (BUYER.party, BUYER.party)
        assert title.offer is None

    def test_possession_alone_leaves_the_titleholder(self) -> None:
        title = offered(issued(), Offered.POSSESSION).accept(caller=BUYER, expected_seq=2, now=NOW)
        assert (title.possessor, title.titleholder) == (BUYER.party, SHIPPER.party)

    def test_the_title_alone_leaves_the_possessor(self) -> None:
        title = offered(issued(), Offered.TITLE).accept(caller=BUYER, expected_seq=2, now=NOW)
        assert (title.possessor, title.titleholder) == (SHIPPER.party, BUYER.party)

    def test_only_the_offeree_accepts(self) -> None:
        with pytest.raises(NotTheOfferee):
            offered(issued()).accept(caller=STRANGER, expected_seq=2, now=NOW)

    def test_not_at_its_deadline_or_after(self) -> None:
        with pytest.raises(OfferExpired):
            offered(issued()).accept(caller=BUYER, expected_seq=2, now=LATER)

    def test_a_suspended_offeree_does_not_accept(self) -> None:
        with pytest.raises(PartyNotActive):
            offered(issued()).accept(caller=suspended(BUYER), expected_seq=2, now=NOW)


class TestDecline:
    def test_a_suspended_offeree_may_decline(self) -> None:
        title = offered(issued()).decline(caller=suspended(BUYER), expected_seq=2)
        assert (title.offer, title.possessor) == (None, SHIPPER.party)

    def test_a_revoked_one_may_not(self) -> None:
        with pytest.raises(PartyNotActive):
            offered(issued()).decline(caller=revoked(BUYER), expected_seq=2)


class TestSurrender:
    def pending(self, title: Title | None = None) -> Title:
        start = title or issued()
        return start.surrender_for_delivery(caller=SHIPPER, expected_seq=start.seq, now=NOW)

    def test_the_possessor_and_titleholder_surrenders(self) -> None:
        assert self.pending().status is TitleStatus.PENDING_DELIVERY

    def test_a_suspended_holder_may_surrender(self) -> None:
        title = issued().surrender_for_delivery(caller=suspended(SHIPPER), expected_seq=1, now=NOW)
        assert title.status is TitleStatus.PENDING_DELIVERY

    def test_possession_alone_does_not_entitle_to_the_cargo(self) -> None:
        with pytest.raises(NotTheTitleholder):
            self.pending(replace(issued(), titleholder=STRANGER.party))

    def test_possession_alone_entitles_where_the_title_is_in_blank(self) -> None:
        assert self.pending(issued(TitleKind.BLANK)).status is TitleStatus.PENDING_DELIVERY

    def test_not_while_it_is_on_offer(self) -> None:
        with pytest.raises(OfferAlreadyOpen):
            self.pending(offered(issued()))

    def test_a_surrendered_title_cannot_be_offered(self) -> None:
        with pytest.raises(TitleNotLive):
            offered(self.pending())

    def test_the_carrier_delivers(self) -> None:
        title = self.pending().accept_surrender(caller=CARRIER, expected_seq=2)
        assert (title.status, title.seq) == (TitleStatus.DELIVERED, 3)

    def test_the_carrier_refuses_and_all_is_as_before(self) -> None:
        title = self.pending().reject_surrender(caller=CARRIER, expected_seq=2)
        assert title == replace(issued(), seq=3)

    def test_nobody_but_the_issuer_answers(self) -> None:
        other_carrier = standing(9, Role.CARRIER)
        with pytest.raises(NotTheIssuer):
            self.pending().accept_surrender(caller=other_carrier, expected_seq=2)

    def test_a_delivered_title_stays_delivered(self) -> None:
        title = self.pending().accept_surrender(caller=CARRIER, expected_seq=2)
        with pytest.raises(NoSurrenderPending):
            title.accept_surrender(caller=CARRIER, expected_seq=3)
        with pytest.raises(TitleNotLive):
            title.surrender_for_delivery(caller=SHIPPER, expected_seq=3, now=NOW)
