"""Amended, split, combined, switched: the records change, the holders do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.domain.cast import (
    BUYER,
    CARRIER,
    OTHER_CARRIER,
    SHIPPER,
    STRANGER,
    issuance,
    issued,
    revoked,
    surrendered,
    suspended,
)
from tidan_node.domain.identifiers import SeriesId, TitleId
from tidan_node.domain.parties import PartyNotActive, Role, RoleMissing, Standing
from tidan_node.domain.reasons import AmendmentReason
from tidan_node.domain.title_problems import (
    AlreadyIssued,
    CountUnfit,
    HoldersDiffer,
    NoSurrenderPending,
    NotTheIssuer,
    OriginalsDiffer,
    SeriesAlreadyUsed,
    SeriesDiffers,
    StaleSeq,
    SurrenderedForAnother,
)
from tidan_node.domain.titles import Title, TitleKind, TitleStatus, paper, replacements, surrenders
from tidan_node.domain.titles.replacements import Replacement
from tidan_node.domain.titles.terms import Replaced


def pending(number: int = 0, kind: TitleKind = TitleKind.ORDER) -> Title:
    title = surrendered(issued(kind))
    return title._replace(title_id=TitleId(f"0x{number:064x}")) if number else title


def by(
    number: int = 7,
    *,
    in_series: TitleId | None = None,
    series: int = 0,
    taken: bool = False,
    possessor: Standing = SHIPPER,
    titleholder: Standing = SHIPPER,
    kind: TitleKind = TitleKind.ORDER,
) -> Replacement:
    """A successor of this number; in a series of its own unless said otherwise."""
    stated = replace(
        issuance(kind),
        title_id=TitleId(f"0x{number:064x}"),
        series=SeriesId(f"0x{series or number:064x}"),
        possessor=possessor.party,
        titleholder=titleholder.party,
    )
    return Replacement(stated, taken, in_series, titleholder)


class TestAmend:
    def amended(self, by: Replacement, caller: Standing = CARRIER) -> tuple[Title, Title]:
        return replacements.amend(pending(), by, caller=caller, expected_seq=2)

    def test_one_ends_and_the_other_begins_in_its_place(self) -> None:
        before, after = self.amended(by(in_series=pending().title_id))
        assert (before.status, before.seq) == (TitleStatus.VOIDED, 3)
        assert (after.status, after.seq, after.possessor) == (TitleStatus.LIVE, 1, SHIPPER.party)

    def test_it_stays_in_its_series(self) -> None:
        with pytest.raises(SeriesDiffers):
            self.amended(by())

    def test_its_id_is_a_new_one(self) -> None:
        with pytest.raises(AlreadyIssued):
            self.amended(by(in_series=pending().title_id, taken=True))

    @pytest.mark.parametrize(
        "other",
        [
            {"possessor": BUYER},
            {"titleholder": BUYER},
            {"kind": TitleKind.ORDER_FINAL},
        ],
    )
    def test_holders_and_kind_stay(self, other: dict[str, Standing]) -> None:
        with pytest.raises(HoldersDiffer):
            self.amended(by(in_series=pending().title_id, **other))  # type: ignore[arg-type]  # one of both

    def test_the_issuer_alone_amends(self) -> None:
        with pytest.raises(NotTheIssuer):
            self.amended(by(in_series=pending().title_id), OTHER_CARRIER)

    def test_an_active_carrier(self) -> None:
        with pytest.raises(PartyNotActive):
            self.amended(by(in_series=pending().title_id), suspended(CARRIER))
        no_carrier = replace(CARRIER, roles=Role.TRADER)
        with pytest.raises(RoleMissing):
            self.amended(by(in_series=pending().title_id), no_carrier)

    def test_only_what_was_surrendered_for_it(self) -> None:
        with pytest.raises(NoSurrenderPending):
            replacements.amend(issued(), by(), caller=CARRIER, expected_seq=1)

    def test_a_straight_title_with_its_shipper_names_another_consignee(self) -> None:
        title = pending(kind=TitleKind.STRAIGHT)._replace(titleholder=BUYER.party)
        other = by(in_series=title.title_id, titleholder=STRANGER, kind=TitleKind.STRAIGHT)
        _, after = replacements.amend(title, other, caller=CARRIER, expected_seq=2)
        assert after.titleholder == STRANGER.party

    def test_one_with_its_consignee_does_not(self) -> None:
        title = pending(kind=TitleKind.STRAIGHT)
        other = by(in_series=title.title_id, titleholder=STRANGER, kind=TitleKind.STRAIGHT)
        with pytest.raises(HoldersDiffer):
            replacements.amend(title, other, caller=CARRIER, expected_seq=2)


class TestSplit:
    def split(self, *into: Replacement) -> tuple[Title, tuple[Title, ...]]:
        return replacements.split(pending(), into, caller=CARRIER, expected_seq=2)

    def test_one_becomes_several(self) -> None:
        before, after = self.split(by(7, in_series=pending().title_id), by(8), by(9))
        assert before.status is TitleStatus.VOIDED
        assert len({title.title_id for title in after}) == 3

    def test_into_two_at_least(self) -> None:
        with pytest.raises(CountUnfit):
            self.split(by())

    def test_one_of_them_alone_goes_on_with_the_series(self) -> None:
        own = pending().title_id
        with pytest.raises(SeriesAlreadyUsed):
            self.split(by(7, in_series=own, series=1), by(8, in_series=own, series=1))

    def test_each_has_a_number_of_its_own(self) -> None:
        with pytest.raises(AlreadyIssued):
            self.split(by(7), by(7, series=9))

    def test_the_successor_of_a_revoked_carrier_splits(self) -> None:
        _, after = replacements.split(
            pending(),
            [by(7), by(8)],
            caller=OTHER_CARRIER,
            expected_seq=2,
            successor=OTHER_CARRIER.party,
        )
        assert {title.issuer for title in after} == {OTHER_CARRIER.party}


class TestCombine:
    def combined(self, *titles: Title, seqs: list[int] | None = None) -> Title:
        told = seqs if seqs is not None else [title.seq for title in titles]
        _, after = replacements.combine(titles, told, by(9), caller=CARRIER)
        return after

    def test_several_become_one(self) -> None:
        assert self.combined(pending(1), pending(2), pending(3)).seq == 1

    def test_of_one_holder(self) -> None:
        other = pending(2)._replace(possessor=BUYER.party)
        with pytest.raises(OriginalsDiffer) as refused:
            self.combined(pending(1), other)
        assert (refused.value.field, other.title_id in refused.value.detail) == ("titles.1", True)

    def test_none_twice(self) -> None:
        with pytest.raises(StaleSeq):
            self.combined(pending(1), pending(1))
        with pytest.raises(NoSurrenderPending):
            self.combined(pending(1), pending(1), seqs=[2, 3])

    def test_each_with_its_seq(self) -> None:
        with pytest.raises(CountUnfit):
            self.combined(pending(1), pending(2), seqs=[2])


class TestSwitch:
    def test_another_bill_has_a_series_of_its_own(self) -> None:
        before, after = replacements.switch_bill(pending(), by(), caller=CARRIER, expected_seq=2)
        assert (before.status, after.status) == (TitleStatus.VOIDED, TitleStatus.LIVE)
        own = by(in_series=pending().title_id)
        with pytest.raises(SeriesAlreadyUsed):
            replacements.switch_bill(pending(), own, caller=CARRIER, expected_seq=2)

    def test_a_revoked_carrier_changes_nothing_any_more(self) -> None:
        with pytest.raises(PartyNotActive):
            replacements.switch_bill(pending(), by(), caller=revoked(CARRIER), expected_seq=2)


ANSWERS = {
    Replaced.AMENDMENT: {AmendmentReason.CORRECTION, AmendmentReason.CHANGE_OF_DESTINATION},
    Replaced.SPLIT: {AmendmentReason.SPLIT},
    Replaced.COMBINATION: {AmendmentReason.COMBINATION},
    Replaced.SWITCH: {AmendmentReason.SWITCH},
    "paper": {AmendmentReason.TO_PAPER},
}
REASONS = (*AmendmentReason, 0, 7, 254)


class TestSurrenderedFor:
    @pytest.mark.parametrize("how", ANSWERS)
    @pytest.mark.parametrize("reason", REASONS)
    def test_a_title_is_answered_by_what_it_was_surrendered_for_or_freely_if_for_something_else(
        self, how: Replaced | str, reason: int
    ) -> None:
        title = surrendered(issued(), reason)
        if reason in {*ANSWERS[how], AmendmentReason.OTHER}:
            assert self.answered(title, how).surrendered_for is None
        else:
            with pytest.raises(SurrenderedForAnother):
                self.answered(title, how)

    def test_the_refusal_names_what_it_was_surrendered_for(self) -> None:
        with pytest.raises(SurrenderedForAnother) as refused:
            self.answered(surrendered(issued(), AmendmentReason.CORRECTION), "paper")
        problem = refused.value.document()
        assert (problem["status"], problem["field"]) == (409, "title")
        assert problem["surrenderedFor"] == "CORRECTION"

    def test_who_may_not_answer_hears_that_first(self) -> None:
        with pytest.raises(NotTheIssuer):
            self.answered(surrendered(issued(), 7), Replaced.SPLIT, caller=OTHER_CARRIER)
        with pytest.raises(PartyNotActive):
            self.answered(surrendered(issued(), 7), "paper", caller=suspended(CARRIER))

    @pytest.mark.parametrize("reason", REASONS)
    def test_whatever_it_was_for_it_is_given_back_and_nothing_stays_of_it(
        self, reason: int
    ) -> None:
        title = surrendered(issued(), reason)
        assert title.surrendered_for == reason
        back = issued()._replace(seq=3)
        assert surrenders.reject_surrender(title, caller=CARRIER, expected_seq=2) == back
        assert surrenders.cancel_surrender(title, caller=SHIPPER, expected_seq=2) == back

    @staticmethod
    def answered(title: Title, how: Replaced | str, caller: Standing = CARRIER) -> Title:
        if isinstance(how, Replaced):
            return replacements.void(title, how, caller=caller, expected_seq=2)
        return paper.switch_to_paper(title, caller=caller, expected_seq=2)
