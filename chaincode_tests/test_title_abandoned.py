"""How a possessor ends a title as paper by itself, when nobody is left to answer for it."""

import pytest

from chaincode_tests.consortium import (
    CARRIER,
    DAY,
    PAPER_DELAY,
    REVOKED,
    SUSPENDED,
    Party,
    enrol,
)
from chaincode_tests.contract import Event
from chaincode_tests.trade import (
    BLANK,
    DELIVERED,
    ORDER,
    ORDER_FINAL,
    PAPER,
    PENDING_AMENDMENT,
    PENDING_DELIVERY,
    STRAIGHT,
    Trade,
    refused,
)


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

    def test_also_once_the_successor_is_revoked_in_turn(self, trade: Trade) -> None:
        world, title = trade.world, trade.surrendered()
        world.revoke(world.carrier, world.other_carrier.index)
        self.leave_alone(trade, world.other_carrier)
        trade.act(world.shipper, "endAsPaper", title, 2)
        assert trade.status(title) == PAPER

    @pytest.mark.parametrize("apart", [DAY, 2 * PAPER_DELAY])
    def test_then_the_delay_runs_from_the_later_revocation(self, trade: Trade, apart: int) -> None:
        world, title = trade.world, trade.issue()
        world.revoke(world.carrier)
        heir = world.other_carrier
        world.wait(apart)
        world.parties.transact(world.admin, "nameSuccessor", world.carrier.index, heir.index)
        world.revoke(heir)
        from_then = world.chain.now + PAPER_DELAY
        world.chain.next_block_at(from_then - 1)
        with refused("PaperTooEarly", title, from_then):
            trade.act(world.shipper, "endAsPaper", title, 1)
        trade.act(world.shipper, "endAsPaper", title, 1)
        assert trade.status(title) == PAPER

    def test_not_while_another_successor_answers_in_place_of_the_revoked_one(
        self, trade: Trade
    ) -> None:
        world, title = trade.world, trade.issue()
        third = enrol(world.parties, world.admin, CARRIER, world.fresh_account())
        world.revoke(world.carrier, world.other_carrier.index)
        self.leave_alone(trade, world.other_carrier)
        world.parties.transact(world.admin, "nameSuccessor", world.carrier.index, third.index)
        with refused("CarrierHasSuccessor", world.carrier.index, third.index):
            trade.act(world.shipper, "endAsPaper", title, 1)

    def test_not_while_the_successor_is_but_suspended(self, trade: Trade) -> None:
        world, title = trade.world, trade.issue()
        world.revoke(world.carrier, world.other_carrier.index)
        world.set_status(world.other_carrier, SUSPENDED)
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
    def leave_alone(trade: Trade, last: Party | None = None) -> None:
        """The carrier, or who succeeds it, is revoked, names nobody, and the delay passes."""
        trade.world.revoke(last or trade.world.carrier)
        trade.world.wait(PAPER_DELAY)
