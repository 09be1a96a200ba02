"""How control of a title moves, and how it ends: one sentence a test."""

from __future__ import annotations

import pytest

from tests.domain.cast import (
    BUYER,
    CARRIER,
    LATER,
    NOW,
    SHIPPER,
    STRANGER,
    issued,
    offered,
    revoked,
    standing,
    suspended,
)
from tidan_node.domain.parties import PartyNotActive, Role
from tidan_node.domain.title_problems import (
    NoOpenOffer,
    NoSurrenderPending,
    NotTheIssuer,
    NotTheOfferee,
    NotThePossessor,
    NotTheTitleholder,
    OfferAlreadyOpen,
    OfferExpired,
    TitleNotLive,
)
from tidan_node.domain.titles import Offered, Title, TitleKind, TitleStatus, surrenders, transfers


class TestWithdraw:
    def test_the_possessor_takes_its_offer_back(self) -> None:
        title = transfers.withdraw(offered(issued()), caller=SHIPPER, expected_seq=2)
        assert (title.offer, title.seq, title.possessor) == (None, 3, SHIPPER.party)

    def test_nobody_else_does(self) -> None:
        with pytest.raises(NotThePossessor):
            transfers.withdraw(offered(issued()), caller=BUYER, expected_seq=2)

    def test_without_an_offer_there_is_nothing_to_withdraw(self) -> None:
        with pytest.raises(NoOpenOffer):
            transfers.withdraw(issued(), caller=SHIPPER, expected_seq=1)


class TestAccept:
    def test_control_moves_in_this_act(self) -> None:
        title = transfers.accept(offered(issued()), caller=BUYER, expected_seq=2, now=NOW)
        assert (title.possessor, title.titleholder) == (BUYER.party, BUYER.party)
        assert title.offer is None

    def test_possession_alone_leaves_the_titleholder(self) -> None:
        title = transfers.accept(
            offered(issued(), Offered.POSSESSION), caller=BUYER, expected_seq=2, now=NOW
        )
        assert (title.possessor, title.titleholder) == (BUYER.party, SHIPPER.party)

    def test_the_title_alone_leaves_the_possessor(self) -> None:
        title = transfers.accept(
            offered(issued(), Offered.TITLE), caller=BUYER, expected_seq=2, now=NOW
        )
        assert (title.possessor, title.titleholder) == (SHIPPER.party, BUYER.party)

    def test_only_the_offeree_accepts(self) -> None:
        with pytest.raises(NotTheOfferee):
            transfers.accept(offered(issued()), caller=STRANGER, expected_seq=2, now=NOW)

    def test_not_at_its_deadline_or_after(self) -> None:
        with pytest.raises(OfferExpired):
            transfers.accept(offered(issued()), caller=BUYER, expected_seq=2, now=LATER)

    def test_a_suspended_offeree_does_not_accept(self) -> None:
        with pytest.raises(PartyNotActive):
            transfers.accept(offered(issued()), caller=suspended(BUYER), expected_seq=2, now=NOW)


class TestDecline:
    def test_a_suspended_offeree_may_decline(self) -> None:
        title = transfers.decline(offered(issued()), caller=suspended(BUYER), expected_seq=2)
        assert (title.offer, title.possessor) == (None, SHIPPER.party)

    def test_a_revoked_one_may_as_well(self) -> None:
        title = transfers.decline(offered(issued()), caller=revoked(BUYER), expected_seq=2)
        assert (title.offer, title.possessor) == (None, SHIPPER.party)


class TestSurrender:
    def pending(self, title: Title | None = None) -> Title:
        start = title or issued()
        return surrenders.surrender_for_delivery(
            start, caller=SHIPPER, expected_seq=start.seq, now=NOW
        )

    def test_the_possessor_and_titleholder_surrenders(self) -> None:
        assert self.pending().status is TitleStatus.PENDING_DELIVERY

    def test_a_suspended_holder_may_surrender(self) -> None:
        title = surrenders.surrender_for_delivery(
            issued(), caller=suspended(SHIPPER), expected_seq=1, now=NOW
        )
        assert title.status is TitleStatus.PENDING_DELIVERY

    def test_possession_alone_does_not_entitle_to_the_cargo(self) -> None:
        with pytest.raises(NotTheTitleholder):
            self.pending(issued()._replace(titleholder=STRANGER.party))

    def test_possession_alone_entitles_where_the_title_is_in_blank(self) -> None:
        assert self.pending(issued(TitleKind.BLANK)).status is TitleStatus.PENDING_DELIVERY

    def test_not_while_it_is_on_offer(self) -> None:
        with pytest.raises(OfferAlreadyOpen):
            self.pending(offered(issued()))

    def test_a_surrendered_title_cannot_be_offered(self) -> None:
        with pytest.raises(TitleNotLive) as refused:
            offered(self.pending())
        assert refused.value.extra == {"actualStatus": "PENDING_DELIVERY"}

    def test_the_carrier_delivers(self) -> None:
        title = surrenders.accept_surrender(self.pending(), caller=CARRIER, expected_seq=2)
        assert (title.status, title.seq) == (TitleStatus.DELIVERED, 3)

    def test_the_carrier_refuses_and_all_is_as_before(self) -> None:
        title = surrenders.reject_surrender(self.pending(), caller=CARRIER, expected_seq=2)
        assert title == issued()._replace(seq=3)

    def test_nobody_but_the_issuer_answers(self) -> None:
        other_carrier = standing(9, Role.CARRIER)
        with pytest.raises(NotTheIssuer):
            surrenders.accept_surrender(self.pending(), caller=other_carrier, expected_seq=2)

    def test_the_successor_of_a_revoked_carrier_answers_in_its_place(self) -> None:
        successor = standing(9, Role.CARRIER)
        pending = self.pending()
        delivered = surrenders.accept_surrender(
            pending, caller=successor, expected_seq=2, successor=successor.party
        )
        refused = surrenders.reject_surrender(
            pending, caller=successor, expected_seq=2, successor=successor.party
        )
        assert (delivered.status, refused.status) == (TitleStatus.DELIVERED, TitleStatus.LIVE)

    def test_a_suspended_successor_does_not_answer(self) -> None:
        successor = suspended(standing(9, Role.CARRIER))
        with pytest.raises(PartyNotActive):
            surrenders.accept_surrender(
                self.pending(), caller=successor, expected_seq=2, successor=successor.party
            )

    def test_a_delivered_title_stays_delivered(self) -> None:
        title = surrenders.accept_surrender(self.pending(), caller=CARRIER, expected_seq=2)
        with pytest.raises(NoSurrenderPending) as refused:
            surrenders.accept_surrender(title, caller=CARRIER, expected_seq=3)
        assert refused.value.extra == {"actualStatus": "DELIVERED"}
        with pytest.raises(TitleNotLive):
            surrenders.surrender_for_delivery(title, caller=SHIPPER, expected_seq=3, now=NOW)
