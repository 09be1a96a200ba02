"""What a pledge keeps from happening without the pledgee, and how the pledgee makes use of it."""

import pytest

from chaincode_tests.consortium import REVOKED, SUSPENDED
from chaincode_tests.contract import Event
from chaincode_tests.trade import (
    BLANK,
    BOTH,
    CONSENTED,
    ENFORCED,
    FINAL,
    HOUR,
    NO_PARTY,
    ORDER,
    ORDER_FINAL,
    POSSESSION,
    Trade,
    refused,
)


class TestConsent:
    def test_without_it_an_offer_is_not_accepted(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer)
        with refused("ConsentMissing", title):
            trade.act(world.buyer, "accept", title, 4)

    def test_with_it_the_title_moves_and_the_pledge_stays(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer)

        outcome = trade.act(world.bank, "consent", title, 4)
        trade.act(world.buyer, "accept", title, 5)

        record = trade.title(title)
        assert (record["possessor"], record["titleholder"]) == (world.buyer.index,) * 2
        assert record["pledged"]
        assert outcome.event == Event(
            "TransferConsented", {"id": title, "seq": 5, "pledgee": trade.pledgee()}
        )

    def test_it_is_for_one_offer(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer)
        trade.act(world.bank, "consent", title, 4)
        trade.act(world.shipper, "withdraw", title, 5)
        trade.offer(title, 6, world.shipper, world.second_buyer)
        with refused("ConsentMissing", title):
            trade.act(world.second_buyer, "accept", title, 7)

    def test_it_is_given_once(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer)
        trade.act(world.bank, "consent", title, 4)
        with refused("ConsentGiven", title):
            trade.act(world.bank, "consent", title, 5)

    def test_there_is_an_offer_to_consent_to(self, trade: Trade) -> None:
        title = trade.pledged()
        with refused("NoOpenOffer", title):
            trade.act(trade.world.bank, "consent", title, 3)

    def test_not_after_the_deadline(self, trade: Trade) -> None:
        world, title, deadline = trade.world, trade.pledged(), trade.in_an_hour()
        trade.offer(title, 3, world.shipper, world.buyer, deadline=deadline)
        world.chain.next_block_at(deadline)
        with refused("OfferExpired", title, deadline):
            trade.act(world.bank, "consent", title, 4)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_not_by_a_pledgee_that_is_not_active(self, trade: Trade, status: int) -> None:
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer)
        world.set_status(world.bank, status)
        with refused("PledgeeUnfit", trade.pledgee()):
            trade.act(world.bank, "consent", title, 4)

    def test_nobody_consents_for_the_pledgee(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer)
        for party in (world.shipper, world.buyer, world.carrier):
            with refused("NotThePledgee", title, party.account):
                trade.act(party, "consent", title, 4)

    def test_after_a_release_no_consent_is_needed(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer)
        trade.act(world.bank, "releasePledge", title, 4)
        trade.act(world.buyer, "accept", title, 5)
        assert trade.title(title)["possessor"] == world.buyer.index

    def test_the_offeree_declines_without_it(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer)
        trade.act(world.buyer, "decline", title, 4)
        assert trade.title(title)["pledged"]

    @pytest.mark.parametrize(
        ("act", "more"),
        [("surrenderForDelivery", ()), ("surrenderForAmendment", (1,)), ("endorse", (BLANK,))],
    )
    def test_a_pledged_title_does_nothing_else(
        self, trade: Trade, act: str, more: tuple[int, ...]
    ) -> None:
        title = trade.pledged()
        with refused("Pledged", title):
            trade.act(trade.world.shipper, act, title, 3, *more)


class TestEnforce:
    @pytest.mark.parametrize(("kind", "what"), [(ORDER, BOTH), (BLANK, POSSESSION)])
    def test_the_pledgee_offers_the_title_in_the_holders_place(
        self, trade: Trade, kind: int, what: int
    ) -> None:
        world, title, deadline = trade.world, trade.pledged(kind=kind), trade.in_an_hour()

        terms = (title, 3, world.second_buyer.index, deadline)
        outcome = trade.act(world.bank, "enforcePledge", *terms)
        trade.act(world.second_buyer, "accept", title, 4)

        record = trade.title(title)
        assert (record["possessor"], record["kind"]) == (world.second_buyer.index, kind)
        assert record["titleholder"] == (NO_PARTY if kind == BLANK else world.second_buyer.index)
        assert not record["pledged"]
        assert outcome.event == Event(
            "PledgeEnforced",
            {
                "id": title,
                "seq": 4,
                "pledgee": trade.pledgee(),
                "recipient": world.second_buyer.index,
                "what": what,
                "deadline": deadline,
            },
        )

    def test_the_pledgee_takes_the_title_itself(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        self.enforce(trade, title, 3, world.bank.index)
        trade.act(world.bank, "accept", title, 4)
        assert trade.title(title)["possessor"] == world.bank.index

    def test_it_replaces_what_the_holder_has_offered(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer)
        trade.act(world.bank, "consent", title, 4)
        self.enforce(trade, title, 5, world.second_buyer.index)
        with refused("NotTheOfferee", title, world.buyer.index):
            trade.act(world.buyer, "accept", title, 6)
        assert trade.title(title)["offered"] == BOTH | ENFORCED

    def test_the_holder_cannot_take_it_back(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        self.enforce(trade, title, 3, world.buyer.index)
        with refused("OfferEnforced", title):
            trade.act(world.shipper, "withdraw", title, 4)

    def test_the_pledgee_enforces_it_otherwise(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        self.enforce(trade, title, 3, world.buyer.index)
        self.enforce(trade, title, 4, world.second_buyer.index)
        assert trade.title(title)["offeree"] == world.second_buyer.index

    def test_the_pledgee_ends_it_with_the_pledge(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        self.enforce(trade, title, 3, world.buyer.index)
        trade.act(world.bank, "releasePledge", title, 4)
        record = trade.title(title)
        assert (record["offered"], record["offeree"], record["pledged"]) == (0, NO_PARTY, False)

    def test_the_recipient_declines_it_and_the_pledge_stays(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        self.enforce(trade, title, 3, world.buyer.index)
        trade.act(world.buyer, "decline", title, 4)
        record = trade.title(title)
        assert (record["offered"], record["pledged"]) == (0, True)
        assert record["possessor"] == world.shipper.index

    def test_it_ends_by_its_deadline_and_the_pledge_stays(self, trade: Trade) -> None:
        world, title, deadline = trade.world, trade.pledged(), trade.in_an_hour()
        self.enforce(trade, title, 3, world.buyer.index, deadline)
        world.chain.next_block_at(deadline)
        with refused("OfferExpired", title, deadline):
            trade.act(world.buyer, "accept", title, 4)
        trade.offer(title, 4, world.shipper, world.buyer, deadline=deadline + HOUR)
        with refused("ConsentMissing", title):
            trade.act(world.buyer, "accept", title, 5)

    def test_it_needs_no_consent(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        self.enforce(trade, title, 3, world.buyer.index)
        with refused("NoOpenOffer", title):
            trade.act(world.bank, "consent", title, 4)

    @pytest.mark.parametrize("kind", [ORDER, BLANK])
    def test_who_holds_all_of_the_title_is_offered_nothing(self, trade: Trade, kind: int) -> None:
        title = trade.pledged(kind=kind)
        with refused("OfferToSelf", title):
            self.enforce(trade, title, 3, trade.world.shipper.index)

    def test_the_titleholder_who_gave_possession_away_may_get_it_back(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer, what=POSSESSION)
        trade.act(world.bank, "consent", title, 4)
        trade.act(world.buyer, "accept", title, 5)
        self.enforce(trade, title, 6, world.shipper.index)
        trade.act(world.shipper, "accept", title, 7)
        assert trade.title(title)["possessor"] == world.shipper.index

    def test_a_last_titleholder_stays_the_last(self, trade: Trade) -> None:
        """The pledgee has consented to what made the title one of its last titleholder."""
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer, what=BOTH | FINAL)
        trade.act(world.bank, "consent", title, 4)
        trade.act(world.buyer, "accept", title, 5)
        self.enforce(trade, title, 6, world.bank.index)
        trade.act(world.bank, "accept", title, 7)
        record = trade.title(title)
        assert (record["kind"], record["titleholder"]) == (ORDER_FINAL, world.bank.index)

    @pytest.mark.parametrize("recipient", [NO_PARTY, 99])
    def test_the_recipient_is_enrolled(self, trade: Trade, recipient: int) -> None:
        title = trade.pledged()
        with refused("PartyNotActive", recipient):
            self.enforce(trade, title, 3, recipient)

    def test_the_recipient_is_active(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        world.set_status(world.buyer, SUSPENDED)
        with refused("PartyNotActive", world.buyer.index):
            self.enforce(trade, title, 3, world.buyer.index)

    def test_the_deadline_is_ahead(self, trade: Trade) -> None:
        title, now = trade.pledged(), trade.world.chain.now
        with refused("DeadlineInThePast", now):
            self.enforce(trade, title, 3, trade.world.buyer.index, now)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_the_pledgee_is_active(self, trade: Trade, status: int) -> None:
        world, title = trade.world, trade.pledged()
        world.set_status(world.bank, status)
        with refused("PledgeeUnfit", trade.pledgee()):
            self.enforce(trade, title, 3, world.buyer.index)

    def test_nobody_else_enforces(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        for party in (world.shipper, world.carrier, world.regulator):
            with refused("NotThePledgee", title, party.account):
                terms = (title, 3, world.buyer.index, trade.in_an_hour())
                trade.act(party, "enforcePledge", *terms)

    def test_consent_is_a_bit_of_the_record(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        trade.offer(title, 3, world.shipper, world.buyer)
        trade.act(world.bank, "consent", title, 4)
        assert trade.title(title)["offered"] == BOTH | CONSENTED

    @staticmethod
    def enforce(
        trade: Trade, title: bytes, seq: int, recipient: int, deadline: int | None = None
    ) -> None:
        deadline = trade.in_an_hour() if deadline is None else deadline
        trade.act(trade.world.bank, "enforcePledge", title, seq, recipient, deadline)
