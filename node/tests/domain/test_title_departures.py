"""Endorsed, given up, and made paper: what the possessor, or nobody else, can do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.domain.cast import (
    BUYER,
    CARRIER,
    NOW,
    OTHER_CARRIER,
    SHIPPER,
    issuance,
    issued,
    offered,
    revoked,
    surrendered,
    suspended,
)
from tidan_node.domain.identifiers import NO_PARTY
from tidan_node.domain.parties import PartyNotActive, Standing
from tidan_node.domain.reasons import AmendmentReason
from tidan_node.domain.record_problems import EmptyValue
from tidan_node.domain.title_problems import (
    AlreadyIssued,
    CarrierHasSuccessor,
    CarrierNotRevoked,
    EndorsementUnfit,
    FinalWithoutTitle,
    NoSurrenderPending,
    NotThePossessor,
    OfferAlreadyOpen,
    PaperTooEarly,
    SeriesAlreadyUsed,
    TitleNotLive,
)
from tidan_node.domain.titles import (
    Offered,
    Title,
    TitleKind,
    TitleStatus,
    endorsement,
    issues,
    paper,
    surrenders,
    transfers,
)

TRANSFER = b"\x01" * 32
DAY = 24 * 3600


class TestEndorse:
    def endorsed(self, title: Title, to: TitleKind, caller: Standing = SHIPPER) -> Title:
        return endorsement.endorse(title, to, caller=caller, expected_seq=title.seq, now=NOW)

    def test_in_blank_it_is_made_out_to_nobody(self) -> None:
        title = self.endorsed(issued(), TitleKind.BLANK)
        assert (title.kind, title.titleholder, title.possessor) == (
            TitleKind.BLANK,
            NO_PARTY,
            SHIPPER.party,
        )

    @pytest.mark.parametrize("to", [TitleKind.ORDER, TitleKind.ORDER_FINAL])
    def test_who_has_it_in_blank_writes_its_own_name(self, to: TitleKind) -> None:
        title = self.endorsed(issued(TitleKind.BLANK), to)
        assert (title.kind, title.titleholder) == (to, SHIPPER.party)

    @pytest.mark.parametrize(
        ("kind", "to"),
        [
            (TitleKind.STRAIGHT, TitleKind.ORDER),
            (TitleKind.ORDER_FINAL, TitleKind.BLANK),
            (TitleKind.ORDER, TitleKind.ORDER),
            (TitleKind.ORDER, TitleKind.STRAIGHT),
            (TitleKind.BLANK, TitleKind.BLANK),
        ],
    )
    def test_nothing_else_can_be_written(self, kind: TitleKind, to: TitleKind) -> None:
        with pytest.raises(EndorsementUnfit):
            self.endorsed(issued(kind), to)

    def test_not_while_it_is_offered_nor_by_who_is_suspended(self) -> None:
        with pytest.raises(OfferAlreadyOpen):
            self.endorsed(offered(issued()), TitleKind.BLANK)
        with pytest.raises(PartyNotActive):
            self.endorsed(issued(), TitleKind.BLANK, suspended(SHIPPER))


class TestFinalOffer:
    def test_the_recipient_is_the_last_titleholder(self) -> None:
        title = offered(issued(), Offered.POSSESSION | Offered.TITLE | Offered.FINAL)
        after = transfers.accept(title, caller=BUYER, expected_seq=2, now=NOW)
        assert (after.kind, after.titleholder) == (TitleKind.ORDER_FINAL, BUYER.party)

    def test_not_without_the_title(self) -> None:
        with pytest.raises(FinalWithoutTitle):
            offered(issued(), Offered.POSSESSION | Offered.FINAL)

    def test_a_title_in_blank_is_to_order_again(self) -> None:
        title = offered(issued(TitleKind.BLANK), Offered.POSSESSION | Offered.TITLE)
        after = transfers.accept(title, caller=BUYER, expected_seq=2, now=NOW)
        assert (after.kind, after.titleholder) == (TitleKind.ORDER, BUYER.party)


class TestSurrenderForAmendment:
    @pytest.mark.parametrize("who", [SHIPPER, suspended(SHIPPER), revoked(SHIPPER)])
    def test_in_any_standing(self, who: Standing) -> None:
        title = surrenders.surrender_for_amendment(
            issued(), AmendmentReason.CORRECTION, caller=who, expected_seq=1, now=NOW
        )
        assert title.status is TitleStatus.PENDING_AMENDMENT

    def test_of_a_straight_title_by_its_possessor(self) -> None:
        title = issued(TitleKind.STRAIGHT)._replace(titleholder=BUYER.party)
        assert surrendered(title).status is TitleStatus.PENDING_AMENDMENT

    def test_the_possessor_takes_it_back(self) -> None:
        title = surrendered(issued())
        after = surrenders.cancel_surrender(title, caller=revoked(SHIPPER), expected_seq=2)
        assert after == issued()._replace(seq=3)
        with pytest.raises(NotThePossessor):
            surrenders.cancel_surrender(title, caller=BUYER, expected_seq=2)

    def test_the_carrier_gives_it_back_but_delivers_nothing(self) -> None:
        title = surrendered(issued())
        assert surrenders.reject_surrender(title, caller=CARRIER, expected_seq=2)
        with pytest.raises(NoSurrenderPending):
            surrenders.accept_surrender(title, caller=CARRIER, expected_seq=2)


class TestPaper:
    def ended(self, title: Title, carrier: Standing, now: int = NOW, **more: Any) -> Title:
        asked = {"caller": SHIPPER, "successor": None, "delay": DAY, "now": now} | more
        return paper.end_as_paper(title, carrier=carrier, expected_seq=title.seq, **asked)

    def test_the_carrier_switches_what_was_surrendered(self) -> None:
        after = paper.switch_to_paper(surrendered(issued()), caller=CARRIER, expected_seq=2)
        assert after.status is TitleStatus.PAPER
        with pytest.raises(NoSurrenderPending):
            paper.switch_to_paper(issued(), caller=CARRIER, expected_seq=1)

    def test_the_possessor_ends_what_nobody_answers_for(self) -> None:
        gone = replace(revoked(CARRIER), revoked_at=NOW - DAY)
        for title in (issued(), surrendered(issued())):
            after = self.ended(title, gone, caller=revoked(SHIPPER))
            assert after.status is TitleStatus.PAPER

    def test_not_before_the_delay(self) -> None:
        gone = replace(revoked(CARRIER), revoked_at=NOW - DAY + 1)
        with pytest.raises(PaperTooEarly):
            self.ended(issued(), gone)

    def test_not_while_somebody_answers(self) -> None:
        with pytest.raises(CarrierNotRevoked):
            self.ended(issued(), suspended(CARRIER))
        for answering in (OTHER_CARRIER, suspended(OTHER_CARRIER)):
            with pytest.raises(CarrierHasSuccessor):
                self.ended(issued(), revoked(CARRIER), successor=answering)

    @pytest.mark.parametrize(("carrier_since", "successor_since"), [(DAY, 1), (1, DAY)])
    def test_a_successor_that_is_revoked_in_turn_is_none_and_the_later_end_counts(
        self, carrier_since: int, successor_since: int
    ) -> None:
        gone = replace(revoked(CARRIER), revoked_at=NOW - carrier_since)
        too = replace(revoked(OTHER_CARRIER), revoked_at=NOW - successor_since)
        with pytest.raises(PaperTooEarly):
            self.ended(issued(), gone, NOW + DAY - 2, successor=too)
        after = self.ended(issued(), gone, NOW + DAY - 1, successor=too)
        assert after.status is TitleStatus.PAPER

    def test_not_by_others_and_not_what_has_ended(self) -> None:
        gone = replace(revoked(CARRIER), revoked_at=NOW - DAY)
        with pytest.raises(NotThePossessor):
            self.ended(issued(), gone, caller=BUYER)
        with pytest.raises(TitleNotLive):
            self.ended(issued()._replace(status=TitleStatus.PAPER), gone)

    def test_a_paper_bill_becomes_a_title_once_it_is_withdrawn(self) -> None:
        def begun(withdrawal: bytes, current: TitleStatus, *, taken: bool = False) -> Title:
            return issues.issue_from_paper(
                issuance(),
                withdrawal,
                carrier=CARRIER,
                possessor=SHIPPER,
                titleholder=SHIPPER,
                id_taken=taken,
                current=current,
            )

        assert begun(TRANSFER, TitleStatus.PAPER).status is TitleStatus.LIVE
        assert begun(TRANSFER, TitleStatus.NONE).status is TitleStatus.LIVE
        with pytest.raises(SeriesAlreadyUsed):
            begun(TRANSFER, TitleStatus.VOIDED)
        with pytest.raises(EmptyValue):
            begun(bytes(32), TitleStatus.PAPER)
        with pytest.raises(AlreadyIssued):
            begun(TRANSFER, TitleStatus.PAPER, taken=True)
