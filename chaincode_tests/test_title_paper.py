"""How a title takes a paper's place and a paper a title's, also when the carrier is gone."""

from dataclasses import replace

import pytest

from chaincode_tests.consortium import DAY, PAPER_DELAY, REVOKED, SUSPENDED, TRADER
from chaincode_tests.contract import Event
from chaincode_tests.trade import (
    BLANK,
    DELIVERED,
    LIVE,
    ORDER,
    ORDER_FINAL,
    PAPER,
    PENDING_AMENDMENT,
    PENDING_DELIVERY,
    ROLE_OF_CARRIER,
    STRAIGHT,
    ZERO,
    Trade,
    digest,
    refused,
)

TO_PAPER = 6
WITHDRAWAL = digest("the paper was withdrawn")


def ended_as_paper(trade: Trade) -> bytes:
    """The id of a title (seq 3) that its carrier has put on paper."""
    title = trade.given_up()
    trade.act(trade.world.carrier, "switchToPaper", title, 2, TO_PAPER)
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

    @pytest.mark.parametrize("path", ["live", "delivered"])
    def test_a_number_whose_title_is_no_paper_stays_used(self, trade: Trade, path: str) -> None:
        origin = trade.issuance()
        title = trade.issue() if path == "live" else trade.delivered()
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
        world, title = trade.world, trade.given_up()

        outcome = trade.act(world.carrier, "switchToPaper", title, 2, TO_PAPER)

        assert trade.status(title) == PAPER
        assert outcome.event == Event(
            "TitleSwitchedToPaper",
            {"id": title, "seq": 3, "by": world.carrier.index, "reason": TO_PAPER},
        )

    def test_nothing_follows(self, trade: Trade) -> None:
        world, title = trade.world, ended_as_paper(trade)
        with refused("TitleNotLive", title, PAPER):
            trade.offer(title, 3, world.shipper, world.buyer)
        with refused("NoSurrenderPending", title, PAPER):
            trade.act(world.shipper, "cancelSurrender", title, 3)

    def test_its_successor_does(self, trade: Trade) -> None:
        world, title = trade.world, trade.given_up()
        world.revoke(world.carrier, world.other_carrier.index)
        trade.act(world.other_carrier, "switchToPaper", title, 2, TO_PAPER)
        assert trade.status(title) == PAPER

    def test_nobody_else_does(self, trade: Trade) -> None:
        title = trade.given_up()
        for party in (trade.world.shipper, trade.world.other_carrier):
            with refused("NotTheIssuer", title, party.index):
                trade.act(party, "switchToPaper", title, 2, TO_PAPER)

    def test_not_a_suspended_carrier(self, trade: Trade) -> None:
        title = trade.given_up()
        trade.world.set_status(trade.world.carrier, SUSPENDED)
        with refused("PartyNotActive", trade.world.carrier.index):
            trade.act(trade.world.carrier, "switchToPaper", title, 2, TO_PAPER)

    def test_also_a_party_that_is_no_carrier_any_more(self, trade: Trade) -> None:
        world, title = trade.world, trade.given_up()
        world.parties.transact(world.admin, "changeRoles", world.carrier.index, TRADER)
        trade.act(world.carrier, "switchToPaper", title, 2, TO_PAPER)
        assert trade.status(title) == PAPER

    def test_only_what_was_given_up_for_amendment(self, trade: Trade) -> None:
        title = trade.surrendered()
        with refused("NoSurrenderPending", title, PENDING_DELIVERY):
            trade.act(trade.world.carrier, "switchToPaper", title, 2, TO_PAPER)


class TestRevokedCarrier:
    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER, ORDER_FINAL, BLANK])
    def test_the_possessor_ends_the_title_as_paper_when_nobody_answers(
        self, trade: Trade, kind: int
    ) -> None:
        world, title = trade.world, trade.issue(trade.issuance(kind=kind))
        self.leave_alone(trade)

        outcome = trade.act(world.shipper, "endAsPaper", title, 1)

        assert trade.status(title) == PAPER
        assert outcome.event == Event(
            "TitleEndedAsPaper", {"id": title, "seq": 2, "by": world.shipper.index}
        )

    @pytest.mark.parametrize("pending", [PENDING_DELIVERY, PENDING_AMENDMENT])
    def test_also_one_that_it_has_surrendered(self, trade: Trade, pending: int) -> None:
        surrendered = pending == PENDING_DELIVERY
        title = trade.surrendered() if surrendered else trade.given_up()
        self.leave_alone(trade)
        trade.act(trade.world.shipper, "endAsPaper", title, 2)
        assert trade.status(title) == PAPER

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_whatever_the_possessors_standing(self, trade: Trade, status: int) -> None:
        title = trade.issue()
        trade.world.set_status(trade.world.shipper, status)
        self.leave_alone(trade)
        trade.act(trade.world.shipper, "endAsPaper", title, 1)
        assert trade.status(title) == PAPER

    def test_the_shipper_of_a_straight_title_that_its_consignee_has_not_got(
        self, trade: Trade
    ) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(kind=STRAIGHT, titleholder=world.buyer.index))
        self.leave_alone(trade)
        trade.act(world.shipper, "endAsPaper", title, 1)
        assert trade.status(title) == PAPER

    def test_not_a_possessor_of_a_title_to_anothers_order(self, trade: Trade) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(titleholder=world.buyer.index))
        self.leave_alone(trade)
        with refused("NotTheTitleholder", title, world.shipper.index):
            trade.act(world.shipper, "endAsPaper", title, 1)

    def test_nobody_else(self, trade: Trade) -> None:
        world, title = trade.world, trade.issue()
        self.leave_alone(trade)
        for party in (world.carrier, world.other_carrier, world.buyer, world.regulator):
            with refused("NotThePossessor", title, party.index):
                trade.act(party, "endAsPaper", title, 1)

    @pytest.mark.parametrize("status", [None, SUSPENDED])
    def test_not_while_the_carrier_is_a_member(self, trade: Trade, status: int | None) -> None:
        world, title = trade.world, trade.issue()
        if status is not None:
            world.set_status(world.carrier, status)
        with refused("CarrierNotRevoked", world.carrier.index):
            trade.act(world.shipper, "endAsPaper", title, 1)

    def test_not_while_a_successor_answers(self, trade: Trade) -> None:
        world, title = trade.world, trade.issue()
        world.revoke(world.carrier, world.other_carrier.index)
        world.wait(PAPER_DELAY)
        with refused("CarrierHasSuccessor", world.carrier.index, world.other_carrier.index):
            trade.act(world.shipper, "endAsPaper", title, 1)

    def test_not_before_the_delay_in_which_one_may_be_named(self, trade: Trade) -> None:
        world, title = trade.world, trade.issue()
        world.revoke(world.carrier)
        from_then = world.chain.now + PAPER_DELAY
        assert world.parties.call("revokedAt", world.carrier.index) == world.chain.now
        world.chain.next_block_at(from_then - 1)
        with refused("PaperTooEarly", title, from_then):
            trade.act(world.shipper, "endAsPaper", title, 1)
        trade.act(world.shipper, "endAsPaper", title, 1)
        assert trade.status(title) == PAPER

    def test_not_while_an_offer_is_open(self, trade: Trade) -> None:
        world = trade.world
        title = trade.offered(deadline=world.chain.now + 30 * DAY)
        self.leave_alone(trade)
        with refused("OfferAlreadyOpen", title, world.buyer.index):
            trade.act(world.shipper, "endAsPaper", title, 2)

    def test_not_while_it_is_pledged(self, trade: Trade) -> None:
        title = trade.pledged()
        self.leave_alone(trade)
        with refused("Pledged", title):
            trade.act(trade.world.shipper, "endAsPaper", title, 3)

    def test_not_what_has_ended(self, trade: Trade) -> None:
        title = trade.delivered()
        self.leave_alone(trade)
        with refused("TitleNotLive", title, DELIVERED):
            trade.act(trade.world.shipper, "endAsPaper", title, 3)

    @staticmethod
    def leave_alone(trade: Trade) -> None:
        """The carrier is revoked, names nobody, and the delay passes."""
        trade.world.revoke(trade.world.carrier)
        trade.world.wait(PAPER_DELAY)
