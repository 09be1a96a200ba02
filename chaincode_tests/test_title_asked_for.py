"""What a title was surrendered for, its carrier answers, and nothing else."""

import pytest

from chaincode_tests.consortium import Party
from chaincode_tests.test_title_replacement import Parts
from chaincode_tests.trade import PENDING_AMENDMENT, VOIDED, Trade, refused

SPLIT, COMBINATION, SWITCH, TO_PAPER = range(3, 7)


@pytest.fixture
def parts(trade: Trade) -> Parts:
    return Parts(trade)


class TestAskedFor:
    @pytest.mark.parametrize(
        ("act", "reason"), [("split", SPLIT), ("combine", COMBINATION), ("switch", SWITCH)]
    )
    def test_it_is_answered_by_what_it_was_surrendered_for(
        self, trade: Trade, parts: Parts, act: str, reason: int
    ) -> None:
        first, second = (trade.given_up(each, reason) for each in parts.named("1", "2"))
        self.answer(parts, act, [first, second])
        assert trade.status(first) == VOIDED

    @pytest.mark.parametrize(
        ("act", "fit"), [("split", SPLIT), ("combine", COMBINATION), ("switch", SWITCH)]
    )
    def test_and_by_nothing_else(self, trade: Trade, parts: Parts, act: str, fit: int) -> None:
        for reason in {0, 1, 2, SPLIT, COMBINATION, SWITCH, TO_PAPER, 7, 254} - {fit}:
            names = parts.named(f"for {reason}", f"also for {reason}")
            titles = [trade.given_up(each, reason) for each in names]
            with refused("SurrenderedForAnother", titles[0], reason):
                self.answer(parts, act, titles)

    def test_every_title_that_is_combined_was_surrendered_for_it(
        self, trade: Trade, parts: Parts
    ) -> None:
        first, second, whole = parts.named("part 1", "part 2", "whole")
        titles = [trade.given_up(first, COMBINATION), trade.given_up(second, SPLIT)]
        with refused("SurrenderedForAnother", titles[1], SPLIT):
            parts.combine(titles, whole)
        assert trade.status(titles[0]) == PENDING_AMENDMENT

    def test_whoever_may_not_answer_hears_that_first(self, trade: Trade, parts: Parts) -> None:
        title = trade.given_up(reason=TO_PAPER)
        with refused("NotTheIssuer", title, trade.world.shipper.index):
            self.answer(parts, "switch", [title], by=trade.world.shipper)

    def test_the_successor_is_looked_at_last(self, trade: Trade, parts: Parts) -> None:
        origin = trade.issuance()
        title = trade.given_up(origin, TO_PAPER)
        with refused("SurrenderedForAnother", title, TO_PAPER):
            parts.switch(title, origin)

    @staticmethod
    def answer(parts: Parts, act: str, titles: list[bytes], by: Party | None = None) -> None:
        one, other = parts.named("one in its place", "another in its place")
        if act == "split":
            parts.split(titles[0], [one, other], by=by)
        elif act == "combine":
            parts.combine(titles, one, by=by)
        else:
            parts.switch(titles[0], one, by=by)
