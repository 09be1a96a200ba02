"""How a title is given up so that its carrier changes it, and how that is taken back."""

import pytest

from chaincode_tests.consortium import REVOKED, SUSPENDED
from chaincode_tests.contract import Event
from chaincode_tests.trade import (
    BLANK,
    DELIVERED,
    LIVE,
    ORDER,
    ORDER_FINAL,
    PENDING_AMENDMENT,
    STRAIGHT,
    Trade,
    refused,
)

CORRECTION = 1


class TestSurrenderForAmendment:
    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER, ORDER_FINAL, BLANK])
    def test_who_disposes_of_the_title_gives_it_up(self, trade: Trade, kind: int) -> None:
        world, title = trade.world, trade.issue(trade.issuance(kind=kind))

        outcome = trade.act(world.shipper, "surrenderForAmendment", title, 1, CORRECTION)

        assert trade.status(title) == PENDING_AMENDMENT
        assert outcome.event == Event(
            "SurrenderRequested",
            {
                "id": title,
                "seq": 2,
                "by": world.shipper.index,
                "pending": PENDING_AMENDMENT,
                "reason": CORRECTION,
            },
        )

    def test_a_straight_title_is_the_shippers_to_dispose_of_until_the_consignee_has_it(
        self, trade: Trade
    ) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(kind=STRAIGHT, titleholder=world.buyer.index))
        with refused("NotTheTitleholder", title, world.shipper.index):
            trade.act(world.shipper, "surrenderForDelivery", title, 1)
        trade.act(world.shipper, "surrenderForAmendment", title, 1, CORRECTION)
        assert trade.status(title) == PENDING_AMENDMENT

    @pytest.mark.parametrize("kind", [ORDER, ORDER_FINAL])
    def test_a_title_to_order_is_not_its_mere_possessors(self, trade: Trade, kind: int) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(kind=kind, titleholder=world.buyer.index))
        with refused("NotTheTitleholder", title, world.shipper.index):
            trade.act(world.shipper, "surrenderForAmendment", title, 1, CORRECTION)
        with refused("NotThePossessor", title, world.buyer.index):
            trade.act(world.buyer, "surrenderForAmendment", title, 1, CORRECTION)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_whatever_its_standing(self, trade: Trade, status: int) -> None:
        title = trade.issue()
        trade.world.set_status(trade.world.shipper, status)
        trade.act(trade.world.shipper, "surrenderForAmendment", title, 1, CORRECTION)
        assert trade.status(title) == PENDING_AMENDMENT

    def test_not_while_an_offer_is_open(self, trade: Trade) -> None:
        title = trade.offered()
        with refused("OfferAlreadyOpen", title, trade.world.buyer.index):
            trade.act(trade.world.shipper, "surrenderForAmendment", title, 2, CORRECTION)

    def test_it_is_not_answered_as_one_for_delivery(self, trade: Trade) -> None:
        title = trade.given_up()
        with refused("NoSurrenderPending", title, PENDING_AMENDMENT):
            trade.act(trade.world.carrier, "acceptSurrender", title, 2)

    def test_the_carrier_gives_it_back(self, trade: Trade) -> None:
        title = trade.given_up()
        trade.act(trade.world.carrier, "rejectSurrender", title, 2, 4)
        assert trade.status(title) == LIVE


class TestCancelSurrender:
    @pytest.mark.parametrize("act", ["surrenderForDelivery", "surrenderForAmendment"])
    @pytest.mark.parametrize("status", [None, SUSPENDED, REVOKED])
    def test_who_gave_the_title_up_takes_it_back(
        self, trade: Trade, act: str, status: int | None
    ) -> None:
        world, title = trade.world, trade.issue()
        reason = () if act == "surrenderForDelivery" else (CORRECTION,)
        trade.act(world.shipper, act, title, 1, *reason)
        if status is not None:
            world.set_status(world.shipper, status)

        outcome = trade.act(world.shipper, "cancelSurrender", title, 2)

        assert trade.status(title) == LIVE
        assert outcome.event == Event(
            "SurrenderCancelled", {"id": title, "seq": 3, "by": world.shipper.index}
        )

    def test_nobody_else_does(self, trade: Trade) -> None:
        title = trade.given_up()
        for party in (trade.world.carrier, trade.world.buyer):
            with refused("NotThePossessor", title, party.index):
                trade.act(party, "cancelSurrender", title, 2)

    def test_not_after_the_answer(self, trade: Trade) -> None:
        title = trade.delivered()
        with refused("NoSurrenderPending", title, DELIVERED):
            trade.act(trade.world.shipper, "cancelSurrender", title, 3)
