"""How control of a title moves: by the offeree's own act, and wholly in it."""

import pytest

from chaincode_tests.consortium import CARRIER, REVOKED, SUSPENDED, TRADER
from chaincode_tests.contract import Event
from chaincode_tests.trade import (
    BLANK,
    BOTH,
    FINAL,
    NO_PARTY,
    ORDER,
    ORDER_FINAL,
    POSSESSION,
    TITLE,
    Trade,
    refused,
)


class TestAccept:
    def test_a_joint_offer_moves_possession_and_title(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered(what=BOTH)

        outcome = trade.act(world.buyer, "accept", title, 2)

        record = trade.title(title)
        assert (record["possessor"], record["titleholder"]) == (world.buyer.index,) * 2
        assert (record["offeree"], record["offered"], record["deadline"], record["seq"]) == (
            NO_PARTY,
            0,
            0,
            3,
        )
        assert outcome.event == Event(
            "TitleTransferred",
            {
                "id": title,
                "seq": 3,
                "recipient": world.buyer.index,
                "possessor": world.buyer.index,
                "titleholder": world.buyer.index,
                "kind": ORDER,
            },
        )

    def test_an_offer_of_possession_moves_possession_alone(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered(what=POSSESSION)

        outcome = trade.act(world.buyer, "accept", title, 2)

        record = trade.title(title)
        assert (record["possessor"], record["titleholder"]) == (
            world.buyer.index,
            world.shipper.index,
        )
        assert outcome.event.fields["possessor"] == world.buyer.index
        assert outcome.event.fields["titleholder"] == world.shipper.index

    def test_an_offer_of_title_leaves_possession_where_it_is(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered(what=TITLE)

        outcome = trade.act(world.buyer, "accept", title, 2)

        record = trade.title(title)
        assert (record["possessor"], record["titleholder"]) == (
            world.shipper.index,
            world.buyer.index,
        )
        assert outcome.event.fields["recipient"] == world.buyer.index
        assert outcome.event.fields["possessor"] == world.shipper.index

    def test_a_title_in_blank_stays_in_blank(self, trade: Trade) -> None:
        title = trade.offered(kind=BLANK, what=POSSESSION)
        trade.act(trade.world.buyer, "accept", title, 2)
        record = trade.title(title)
        assert (record["possessor"], record["titleholder"]) == (trade.world.buyer.index, NO_PARTY)

    @pytest.mark.parametrize("what", [TITLE, BOTH])
    def test_who_takes_the_title_of_one_in_blank_has_it_made_out_to_itself(
        self, trade: Trade, what: int
    ) -> None:
        """The special endorsement that ends the one in blank."""
        world, title = trade.world, trade.offered(kind=BLANK, what=what)
        outcome = trade.act(world.buyer, "accept", title, 2)
        record = trade.title(title)
        assert (record["titleholder"], record["kind"]) == (world.buyer.index, ORDER)
        assert record["possessor"] == (world.buyer if what == BOTH else world.shipper).index
        assert outcome.event.fields["kind"] == ORDER

    @pytest.mark.parametrize("kind", [ORDER, BLANK])
    @pytest.mark.parametrize("what", [TITLE, BOTH])
    def test_the_last_titleholder_passes_the_title_to_nobody(
        self, trade: Trade, kind: int, what: int
    ) -> None:
        world, title = trade.world, trade.offered(kind=kind, what=what | FINAL)
        trade.act(world.buyer, "accept", title, 2)
        record = trade.title(title)
        assert (record["titleholder"], record["kind"]) == (world.buyer.index, ORDER_FINAL)
        holder = world.buyer if what == BOTH else world.shipper
        with refused("KindForbidsTransfer", title, ORDER_FINAL):
            trade.offer(title, 3, holder, world.second_buyer, what=TITLE)

    def test_what_was_never_offered_stays_as_it_was(self, trade: Trade) -> None:
        title = trade.offered()
        before = trade.title(title)
        trade.act(trade.world.buyer, "accept", title, 2)
        after = trade.title(title)
        untouched = ("issuer", "status", "kind", "schema", "version")
        assert {name: after[name] for name in untouched} == {n: before[n] for n in untouched}

    def test_the_former_possessor_has_lost_control(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered()
        trade.act(world.buyer, "accept", title, 2)
        with refused("NotThePossessor", title, world.shipper.index):
            trade.offer(title, 3, world.shipper, world.bank)
        with refused("NotThePossessor", title, world.shipper.index):
            trade.act(world.shipper, "surrenderForDelivery", title, 3)

    def test_the_new_possessor_passes_it_on(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered()
        trade.act(world.buyer, "accept", title, 2)
        trade.offer(title, 3, world.buyer, world.second_buyer)
        trade.act(world.second_buyer, "accept", title, 4)
        assert trade.title(title)["possessor"] == world.second_buyer.index

    def test_an_offer_is_accepted_once(self, trade: Trade) -> None:
        title = trade.offered()
        trade.act(trade.world.buyer, "accept", title, 2)
        with refused("NoOpenOffer", title):
            trade.act(trade.world.buyer, "accept", title, 3)


class TestWhoAccepts:
    def test_only_the_offeree(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered()
        for party in (world.shipper, world.bank, world.carrier, world.regulator):
            with refused("NotTheOfferee", title, party.index):
                trade.act(party, "accept", title, 2)

    def test_any_account_of_the_offeree(self, trade: Trade) -> None:
        world = trade.world
        world.add_account(world.buyer, world.spare)
        title = trade.offered()
        world.titles.transact(world.spare, "accept", title, 2)
        assert trade.title(title)["possessor"] == world.buyer.index

    def test_no_account_that_the_offeree_has_lost(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered()
        lost = (world.buyer.index, world.spare, "for the test")
        world.parties.transact(world.admin, "recover", *lost)
        with refused("NotEnrolled", world.buyer.account):
            trade.act(world.buyer, "accept", title, 2)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_not_an_offeree_that_is_not_active(self, trade: Trade, status: int) -> None:
        world, title = trade.world, trade.offered()
        world.set_status(world.buyer, status)
        with refused("PartyNotActive", world.buyer.index):
            trade.act(world.buyer, "accept", title, 2)

    def test_an_offeree_whose_suspension_has_ended(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered()
        world.set_status(world.buyer, SUSPENDED)
        world.set_status(world.buyer, 1)
        trade.act(world.buyer, "accept", title, 2)
        assert trade.title(title)["possessor"] == world.buyer.index

    def test_whatever_its_role(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered()
        world.parties.transact(world.admin, "changeRoles", world.buyer.index, CARRIER | TRADER)
        trade.act(world.buyer, "accept", title, 2)
        assert trade.title(title)["possessor"] == world.buyer.index

    def test_although_the_offerer_was_suspended_meanwhile(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered()
        world.set_status(world.shipper, SUSPENDED)
        trade.act(world.buyer, "accept", title, 2)
        assert trade.title(title)["possessor"] == world.buyer.index


class TestWhen:
    def test_in_the_last_second_before_the_deadline(self, trade: Trade) -> None:
        deadline = trade.in_an_hour()
        title = trade.offered(deadline=deadline)
        trade.world.chain.next_block_at(deadline - 1)
        trade.act(trade.world.buyer, "accept", title, 2)
        assert trade.title(title)["possessor"] == trade.world.buyer.index

    def test_not_at_the_deadline(self, trade: Trade) -> None:
        deadline = trade.in_an_hour()
        title = trade.offered(deadline=deadline)
        trade.world.chain.next_block_at(deadline)
        with refused("OfferExpired", title, deadline):
            trade.act(trade.world.buyer, "accept", title, 2)
        assert trade.title(title)["possessor"] == trade.world.shipper.index
