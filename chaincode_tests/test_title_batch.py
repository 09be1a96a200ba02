"""How a carrier issues many titles at once: all of them, or none."""

from dataclasses import replace

import pytest

from chaincode_tests.consortium import SUSPENDED
from chaincode_tests.contract import Outcome
from chaincode_tests.history import History
from chaincode_tests.test_title_history import issue_detail
from chaincode_tests.trade import (
    BLANK,
    LIVE,
    NO_PARTY,
    ORDER,
    ROLE_OF_CARRIER,
    STRAIGHT,
    Issuance,
    Trade,
    refused,
)

ISSUE = 1


def issued(trade: Trade, batch: list[Issuance]) -> Outcome:
    return trade.act(trade.world.carrier, "issueBatch", [each.as_tuple() for each in batch])


def numbered(trade: Trade, count: int) -> list[Issuance]:
    return [trade.issuance(f"SMDG:ABC {number}") for number in range(count)]


class TestBatch:
    def test_every_title_is_as_if_issued_alone(self, trade: Trade) -> None:
        world, batch = trade.world, numbered(trade, 3)

        outcome = issued(trade, batch)

        for issuance, event in zip(batch, outcome.events, strict=True):
            assert (event.name, event.fields["terms"]) == ("TitleIssued", issuance.terms)
            assert trade.title(issuance.id)["status"] == LIVE
            assert world.titles.call("titleOfSeries", issuance.series) == issuance.id
            head = History().extend(
                ISSUE, world.carrier.index, outcome.time, issue_detail(issuance)
            )
            assert trade.head(issuance.id) == head

    def test_kinds_and_holders_are_each_titles_own(self, trade: Trade) -> None:
        world, (first, second, third, fourth) = trade.world, numbered(trade, 4)
        buyer = world.buyer.index
        batch = [
            first,
            replace(second, kind=BLANK, titleholder=NO_PARTY),
            replace(third, possessor=buyer, titleholder=world.bank.index, kind=STRAIGHT),
            replace(fourth, possessor=buyer, titleholder=buyer),
        ]
        issued(trade, batch)
        records = [trade.title(each.id) for each in batch]
        assert [each["kind"] for each in records] == [ORDER, BLANK, STRAIGHT, ORDER]
        assert [each["possessor"] for each in records[2:]] == [buyer, buyer]

    def test_a_hundred_fit(self, trade: Trade) -> None:
        batch = numbered(trade, 100)
        issued(trade, batch)
        assert trade.status(batch[-1].id) == LIVE

    @pytest.mark.parametrize("count", [0, 101])
    def test_there_is_one_and_at_most_a_hundred(self, trade: Trade, count: int) -> None:
        with refused("CountUnfit", count, 1, 100):
            issued(trade, numbered(trade, count))


class TestAllOrNone:
    def test_one_number_that_is_used_stops_all(self, trade: Trade) -> None:
        batch = numbered(trade, 3)
        taken = trade.issue(batch[2])
        with refused("AlreadyIssued", taken):
            issued(trade, batch)
        assert trade.title(batch[0].id)["seq"] == 0

    def test_no_number_stands_twice_in_a_batch(self, trade: Trade) -> None:
        first, second = numbered(trade, 2)
        with refused("AlreadyIssued", first.id):
            issued(trade, [first, second, first])

    def test_no_series_stands_twice_in_a_batch(self, trade: Trade) -> None:
        first, second = numbered(trade, 2)
        second = replace(second, series_number=first.series_number)
        with refused("SeriesAlreadyUsed", first.series, first.id):
            issued(trade, [first, second])

    def test_every_holder_is_active_not_only_the_first(self, trade: Trade) -> None:
        world, (first, second, third) = trade.world, numbered(trade, 3)
        buyer = world.buyer.index
        world.set_status(world.buyer, SUSPENDED)
        for other in (replace(third, possessor=buyer), replace(third, titleholder=buyer)):
            with refused("PartyNotActive", buyer):
                issued(trade, [first, second, other])

    def test_a_kind_that_changes_on_the_way_is_looked_at(self, trade: Trade) -> None:
        first, second = numbered(trade, 2)
        with refused("BlankHasNoTitleholder"):
            issued(trade, [first, replace(second, kind=BLANK)])
        blank = replace(first, kind=BLANK, titleholder=NO_PARTY)
        with refused("KindNeedsTitleholder", ORDER):
            issued(trade, [blank, replace(second, titleholder=NO_PARTY)])

    def test_only_a_carrier(self, trade: Trade) -> None:
        shipper = trade.world.shipper
        with refused("RoleMissing", shipper.index, ROLE_OF_CARRIER):
            trade.act(shipper, "issueBatch", [trade.issuance().as_tuple()])
