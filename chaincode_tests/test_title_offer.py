"""How a title is offered, and how the offer ends without a transfer."""

import pytest

from chaincode_tests.consortium import REVOKED, SUSPENDED
from chaincode_tests.contract import Event
from chaincode_tests.trade import (
    BLANK,
    BOTH,
    FINAL,
    HOUR,
    LIVE,
    NO_PARTY,
    ORDER,
    ORDER_FINAL,
    POSSESSION,
    STRAIGHT,
    TITLE,
    Trade,
    refused,
)

UNKNOWN_PARTY = 99


class TestOffer:
    @pytest.mark.parametrize("what", [POSSESSION, TITLE, BOTH])
    def test_the_possessor_and_titleholder_offers_either_or_both(
        self, trade: Trade, what: int
    ) -> None:
        world, title = trade.world, trade.issue()
        deadline = trade.in_an_hour()

        outcome = trade.offer(title, 1, world.shipper, world.buyer, what=what, deadline=deadline)

        record = trade.title(title)
        assert (record["offeree"], record["offered"], record["deadline"], record["seq"]) == (
            world.buyer.index,
            what,
            deadline,
            2,
        )
        assert outcome.event == Event(
            "TitleOffered",
            {
                "id": title,
                "seq": 2,
                "sender": world.shipper.index,
                "recipient": world.buyer.index,
                "what": what,
                "deadline": deadline,
            },
        )

    def test_nothing_moves_before_it_is_accepted(self, trade: Trade) -> None:
        record = trade.title(trade.offered())
        shipper = trade.world.shipper.index
        assert (record["possessor"], record["titleholder"]) == (shipper, shipper)
        assert record["status"] == LIVE

    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER, ORDER_FINAL, BLANK])
    def test_possession_of_every_kind_can_be_offered(self, trade: Trade, kind: int) -> None:
        title = trade.offered(kind=kind, what=POSSESSION)
        assert trade.title(title)["offered"] == POSSESSION

    @pytest.mark.parametrize("what", [TITLE, BOTH, TITLE | FINAL, BOTH | FINAL])
    def test_the_possessor_of_a_title_in_blank_offers_either_or_both(
        self, trade: Trade, what: int
    ) -> None:
        title = trade.offered(kind=BLANK, what=what)
        assert trade.title(title)["offered"] == what

    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER_FINAL])
    @pytest.mark.parametrize("what", [TITLE, BOTH, BOTH | FINAL])
    def test_title_moves_only_of_one_to_order_or_in_blank(
        self, trade: Trade, kind: int, what: int
    ) -> None:
        title = trade.issue(trade.issuance(kind=kind))
        with refused("KindForbidsTransfer", title, kind):
            trade.offer(title, 1, trade.world.shipper, trade.world.buyer, what=what)

    @pytest.mark.parametrize("what", [TITLE, BOTH])
    def test_a_possessor_without_title_does_not_offer_it(self, trade: Trade, what: int) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(titleholder=world.bank.index))
        with refused("NotTheTitleholder", title, world.shipper.index):
            trade.offer(title, 1, world.shipper, world.buyer, what=what)

    def test_a_possessor_without_title_offers_possession(self, trade: Trade) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(titleholder=world.bank.index))
        trade.offer(title, 1, world.shipper, world.buyer, what=POSSESSION)
        assert trade.title(title)["offeree"] == world.buyer.index

    def test_a_titleholder_without_possession_offers_nothing(self, trade: Trade) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(titleholder=world.bank.index))
        with refused("NotThePossessor", title, world.bank.index):
            trade.offer(title, 1, world.bank, world.buyer, what=TITLE)

    def test_the_issuer_has_no_say_in_it(self, trade: Trade) -> None:
        world, title = trade.world, trade.issue()
        with refused("NotThePossessor", title, world.carrier.index):
            trade.offer(title, 1, world.carrier, world.buyer)

    @pytest.mark.parametrize("what", [FINAL, POSSESSION | FINAL])
    def test_nobody_is_the_last_titleholder_without_the_title(
        self, trade: Trade, what: int
    ) -> None:
        title = trade.issue()
        with refused("FinalWithoutTitle", what):
            trade.offer(title, 1, trade.world.shipper, trade.world.buyer, what=what)

    @pytest.mark.parametrize("what", [0, 8, 16, 33, 255])
    def test_there_is_something_to_offer(self, trade: Trade, what: int) -> None:
        title = trade.issue()
        with refused("NothingOffered", what):
            trade.offer(title, 1, trade.world.shipper, trade.world.buyer, what=what)

    def test_a_suspended_possessor_offers_nothing(self, trade: Trade) -> None:
        world, title = trade.world, trade.issue()
        world.set_status(world.shipper, SUSPENDED)
        with refused("PartyNotActive", world.shipper.index):
            trade.offer(title, 1, world.shipper, world.buyer)

    def test_a_title_that_is_surrendered_is_not_offered(self, trade: Trade) -> None:
        title = trade.surrendered()
        with refused("TitleNotLive", title, 2):
            trade.offer(title, 2, trade.world.shipper, trade.world.buyer)

    def test_a_delivered_title_is_not_offered(self, trade: Trade) -> None:
        title = trade.delivered()
        with refused("TitleNotLive", title, 4):
            trade.offer(title, 3, trade.world.shipper, trade.world.buyer)


class TestRecipient:
    def test_it_is_somebody_else(self, trade: Trade) -> None:
        title = trade.issue()
        with refused("OfferToSelf", title):
            trade.offer(title, 1, trade.world.shipper, trade.world.shipper)

    @pytest.mark.parametrize("recipient", [NO_PARTY, UNKNOWN_PARTY])
    def test_it_is_enrolled(self, trade: Trade, recipient: int) -> None:
        title = trade.issue()
        terms = (title, 1, recipient, BOTH, trade.in_an_hour())
        with refused("PartyNotActive", recipient):
            trade.act(trade.world.shipper, "offer", *terms)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_it_is_active(self, trade: Trade, status: int) -> None:
        world, title = trade.world, trade.issue()
        world.set_status(world.buyer, status)
        with refused("PartyNotActive", world.buyer.index):
            trade.offer(title, 1, world.shipper, world.buyer)


class TestDeadline:
    def test_it_is_after_the_block_of_the_offer(self, trade: Trade) -> None:
        title, now = trade.issue(), trade.world.chain.now + HOUR
        trade.world.chain.next_block_at(now)
        with refused("DeadlineInThePast", now):
            trade.offer(title, 1, trade.world.shipper, trade.world.buyer, deadline=now)

    def test_one_second_is_enough(self, trade: Trade) -> None:
        title, now = trade.issue(), trade.world.chain.now + HOUR
        trade.world.chain.next_block_at(now)
        trade.offer(title, 1, trade.world.shipper, trade.world.buyer, deadline=now + 1)
        assert trade.title(title)["deadline"] == now + 1


class TestAnotherOffer:
    def test_it_waits_for_the_end_of_an_open_one(self, trade: Trade) -> None:
        title = trade.offered()
        with refused("OfferAlreadyOpen", title, trade.world.buyer.index):
            trade.offer(title, 2, trade.world.shipper, trade.world.bank)

    def test_it_replaces_one_whose_deadline_has_come(self, trade: Trade) -> None:
        world, deadline = trade.world, trade.in_an_hour()
        title = trade.offered(deadline=deadline)
        world.chain.next_block_at(deadline)
        trade.offer(title, 2, world.shipper, world.bank, what=POSSESSION, deadline=deadline + HOUR)
        record = trade.title(title)
        assert (record["offeree"], record["offered"], record["deadline"], record["seq"]) == (
            world.bank.index,
            POSSESSION,
            deadline + HOUR,
            3,
        )

    def test_it_waits_until_the_last_second(self, trade: Trade) -> None:
        world, deadline = trade.world, trade.in_an_hour()
        title = trade.offered(deadline=deadline)
        world.chain.next_block_at(deadline - 1)
        with refused("OfferAlreadyOpen", title, world.buyer.index):
            trade.offer(title, 2, world.shipper, world.bank, deadline=deadline + HOUR)

    def test_the_former_offeree_of_a_replaced_offer_accepts_nothing(self, trade: Trade) -> None:
        world, deadline = trade.world, trade.in_an_hour()
        title = trade.offered(deadline=deadline)
        world.chain.next_block_at(deadline)
        trade.offer(title, 2, world.shipper, world.bank, deadline=deadline + HOUR)
        with refused("NotTheOfferee", title, world.buyer.index):
            trade.act(world.buyer, "accept", title, 3)


class TestWithdraw:
    def test_the_possessor_takes_its_offer_back(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered()

        outcome = trade.act(world.shipper, "withdraw", title, 2)

        record = trade.title(title)
        assert (record["offeree"], record["offered"], record["deadline"], record["seq"]) == (
            NO_PARTY,
            0,
            0,
            3,
        )
        assert outcome.event == Event(
            "OfferWithdrawn", {"id": title, "seq": 3, "by": world.shipper.index}
        )

    def test_a_withdrawn_offer_cannot_be_accepted(self, trade: Trade) -> None:
        title = trade.offered()
        trade.act(trade.world.shipper, "withdraw", title, 2)
        with refused("NoOpenOffer", title):
            trade.act(trade.world.buyer, "accept", title, 3)

    def test_an_expired_offer_can_be_taken_back_too(self, trade: Trade) -> None:
        deadline = trade.in_an_hour()
        title = trade.offered(deadline=deadline)
        trade.world.chain.next_block_at(deadline + HOUR)
        trade.act(trade.world.shipper, "withdraw", title, 2)
        assert trade.title(title)["offeree"] == NO_PARTY

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_whatever_its_standing(self, trade: Trade, status: int) -> None:
        title = trade.offered()
        trade.world.set_status(trade.world.shipper, status)
        trade.act(trade.world.shipper, "withdraw", title, 2)
        assert trade.title(title)["offeree"] == NO_PARTY

    def test_the_offeree_may_not(self, trade: Trade) -> None:
        title = trade.offered()
        with refused("NotThePossessor", title, trade.world.buyer.index):
            trade.act(trade.world.buyer, "withdraw", title, 2)

    def test_there_is_an_offer_to_take_back(self, trade: Trade) -> None:
        title = trade.issue()
        with refused("NoOpenOffer", title):
            trade.act(trade.world.shipper, "withdraw", title, 1)


class TestDecline:
    def test_the_offeree_says_no(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered()

        outcome = trade.act(world.buyer, "decline", title, 2)

        record = trade.title(title)
        assert (record["offeree"], record["offered"], record["deadline"], record["seq"]) == (
            NO_PARTY,
            0,
            0,
            3,
        )
        assert (record["possessor"], record["titleholder"]) == (
            world.shipper.index,
            world.shipper.index,
        )
        assert outcome.event == Event(
            "OfferDeclined", {"id": title, "seq": 3, "by": world.buyer.index}
        )

    def test_also_after_the_deadline(self, trade: Trade) -> None:
        deadline = trade.in_an_hour()
        title = trade.offered(deadline=deadline)
        trade.world.chain.next_block_at(deadline + HOUR)
        trade.act(trade.world.buyer, "decline", title, 2)
        assert trade.title(title)["offeree"] == NO_PARTY

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_whatever_its_standing(self, trade: Trade, status: int) -> None:
        title = trade.offered()
        trade.world.set_status(trade.world.buyer, status)
        trade.act(trade.world.buyer, "decline", title, 2)
        assert trade.title(title)["offeree"] == NO_PARTY

    def test_nobody_else_declines(self, trade: Trade) -> None:
        title = trade.offered()
        for party in (trade.world.shipper, trade.world.bank, trade.world.carrier):
            with refused("NotTheOfferee", title, party.index):
                trade.act(party, "decline", title, 2)

    def test_there_is_an_offer_to_decline(self, trade: Trade) -> None:
        title = trade.issue()
        with refused("NoOpenOffer", title):
            trade.act(trade.world.buyer, "decline", title, 1)
