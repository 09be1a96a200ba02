"""How a title ends: surrendered by who is entitled, answered by its carrier."""

import pytest

from chaincode_tests.consortium import REVOKED, SUSPENDED
from chaincode_tests.contract import Event
from chaincode_tests.trade import (
    BLANK,
    DELIVERED,
    LIVE,
    NO_PARTY,
    ORDER,
    ORDER_FINAL,
    PENDING_DELIVERY,
    POSSESSION,
    STRAIGHT,
    TITLE,
    Trade,
    refused,
)

WRONG_PARTY = 2


class TestSurrender:
    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER, ORDER_FINAL, BLANK])
    def test_who_is_entitled_asks_for_delivery(self, trade: Trade, kind: int) -> None:
        world, title = trade.world, trade.issue(trade.issuance(kind=kind))

        outcome = trade.act(world.shipper, "surrenderForDelivery", title, 1)

        record = trade.title(title)
        assert (record["status"], record["seq"]) == (PENDING_DELIVERY, 2)
        assert outcome.event == Event(
            "SurrenderRequested",
            {
                "id": title,
                "seq": 2,
                "by": world.shipper.index,
                "pending": PENDING_DELIVERY,
                "reason": 0,
            },
        )

    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER, ORDER_FINAL])
    def test_a_possessor_who_is_not_titleholder_may_not(self, trade: Trade, kind: int) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(kind=kind, titleholder=world.buyer.index))
        with refused("NotTheTitleholder", title, world.shipper.index):
            trade.act(world.shipper, "surrenderForDelivery", title, 1)

    def test_a_titleholder_who_is_not_possessor_may_not(self, trade: Trade) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(titleholder=world.buyer.index))
        with refused("NotThePossessor", title, world.buyer.index):
            trade.act(world.buyer, "surrenderForDelivery", title, 1)

    def test_title_and_possession_meet_again_and_then_it_may(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered(what=TITLE)
        trade.act(world.buyer, "accept", title, 2)
        trade.offer(title, 3, world.shipper, world.buyer, what=POSSESSION)
        trade.act(world.buyer, "accept", title, 4)
        trade.act(world.buyer, "surrenderForDelivery", title, 5)
        assert trade.title(title)["status"] == PENDING_DELIVERY

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_a_holder_of_whatever_standing_may(self, trade: Trade, status: int) -> None:
        """To lose its membership is not to lose its cargo."""
        world, title = trade.world, trade.issue()
        world.set_status(world.shipper, status)
        trade.act(world.shipper, "surrenderForDelivery", title, 1)
        assert trade.title(title)["status"] == PENDING_DELIVERY

    def test_not_while_it_is_pledged(self, trade: Trade) -> None:
        title = trade.pledged()
        with refused("Pledged", title):
            trade.act(trade.world.shipper, "surrenderForDelivery", title, 3)

    def test_not_while_an_offer_is_open(self, trade: Trade) -> None:
        title = trade.offered()
        with refused("OfferAlreadyOpen", title, trade.world.buyer.index):
            trade.act(trade.world.shipper, "surrenderForDelivery", title, 2)

    def test_an_expired_offer_is_cleared_by_it(self, trade: Trade) -> None:
        deadline = trade.in_an_hour()
        title = trade.offered(deadline=deadline)
        trade.world.chain.next_block_at(deadline)
        trade.act(trade.world.shipper, "surrenderForDelivery", title, 2)
        record = trade.title(title)
        assert (record["offeree"], record["offered"], record["deadline"]) == (NO_PARTY, 0, 0)

    def test_not_twice(self, trade: Trade) -> None:
        title = trade.surrendered()
        with refused("TitleNotLive", title, PENDING_DELIVERY):
            trade.act(trade.world.shipper, "surrenderForDelivery", title, 2)

    def test_a_delivered_title_is_not_surrendered_again(self, trade: Trade) -> None:
        title = trade.delivered()
        with refused("TitleNotLive", title, DELIVERED):
            trade.act(trade.world.shipper, "surrenderForDelivery", title, 3)

    @pytest.mark.parametrize("act", ["accept", "decline", "withdraw"])
    def test_a_surrendered_title_answers_to_no_offer(self, trade: Trade, act: str) -> None:
        title = trade.surrendered()
        with refused("TitleNotLive", title, PENDING_DELIVERY):
            trade.act(trade.world.shipper, act, title, 2)


class TestAcceptSurrender:
    def test_the_carrier_takes_the_title_in(self, trade: Trade) -> None:
        world, title = trade.world, trade.surrendered()

        outcome = trade.act(world.carrier, "acceptSurrender", title, 2)

        record = trade.title(title)
        assert (record["status"], record["seq"]) == (DELIVERED, 3)
        assert (record["possessor"], record["titleholder"]) == (world.shipper.index,) * 2
        assert outcome.event == Event(
            "TitleSurrendered", {"id": title, "seq": 3, "by": world.carrier.index}
        )

    def test_no_act_follows(self, trade: Trade) -> None:
        world, title = trade.world, trade.delivered()
        for act in ("withdraw", "accept", "decline", "surrenderForDelivery"):
            with refused("TitleNotLive", title, DELIVERED):
                trade.act(world.shipper, act, title, 3)
        with refused("NoSurrenderPending", title, DELIVERED):
            trade.act(world.carrier, "acceptSurrender", title, 3)
        with refused("NoSurrenderPending", title, DELIVERED):
            trade.act(world.carrier, "rejectSurrender", title, 3, WRONG_PARTY)


class TestRejectSurrender:
    @pytest.mark.parametrize("reason", [1, 2, 3, 4, 255])
    def test_the_carrier_gives_the_title_back(self, trade: Trade, reason: int) -> None:
        world, title = trade.world, trade.surrendered()

        outcome = trade.act(world.carrier, "rejectSurrender", title, 2, reason)

        record = trade.title(title)
        assert (record["status"], record["seq"]) == (LIVE, 3)
        assert (record["possessor"], record["titleholder"]) == (world.shipper.index,) * 2
        assert outcome.event == Event(
            "SurrenderRejected",
            {"id": title, "seq": 3, "by": world.carrier.index, "reason": reason},
        )

    def test_it_can_be_offered_and_surrendered_again(self, trade: Trade) -> None:
        world, title = trade.world, trade.surrendered()
        trade.act(world.carrier, "rejectSurrender", title, 2, WRONG_PARTY)
        trade.offer(title, 3, world.shipper, world.buyer)
        trade.act(world.buyer, "accept", title, 4)
        trade.act(world.buyer, "surrenderForDelivery", title, 5)
        trade.act(world.carrier, "acceptSurrender", title, 6)
        assert trade.title(title)["status"] == DELIVERED


ANSWERS = [("acceptSurrender", ()), ("rejectSurrender", (WRONG_PARTY,))]


@pytest.mark.parametrize(("answer", "more"), ANSWERS)
class TestSuccessor:
    def test_the_successor_of_a_revoked_carrier_answers(
        self, trade: Trade, answer: str, more: tuple[int, ...]
    ) -> None:
        world, title = trade.world, trade.surrendered()
        world.revoke(world.carrier, world.other_carrier.index)
        outcome = trade.act(world.other_carrier, answer, title, 2, *more)
        assert outcome.event.fields["by"] == world.other_carrier.index

    def test_also_one_that_was_named_later(
        self, trade: Trade, answer: str, more: tuple[int, ...]
    ) -> None:
        world, title = trade.world, trade.surrendered()
        world.revoke(world.carrier)
        with refused("NotTheIssuer", title, world.other_carrier.index):
            trade.act(world.other_carrier, answer, title, 2, *more)
        successor = (world.carrier.index, world.other_carrier.index)
        world.parties.transact(world.admin, "nameSuccessor", *successor)
        trade.act(world.other_carrier, answer, title, 2, *more)

    def test_not_while_it_is_suspended(
        self, trade: Trade, answer: str, more: tuple[int, ...]
    ) -> None:
        world, title = trade.world, trade.surrendered()
        world.revoke(world.carrier, world.other_carrier.index)
        world.set_status(world.other_carrier, SUSPENDED)
        with refused("PartyNotActive", world.other_carrier.index):
            trade.act(world.other_carrier, answer, title, 2, *more)


@pytest.mark.parametrize(("answer", "more"), ANSWERS)
class TestWhoAnswers:
    def test_not_the_holder(self, trade: Trade, answer: str, more: tuple[int, ...]) -> None:
        title = trade.surrendered()
        with refused("NotTheIssuer", title, trade.world.shipper.index):
            trade.act(trade.world.shipper, answer, title, 2, *more)

    def test_not_another_carrier(self, trade: Trade, answer: str, more: tuple[int, ...]) -> None:
        title = trade.surrendered()
        with refused("NotTheIssuer", title, trade.world.other_carrier.index):
            trade.act(trade.world.other_carrier, answer, title, 2, *more)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_not_a_carrier_that_is_not_active(
        self, trade: Trade, answer: str, more: tuple[int, ...], status: int
    ) -> None:
        title = trade.surrendered()
        trade.world.set_status(trade.world.carrier, status)
        with refused("PartyNotActive", trade.world.carrier.index):
            trade.act(trade.world.carrier, answer, title, 2, *more)

    def test_not_unless_it_was_surrendered(
        self, trade: Trade, answer: str, more: tuple[int, ...]
    ) -> None:
        title = trade.issue()
        with refused("NoSurrenderPending", title, LIVE):
            trade.act(trade.world.carrier, answer, title, 1, *more)
