"""How a title takes a paper's place, and a paper a title's."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chaincode_tests.border import Border
from chaincode_tests.consortium import SUSPENDED, TRADER
from chaincode_tests.contract import Event
from chaincode_tests.trade import (
    DELIVERED,
    EXPORTED,
    IN_TRANSIT,
    LIVE,
    PAPER,
    PENDING_AMENDMENT,
    PENDING_DELIVERY,
    ROLE_OF_CARRIER,
    VOIDED,
    ZERO,
    Trade,
    digest,
    refused,
)

SWITCH, TO_PAPER, OTHER = 5, 6, 255
WITHDRAWAL = digest("the paper was withdrawn")


def ended_as_paper(trade: Trade) -> bytes:
    """The id of a title (seq 3) that its carrier has put on paper."""
    title = trade.given_up(reason=TO_PAPER)
    trade.act(trade.world.carrier, "switchToPaper", title, 2, TO_PAPER)
    return title


def of_status(trade: Trade, status: int) -> bytes:
    """The id of the present title of the ordinary series, which is of this status."""
    border = Border(trade, trade.world.recognise(trade.world.stranger))
    made: dict[int, Callable[[], bytes]] = {
        LIVE: trade.issue,
        PENDING_DELIVERY: trade.surrendered,
        PENDING_AMENDMENT: trade.given_up,
        DELIVERED: trade.delivered,
        VOIDED: lambda: switched(trade),
        IN_TRANSIT: lambda: trade.locked(border.gateway),
        EXPORTED: border.exported,
    }
    return made[status]()


def switched(trade: Trade) -> bytes:
    """The id of a title (seq 3) in whose place there is one of another number."""
    title, renamed = trade.given_up(reason=SWITCH), trade.issuance("renamed")
    trade.act(trade.world.carrier, "switchBill", title, 2, renamed.as_tuple(), SWITCH)
    return title


class TestFromPaper:
    def test_the_carrier_issues_a_title_in_place_of_a_paper(self, trade: Trade) -> None:
        world, issuance = trade.world, trade.issuance()

        outcome = trade.act(world.carrier, "issueFromPaper", issuance.as_tuple(), WITHDRAWAL)

        record = trade.title(issuance.id)
        assert (record["status"], record["seq"]) == (LIVE, 1)
        assert world.titles.call("titleOfSeries", issuance.series) == issuance.id
        assert outcome.event == Event(
            "TitleIssuedFromPaper",
            {
                "id": issuance.id,
                "issuer": world.carrier.index,
                "series": issuance.series,
                "contentRoot": issuance.content_root,
                "terms": issuance.terms,
                "withdrawal": WITHDRAWAL,
            },
        )

    def test_the_carrier_says_by_what_the_paper_was_withdrawn(self, trade: Trade) -> None:
        with refused("EmptyWithdrawal"):
            terms = (trade.issuance().as_tuple(), ZERO)
            trade.act(trade.world.carrier, "issueFromPaper", *terms)

    def test_a_title_that_was_put_on_paper_comes_back_under_its_number(self, trade: Trade) -> None:
        world, origin = trade.world, trade.issuance()
        title = ended_as_paper(trade)
        again = replace(origin, number=digest("the next sub-reference"))

        trade.act(world.carrier, "issueFromPaper", again.as_tuple(), WITHDRAWAL)

        assert (trade.status(title), trade.status(again.id)) == (PAPER, LIVE)
        assert world.titles.call("titleOfSeries", origin.series) == again.id

    def test_not_under_the_same_sub_reference(self, trade: Trade) -> None:
        title = ended_as_paper(trade)
        with refused("AlreadyIssued", title):
            terms = (trade.issuance().as_tuple(), WITHDRAWAL)
            trade.act(trade.world.carrier, "issueFromPaper", *terms)

    def test_not_twice(self, trade: Trade) -> None:
        world, origin = trade.world, trade.issuance()
        ended_as_paper(trade)
        again = replace(origin, number=digest("the next sub-reference"))
        trade.act(world.carrier, "issueFromPaper", again.as_tuple(), WITHDRAWAL)
        once_more = replace(origin, number=digest("yet another sub-reference"))
        with refused("SeriesAlreadyUsed", origin.series, again.id):
            trade.act(world.carrier, "issueFromPaper", once_more.as_tuple(), WITHDRAWAL)

    @pytest.mark.parametrize(
        "status",
        [LIVE, PENDING_DELIVERY, PENDING_AMENDMENT, DELIVERED, VOIDED, IN_TRANSIT, EXPORTED],
    )
    def test_a_number_whose_title_is_no_paper_stays_used(self, trade: Trade, status: int) -> None:
        origin = trade.issuance()
        title = of_status(trade, status)
        assert trade.status(title) == status
        again = replace(origin, number=digest("the next sub-reference"))
        with refused("SeriesAlreadyUsed", origin.series, title):
            trade.act(trade.world.carrier, "issueFromPaper", again.as_tuple(), WITHDRAWAL)

    def test_an_ordinary_issue_does_not_bring_a_number_back(self, trade: Trade) -> None:
        origin, title = trade.issuance(), ended_as_paper(trade)
        with refused("SeriesAlreadyUsed", origin.series, title):
            trade.issue(replace(origin, number=digest("the next sub-reference")))

    def test_only_a_carrier(self, trade: Trade) -> None:
        shipper = trade.world.shipper
        with refused("RoleMissing", shipper.index, ROLE_OF_CARRIER):
            terms = (trade.issuance().as_tuple(), WITHDRAWAL)
            trade.act(shipper, "issueFromPaper", *terms)


class TestToPaper:
    def test_the_carrier_ends_a_title_that_was_given_up(self, trade: Trade) -> None:
        world, title = trade.world, trade.given_up(reason=TO_PAPER)

        outcome = trade.act(world.carrier, "switchToPaper", title, 2, TO_PAPER)

        assert trade.status(title) == PAPER
        assert outcome.event == Event(
            "TitleSwitchedToPaper",
            {"id": title, "seq": 3, "by": world.carrier.index, "reason": TO_PAPER},
        )

    @pytest.mark.parametrize("reason", [0, 1, 2, 3, 4, 5, 7, 254])
    def test_not_one_that_was_given_up_for_something_else(self, trade: Trade, reason: int) -> None:
        title = trade.given_up(reason=reason)
        with refused("SurrenderedForAnother", title, reason):
            trade.act(trade.world.carrier, "switchToPaper", title, 2, TO_PAPER)
        assert trade.status(title) == PENDING_AMENDMENT

    def test_one_whose_holder_left_it_to_the_carrier(self, trade: Trade) -> None:
        title = trade.given_up(reason=OTHER)
        trade.act(trade.world.carrier, "switchToPaper", title, 2, TO_PAPER)
        assert trade.status(title) == PAPER

    def test_nothing_follows(self, trade: Trade) -> None:
        world, title = trade.world, ended_as_paper(trade)
        with refused("TitleNotLive", title, PAPER):
            trade.offer(title, 3, world.shipper, world.buyer)
        with refused("NoSurrenderPending", title, PAPER):
            trade.act(world.shipper, "cancelSurrender", title, 3)

    def test_its_successor_does(self, trade: Trade) -> None:
        world, title = trade.world, trade.given_up(reason=TO_PAPER)
        world.revoke(world.carrier, world.other_carrier.index)
        trade.act(world.other_carrier, "switchToPaper", title, 2, TO_PAPER)
        assert trade.status(title) == PAPER

    def test_nobody_else_does(self, trade: Trade) -> None:
        title = trade.given_up(reason=TO_PAPER)
        for party in (trade.world.shipper, trade.world.other_carrier):
            with refused("NotTheIssuer", title, party.index):
                trade.act(party, "switchToPaper", title, 2, TO_PAPER)

    def test_not_a_suspended_carrier(self, trade: Trade) -> None:
        title = trade.given_up(reason=TO_PAPER)
        trade.world.set_status(trade.world.carrier, SUSPENDED)
        with refused("PartyNotActive", trade.world.carrier.index):
            trade.act(trade.world.carrier, "switchToPaper", title, 2, TO_PAPER)

    def test_also_a_party_that_is_no_carrier_any_more(self, trade: Trade) -> None:
        world, title = trade.world, trade.given_up(reason=TO_PAPER)
        world.parties.transact(world.admin, "changeRoles", world.carrier.index, TRADER)
        trade.act(world.carrier, "switchToPaper", title, 2, TO_PAPER)
        assert trade.status(title) == PAPER

    def test_only_what_was_given_up_for_amendment(self, trade: Trade) -> None:
        title = trade.surrendered()
        with refused("NoSurrenderPending", title, PENDING_DELIVERY):
            trade.act(trade.world.carrier, "switchToPaper", title, 2, TO_PAPER)
