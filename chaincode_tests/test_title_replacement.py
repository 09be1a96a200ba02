"""How one title becomes several, several become one, and one gets another number."""

from dataclasses import replace

import pytest

from chaincode_tests.consortium import Party
from chaincode_tests.contract import Event, Outcome
from chaincode_tests.trade import (
    BLANK,
    LIVE,
    ORDER,
    ORDER_FINAL,
    PENDING_AMENDMENT,
    STRAIGHT,
    VOIDED,
    Issuance,
    Trade,
    refused,
)

REASON = 255
"""Whatever the carrier sees fit, unless a test says otherwise."""


class Parts:
    """The acts of this file, by the carrier unless a test says otherwise."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade

    def split(self, title: bytes, parts: list[Issuance], by: Party | None = None) -> Outcome:
        arguments = (title, 2, [part.as_tuple() for part in parts], REASON)
        return self.trade.act(by or self.trade.world.carrier, "split", *arguments)

    def combine(
        self,
        titles: list[bytes],
        whole: Issuance,
        seqs: list[int] | None = None,
        by: Party | None = None,
    ) -> Outcome:
        seqs = [2] * len(titles) if seqs is None else seqs
        arguments = (titles, seqs, whole.as_tuple(), REASON)
        return self.trade.act(by or self.trade.world.carrier, "combine", *arguments)

    def switch(self, title: bytes, successor: Issuance, by: Party | None = None) -> Outcome:
        arguments = (title, 2, successor.as_tuple(), REASON)
        return self.trade.act(by or self.trade.world.carrier, "switchBill", *arguments)

    def named(self, *names: str) -> list[Issuance]:
        return [self.trade.issuance(name) for name in names]


@pytest.fixture
def parts(trade: Trade) -> Parts:
    return Parts(trade)


class TestSplit:
    def test_the_carrier_makes_several_titles_of_one(self, trade: Trade, parts: Parts) -> None:
        world, title, several = (
            trade.world,
            trade.given_up(reason=REASON),
            parts.named("part 1", "part 2"),
        )

        outcome = parts.split(title, several)

        assert trade.status(title) == VOIDED
        for part in several:
            record = trade.title(part.id)
            assert (record["status"], record["seq"], record["kind"]) == (LIVE, 1, ORDER)
            assert (record["possessor"], record["titleholder"]) == (world.shipper.index,) * 2
        split, *issued = outcome.events
        assert split == Event(
            "TitleSplit",
            {
                "id": title,
                "seq": 3,
                "by": world.carrier.index,
                "successors": tuple(part.id for part in several),
                "reason": REASON,
            },
        )
        assert [(each.name, each.fields["id"]) for each in issued] == [
            ("SuccessorIssued", part.id) for part in several
        ]
        assert {each.fields["origins"] for each in issued} == {(title,)}

    def test_one_part_keeps_the_number(self, trade: Trade, parts: Parts) -> None:
        origin = trade.issuance()
        title = trade.given_up(origin, REASON)
        first, second = parts.named("part 1", "part 2")
        kept = replace(first, series_number=origin.series_number)
        parts.split(title, [kept, second])
        assert trade.world.titles.call("titleOfSeries", origin.series) == kept.id

    def test_not_two_of_them(self, trade: Trade, parts: Parts) -> None:
        origin = trade.issuance()
        title = trade.given_up(origin, REASON)
        both = [
            replace(part, series_number=origin.series_number)
            for part in parts.named("part 1", "part 2")
        ]
        with refused("SeriesAlreadyUsed", origin.series, both[0].id):
            parts.split(title, both)

    def test_no_part_has_the_number_of_another_title(self, trade: Trade, parts: Parts) -> None:
        other = trade.issuance("SMDG:ABC 2")
        title, taken = trade.given_up(reason=REASON), trade.issue(other)
        first, second = parts.named("part 1", "part 2")
        second = replace(second, series_number=other.series_number)
        with refused("SeriesAlreadyUsed", other.series, taken):
            parts.split(title, [first, second])

    def test_no_two_parts_have_one_id(self, trade: Trade, parts: Parts) -> None:
        title = trade.given_up(reason=REASON)
        (first,) = parts.named("part 1")
        with refused("AlreadyIssued", first.id):
            parts.split(title, [first, first])

    def test_every_part_has_the_holders_of_the_whole(self, trade: Trade, parts: Parts) -> None:
        title = trade.given_up(reason=REASON)
        first, second = parts.named("part 1", "part 2")
        second = replace(second, possessor=trade.world.buyer.index)
        with refused("HoldersDiffer", title):
            parts.split(title, [first, second])
        assert trade.status(title) == PENDING_AMENDMENT

    @pytest.mark.parametrize("count", [0, 1, 51])
    def test_there_are_two_parts_and_at_most_fifty(
        self, trade: Trade, parts: Parts, count: int
    ) -> None:
        title = trade.given_up(reason=REASON)
        several = parts.named(*(f"part {number}" for number in range(count)))
        with refused("CountUnfit", count, 2, 50):
            parts.split(title, several)

    def test_fifty_fit_into_a_block(self, trade: Trade, parts: Parts) -> None:
        title = trade.given_up(reason=REASON)
        several = parts.named(*(f"part {number}" for number in range(50)))
        parts.split(title, several)
        assert {trade.status(part.id) for part in several} == {LIVE}


class TestCombine:
    def test_the_carrier_makes_one_title_of_several(self, trade: Trade, parts: Parts) -> None:
        world = trade.world
        titles = [
            trade.given_up(each, REASON) for each in parts.named("part 1", "part 2", "part 3")
        ]
        (whole,) = parts.named("whole")

        outcome = parts.combine(titles, whole)

        assert {trade.status(title) for title in titles} == {VOIDED}
        assert trade.title(whole.id)["possessor"] == world.shipper.index
        *ended, issued = outcome.events
        assert ended == [
            Event(
                "TitlesCombined",
                {
                    "id": title,
                    "seq": 3,
                    "by": world.carrier.index,
                    "successor": whole.id,
                    "reason": REASON,
                },
            )
            for title in titles
        ]
        assert (issued.name, issued.fields["origins"]) == ("SuccessorIssued", tuple(titles))

    def test_it_keeps_the_number_of_one_of_them(self, trade: Trade, parts: Parts) -> None:
        first, second, whole = parts.named("part 1", "part 2", "whole")
        titles = [trade.given_up(first, REASON), trade.given_up(second, REASON)]
        whole = replace(whole, series_number=second.series_number)
        parts.combine(titles, whole)
        assert trade.world.titles.call("titleOfSeries", second.series) == whole.id
        assert trade.world.titles.call("titleOfSeries", first.series) == first.id

    def test_they_are_held_by_the_same(self, trade: Trade, parts: Parts) -> None:
        world = trade.world
        first, second, whole = parts.named("part 1", "part 2", "whole")
        buyers = replace(second, possessor=world.buyer.index, titleholder=world.buyer.index)
        title, other = trade.given_up(first, REASON), trade.issue(buyers)
        trade.act(world.buyer, "surrenderForAmendment", other, 1, REASON)
        with refused("OriginalsDiffer", other):
            parts.combine([title, other], whole)

    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER_FINAL, BLANK])
    def test_they_are_of_one_kind(self, trade: Trade, parts: Parts, kind: int) -> None:
        (first, whole), second = parts.named("part 1", "whole"), trade.issuance("2", kind=kind)
        title, other = trade.given_up(first, REASON), trade.given_up(second, REASON)
        with refused("OriginalsDiffer", other):
            parts.combine([title, other], whole)

    def test_they_are_of_one_issuer(self, trade: Trade, parts: Parts) -> None:
        world = trade.world
        title = trade.given_up(reason=REASON)
        other = trade.issue(trade.issuance("2"), by=world.other_carrier)
        trade.act(world.shipper, "surrenderForAmendment", other, 1, REASON)
        world.revoke(world.carrier, world.other_carrier.index)
        whole = trade.issuance("whole", by=world.other_carrier)
        with refused("OriginalsDiffer", other):
            parts.combine([title, other], whole, by=world.other_carrier)

    def test_each_of_them_was_given_up(self, trade: Trade, parts: Parts) -> None:
        first, second, whole = parts.named("part 1", "part 2", "whole")
        title, other = trade.given_up(first, REASON), trade.issue(second)
        with refused("NoSurrenderPending", other, LIVE):
            parts.combine([title, other], whole, seqs=[2, 1])
        assert trade.status(title) == PENDING_AMENDMENT

    def test_none_is_named_twice(self, trade: Trade, parts: Parts) -> None:
        title, (whole,) = trade.given_up(reason=REASON), parts.named("whole")
        with refused("StaleSeq", title, 2, 3):
            parts.combine([title, title], whole)
        with refused("NoSurrenderPending", title, VOIDED):
            parts.combine([title, title], whole, seqs=[2, 3])

    def test_each_has_its_seq(self, trade: Trade, parts: Parts) -> None:
        first, second, whole = parts.named("part 1", "part 2", "whole")
        titles = [trade.given_up(first, REASON), trade.given_up(second, REASON)]
        with refused("CountUnfit", 1, 2, 2):
            parts.combine(titles, whole, seqs=[2])
        with refused("StaleSeq", titles[1], 1, 2):
            parts.combine(titles, whole, seqs=[2, 1])

    @pytest.mark.parametrize("count", [0, 1, 51])
    def test_they_are_two_and_at_most_fifty(self, trade: Trade, parts: Parts, count: int) -> None:
        title, (whole,) = trade.given_up(reason=REASON), parts.named("whole")
        with refused("CountUnfit", count, 2, 50):
            parts.combine([title] * count, whole)


class TestSwitch:
    def test_the_carrier_gives_the_cargo_another_number(self, trade: Trade, parts: Parts) -> None:
        world, origin, (switched,) = trade.world, trade.issuance(), parts.named("switched")
        title = trade.given_up(origin, REASON)

        outcome = parts.switch(title, switched)

        assert (trade.status(title), trade.status(switched.id)) == (VOIDED, LIVE)
        assert world.titles.call("titleOfSeries", origin.series) == title
        assert outcome.events[0] == Event(
            "TitleSwitched",
            {
                "id": title,
                "seq": 3,
                "by": world.carrier.index,
                "successor": switched.id,
                "reason": REASON,
            },
        )
        assert outcome.events[1].fields["origins"] == (title,)

    def test_not_its_own(self, trade: Trade, parts: Parts) -> None:
        """Under its own number a title is amended."""
        origin, (switched,) = trade.issuance(), parts.named("switched")
        title = trade.given_up(origin, REASON)
        switched = replace(switched, series_number=origin.series_number)
        with refused("SeriesAlreadyUsed", origin.series, title):
            parts.switch(title, switched)


class TestSuccessorCarrier:
    def test_it_replaces_titles_under_its_own_numbers(self, trade: Trade, parts: Parts) -> None:
        world, title = trade.world, trade.given_up(reason=REASON)
        world.revoke(world.carrier, world.other_carrier.index)
        switched = trade.issuance("switched", by=world.other_carrier)
        parts.switch(title, switched, by=world.other_carrier)
        assert trade.title(switched.id)["issuer"] == world.other_carrier.index

    @pytest.mark.parametrize("act", ["split", "combine", "switch"])
    def test_nobody_else_does(self, trade: Trade, parts: Parts, act: str) -> None:
        world, title = trade.world, trade.given_up(reason=REASON)
        first, second = parts.named("1", "2")
        for party in (world.other_carrier, world.shipper):
            with refused("NotTheIssuer", title, party.index):
                if act == "split":
                    parts.split(title, [first, second], by=party)
                elif act == "combine":
                    parts.combine([title, title], first, by=party)
                else:
                    parts.switch(title, first, by=party)
