"""Issue and offer: who may, of what, to whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.domain.cast import (
    BOTH,
    BUYER,
    CARRIER,
    LATER,
    NOW,
    SHIPPER,
    STRANGER,
    issuance,
    issued,
    offered,
    suspended,
)
from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import NO_PARTY
from tidan_node.domain.parties import PartyNotActive, RoleMissing
from tidan_node.domain.title_problems import (
    AlreadyIssued,
    BlankHasNoTitleholder,
    DeadlineInThePast,
    KindForbidsTransfer,
    KindNeedsTitleholder,
    NothingOffered,
    NotThePossessor,
    NotTheTitleholder,
    OfferAlreadyOpen,
    OfferToSelf,
    SeriesAlreadyUsed,
    StaleSeq,
)
from tidan_node.domain.titles import Offer, Offered, TitleKind, TitleStatus, transfers
from tidan_node.domain.titles.issues import issue


class TestIssue:
    def test_a_new_title_is_live_at_seq_one(self) -> None:
        title = issued()
        assert (title.status, title.seq, title.possessor) == (TitleStatus.LIVE, 1, SHIPPER.party)

    def test_only_a_carrier_issues(self) -> None:
        with pytest.raises(RoleMissing):
            issue(
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
            issue(issuance(), id_taken=False, series_taken=False, **parties)

    def test_a_number_is_issued_once(self) -> None:
        with pytest.raises(AlreadyIssued):
            issue(
                issuance(),
                carrier=CARRIER,
                possessor=SHIPPER,
                titleholder=SHIPPER,
                id_taken=True,
                series_taken=True,
            )

    def test_a_series_has_one_title(self) -> None:
        with pytest.raises(SeriesAlreadyUsed):
            issue(
                issuance(),
                carrier=CARRIER,
                possessor=SHIPPER,
                titleholder=SHIPPER,
                id_taken=False,
                series_taken=True,
            )

    def test_a_blank_title_names_no_titleholder(self) -> None:
        with pytest.raises(BlankHasNoTitleholder):
            issue(
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
            issue(
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

    def test_a_refusal_names_whom_it_is_about(self) -> None:
        named = replace(STRANGER, name="Elbe Demo Imports")
        offer = Offer(BUYER.party, BOTH, LATER)

        with pytest.raises(NotThePossessor) as refused:
            transfers.make_offer(
                issued(), offer, caller=named, recipient=BUYER, expected_seq=1, now=NOW
            )

        assert refused.value.detail == (
            f"party {named.party} (Elbe Demo Imports) does not possess the title"
        )

    def test_only_the_possessor_offers(self) -> None:
        with pytest.raises(NotThePossessor):
            transfers.make_offer(
                issued(),
                Offer(BUYER.party, BOTH, LATER),
                caller=STRANGER,
                recipient=BUYER,
                expected_seq=1,
                now=NOW,
            )

    def test_a_suspended_possessor_does_not_offer(self) -> None:
        with pytest.raises(PartyNotActive):
            transfers.make_offer(
                issued(),
                Offer(BUYER.party, BOTH, LATER),
                caller=suspended(SHIPPER),
                recipient=BUYER,
                expected_seq=1,
                now=NOW,
            )

    def test_a_suspended_party_is_offered_nothing(self) -> None:
        with pytest.raises(PartyNotActive):
            transfers.make_offer(
                issued(),
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
        again = transfers.make_offer(
            title,
            Offer(STRANGER.party, BOTH, NOW + 100),
            caller=SHIPPER,
            recipient=STRANGER,
            expected_seq=2,
            now=NOW + 1,
        )
        assert again.offer == Offer(STRANGER.party, BOTH, NOW + 100)

    def test_the_deadline_lies_ahead(self) -> None:
        with pytest.raises(DeadlineInThePast) as refused:
            offered(issued(), deadline=NOW)
        assert moment(NOW) in refused.value.detail

    def test_nobody_offers_to_itself(self) -> None:
        with pytest.raises(OfferToSelf):
            transfers.make_offer(
                issued(),
                Offer(SHIPPER.party, BOTH, LATER),
                caller=SHIPPER,
                recipient=SHIPPER,
                expected_seq=1,
                now=NOW,
            )

    @pytest.mark.parametrize("what", [Offered(0), Offered(8)])
    def test_an_offer_moves_something_known(self, what: Offered) -> None:
        with pytest.raises(NothingOffered):
            offered(issued(), what)

    @pytest.mark.parametrize("kind", [TitleKind.STRAIGHT, TitleKind.ORDER_FINAL])
    def test_a_title_of_a_last_titleholder_stays_its_own(self, kind: TitleKind) -> None:
        with pytest.raises(KindForbidsTransfer):
            offered(issued(kind), BOTH)

    def test_who_is_not_titleholder_offers_possession_alone(self) -> None:
        title = issued()._replace(titleholder=STRANGER.party)
        with pytest.raises(NotTheTitleholder):
            offered(title, BOTH)
        assert offered(title, Offered.POSSESSION).offer is not None

    def test_a_stale_seq_changes_nothing_and_says_the_actual_one(self) -> None:
        with pytest.raises(StaleSeq) as refused:
            transfers.make_offer(
                issued(),
                Offer(BUYER.party, BOTH, LATER),
                caller=SHIPPER,
                recipient=BUYER,
                expected_seq=9,
                now=NOW,
            )
        assert refused.value.field == "expectedSeq"
        assert refused.value.extra == {"actualSeq": 1}
