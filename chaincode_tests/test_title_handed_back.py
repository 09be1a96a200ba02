"""How possession goes to whom the title is made out: a way out for both, in any standing."""

import pytest

from chaincode_tests.consortium import REVOKED, SUSPENDED
from chaincode_tests.trade import (
    BLANK,
    BOTH,
    FINAL,
    LIVE,
    ORDER,
    ORDER_FINAL,
    PENDING_DELIVERY,
    POSSESSION,
    STRAIGHT,
    TITLE,
    Trade,
    refused,
)

MADE_OUT = [STRAIGHT, ORDER, ORDER_FINAL]
NOT_ACTIVE = [SUSPENDED, REVOKED]


def held(trade: Trade, kind: int = ORDER) -> bytes:
    """The id of a title that the bank possesses, and that is made out to the buyer."""
    world = trade.world
    return trade.issue(
        trade.issuance(kind=kind, possessor=world.bank.index, titleholder=world.buyer.index)
    )


def handed_back(trade: Trade, title: bytes, seq: int = 1, what: int = POSSESSION) -> None:
    trade.offer(title, seq, trade.world.bank, trade.world.buyer, what=what)


@pytest.mark.parametrize("kind", MADE_OUT)
class TestWhoeverStandsHow:
    @pytest.mark.parametrize("status", NOT_ACTIVE)
    def test_a_possessor_that_may_not_act_gives_the_title_to_its_titleholder(
        self, trade: Trade, kind: int, status: int
    ) -> None:
        world, title = trade.world, held(trade, kind)
        world.set_status(world.bank, status)
        handed_back(trade, title)
        trade.act(world.buyer, "accept", title, 2)
        record = trade.title(title)
        assert (record["status"], record["possessor"]) == (LIVE, world.buyer.index)
        assert (record["titleholder"], record["kind"]) == (world.buyer.index, kind)

    @pytest.mark.parametrize("status", NOT_ACTIVE)
    def test_a_titleholder_that_may_not_act_takes_it_and_surrenders(
        self, trade: Trade, kind: int, status: int
    ) -> None:
        world, title = trade.world, held(trade, kind)
        world.set_status(world.buyer, status)
        handed_back(trade, title)
        trade.act(world.buyer, "accept", title, 2)
        trade.act(world.buyer, "surrenderForDelivery", title, 3)
        assert trade.status(title) == PENDING_DELIVERY

    def test_also_where_neither_is_a_member_any_more(self, trade: Trade, kind: int) -> None:
        world, title = trade.world, held(trade, kind)
        world.revoke(world.bank)
        world.revoke(world.buyer)
        handed_back(trade, title)
        trade.act(world.buyer, "accept", title, 2)
        assert trade.title(title)["possessor"] == world.buyer.index


class TestNothingElse:
    @pytest.mark.parametrize("what", [TITLE, BOTH, BOTH | FINAL])
    def test_a_possessor_that_may_not_act_offers_no_more_than_possession(
        self, trade: Trade, what: int
    ) -> None:
        world, title = trade.world, held(trade)
        world.revoke(world.bank)
        with refused("PartyNotActive", world.bank.index):
            handed_back(trade, title, what=what)

    def test_and_to_nobody_but_the_titleholder(self, trade: Trade) -> None:
        world, title = trade.world, held(trade)
        world.revoke(world.bank)
        with refused("PartyNotActive", world.bank.index):
            trade.offer(title, 1, world.bank, world.shipper, what=POSSESSION)

    def test_of_a_title_in_blank_there_is_no_titleholder(self, trade: Trade) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(kind=BLANK, possessor=world.bank.index))
        world.revoke(world.bank)
        for nobody in (0, world.buyer.index):
            with refused("PartyNotActive", world.bank.index):
                until = trade.in_an_hour()
                trade.act(world.bank, "offer", title, 1, nobody, POSSESSION, until)

    @pytest.mark.parametrize("status", NOT_ACTIVE)
    def test_nobody_else_is_offered_anything_that_is_not_active(
        self, trade: Trade, status: int
    ) -> None:
        world, title = trade.world, held(trade)
        world.set_status(world.shipper, status)
        with refused("PartyNotActive", world.shipper.index):
            trade.offer(title, 1, world.bank, world.shipper, what=POSSESSION)

    def test_the_other_guards_of_an_offer_stay(self, trade: Trade) -> None:
        world, title = trade.world, held(trade)
        world.revoke(world.bank)
        now = world.chain.now
        with refused("DeadlineInThePast", now):
            trade.offer(title, 1, world.bank, world.buyer, what=POSSESSION, deadline=now)
        with refused("NotThePossessor", title, world.shipper.index):
            trade.offer(title, 1, world.shipper, world.buyer, what=POSSESSION)
        handed_back(trade, title)
        with refused("OfferAlreadyOpen", title, world.buyer.index):
            handed_back(trade, title, seq=2)

    def test_a_titleholder_that_may_not_act_takes_it_before_the_deadline(
        self, trade: Trade
    ) -> None:
        world, title = trade.world, held(trade)
        handed_back(trade, title)
        deadline = trade.title(title)["deadline"]
        world.revoke(world.buyer)
        world.chain.next_block_at(deadline)
        with refused("OfferExpired", title, deadline):
            trade.act(world.buyer, "accept", title, 2)

    def test_who_may_not_act_takes_nothing_that_is_anothers(self, trade: Trade) -> None:
        world, title = trade.world, held(trade)
        trade.offer(title, 1, world.bank, world.shipper, what=POSSESSION)
        world.revoke(world.shipper)
        with refused("PartyNotActive", world.shipper.index):
            trade.act(world.shipper, "accept", title, 2)

    def test_of_a_pledged_title_only_what_the_pledgee_lets_go(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer, what=POSSESSION)
        trade.act(world.bank, "consent", title, 4)
        trade.act(world.buyer, "accept", title, 5)
        world.revoke(world.shipper)
        trade.offer(title, 6, world.buyer, world.shipper, what=POSSESSION)
        with refused("ConsentMissing", title):
            trade.act(world.shipper, "accept", title, 7)
        trade.act(world.bank, "consent", title, 7)
        trade.act(world.shipper, "accept", title, 8)
        assert trade.title(title)["possessor"] == world.shipper.index

    def test_what_a_pledgee_enforces_is_for_active_parties(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged(kind=BLANK)
        until = trade.in_an_hour()
        trade.act(world.bank, "enforcePledge", title, 3, world.buyer.index, until)
        world.revoke(world.buyer)
        with refused("PartyNotActive", world.buyer.index):
            trade.act(world.buyer, "accept", title, 4)
