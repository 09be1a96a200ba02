"""How a title becomes security: proposed by its holder, taken, and released by the pledgee."""

import pytest

from chaincode_tests.consortium import BANK, REVOKED, SUSPENDED, TRADER
from chaincode_tests.contract import Event
from chaincode_tests.trade import (
    BLANK,
    HOUR,
    LIVE,
    NO_PARTY,
    ORDER,
    ORDER_FINAL,
    PLEDGE,
    STRAIGHT,
    ZERO,
    Trade,
    refused,
)


class TestPropose:
    @pytest.mark.parametrize("kind", [ORDER, BLANK])
    def test_the_holder_proposes_it(self, trade: Trade, kind: int) -> None:
        world, title = trade.world, trade.issue(trade.issuance(kind=kind))
        deadline = trade.in_an_hour()

        outcome = trade.act(world.shipper, "proposePledge", title, 1, trade.pledgee(), deadline)

        record = trade.title(title)
        assert (record["offered"], record["offeree"], record["deadline"]) == (PLEDGE, 0, deadline)
        assert not record["pledged"]
        assert world.titles.call("pledgeeOf", title) == trade.pledgee()
        assert outcome.event == Event(
            "PledgeProposed",
            {
                "id": title,
                "seq": 2,
                "by": world.shipper.index,
                "pledgee": trade.pledgee(),
                "deadline": deadline,
            },
        )

    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER_FINAL])
    def test_only_what_can_be_passed_on_is_security(self, trade: Trade, kind: int) -> None:
        title = trade.issue(trade.issuance(kind=kind))
        terms = (title, 1, trade.pledgee(), trade.in_an_hour())
        with refused("KindForbidsPledge", title, kind):
            trade.act(trade.world.shipper, "proposePledge", *terms)

    def test_a_possessor_who_is_not_titleholder_has_nothing_to_pledge(self, trade: Trade) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(titleholder=world.buyer.index))
        terms = (title, 1, trade.pledgee(), trade.in_an_hour())
        with refused("NotTheTitleholder", title, world.shipper.index):
            trade.act(world.shipper, "proposePledge", *terms)
        with refused("NotThePossessor", title, world.buyer.index):
            trade.act(world.buyer, "proposePledge", *terms)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_the_holder_is_active(self, trade: Trade, status: int) -> None:
        world, title = trade.world, trade.issue()
        world.set_status(world.shipper, status)
        with refused("PartyNotActive", world.shipper.index):
            terms = (title, 1, trade.pledgee(), trade.in_an_hour())
            trade.act(world.shipper, "proposePledge", *terms)

    def test_it_waits_for_the_end_of_an_offer(self, trade: Trade) -> None:
        title = trade.offered()
        with refused("OfferAlreadyOpen", title, trade.world.buyer.index):
            terms = (title, 2, trade.pledgee(), trade.in_an_hour())
            trade.act(trade.world.shipper, "proposePledge", *terms)

    def test_an_offer_waits_for_the_end_of_it(self, trade: Trade) -> None:
        title = trade.proposed()
        with refused("OfferAlreadyOpen", title, NO_PARTY):
            trade.offer(title, 2, trade.world.shipper, trade.world.buyer)

    def test_a_title_has_one_pledge(self, trade: Trade) -> None:
        title = trade.pledged()
        with refused("Pledged", title):
            terms = (title, 3, trade.pledgee(), trade.in_an_hour())
            trade.act(trade.world.shipper, "proposePledge", *terms)

    def test_the_deadline_is_ahead(self, trade: Trade) -> None:
        title, now = trade.issue(), trade.world.chain.now + HOUR
        trade.world.chain.next_block_at(now)
        with refused("DeadlineInThePast", now):
            trade.act(trade.world.shipper, "proposePledge", title, 1, trade.pledgee(), now)

    def test_only_a_bank_takes_a_pledge_here(self, trade: Trade) -> None:
        title = trade.issue()
        for pledgee in (
            trade.pledgee(trade.world.buyer),
            ZERO,
            b"\xff" * 32,
            (99).to_bytes(32, "big"),
        ):
            with refused("PledgeeUnfit", pledgee):
                terms = (title, 1, pledgee, trade.in_an_hour())
                trade.act(trade.world.shipper, "proposePledge", *terms)


class TestAcceptPledge:
    @pytest.mark.parametrize("kind", [ORDER, BLANK])
    def test_the_bank_takes_it(self, trade: Trade, kind: int) -> None:
        world, title = trade.world, trade.proposed(kind=kind)

        outcome = trade.act(world.bank, "acceptPledge", title, 2)

        record = trade.title(title)
        assert record["pledged"]
        assert (record["offered"], record["deadline"], record["status"]) == (0, 0, LIVE)
        assert record["possessor"] == world.shipper.index
        assert world.titles.call("pledgeeOf", title) == trade.pledgee()
        assert outcome.event == Event(
            "TitlePledged", {"id": title, "seq": 3, "pledgee": trade.pledgee()}
        )

    def test_by_any_of_its_accounts(self, trade: Trade) -> None:
        world = trade.world
        world.add_account(world.bank, world.spare)
        title = trade.proposed()
        world.titles.transact(world.spare, "acceptPledge", title, 2)
        assert trade.title(title)["pledged"]

    def test_by_nobody_else(self, trade: Trade) -> None:
        world, title = trade.world, trade.proposed()
        for account in (world.shipper.account, world.carrier.account, world.stranger):
            with refused("NotThePledgee", title, account):
                world.titles.transact(account, "acceptPledge", title, 2)

    def test_by_no_other_bank(self, trade: Trade) -> None:
        world, title = trade.world, trade.proposed()
        world.parties.transact(world.admin, "changeRoles", world.buyer.index, BANK)
        with refused("NotThePledgee", title, world.buyer.account):
            trade.act(world.buyer, "acceptPledge", title, 2)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_not_by_a_bank_that_is_not_active(self, trade: Trade, status: int) -> None:
        world, title = trade.world, trade.proposed()
        world.set_status(world.bank, status)
        with refused("PledgeeUnfit", trade.pledgee()):
            trade.act(world.bank, "acceptPledge", title, 2)

    def test_not_by_a_party_that_is_no_bank_any_more(self, trade: Trade) -> None:
        world, title = trade.world, trade.proposed()
        world.parties.transact(world.admin, "changeRoles", world.bank.index, TRADER)
        with refused("PledgeeUnfit", trade.pledgee()):
            trade.act(world.bank, "acceptPledge", title, 2)

    def test_before_the_deadline(self, trade: Trade) -> None:
        deadline = trade.in_an_hour()
        title = trade.proposed(deadline=deadline)
        trade.world.chain.next_block_at(deadline)
        with refused("OfferExpired", title, deadline):
            trade.act(trade.world.bank, "acceptPledge", title, 2)

    def test_only_what_is_proposed(self, trade: Trade) -> None:
        title = trade.offered()
        with refused("NoPledgeProposed", title):
            trade.act(trade.world.bank, "acceptPledge", title, 2)

    @pytest.mark.parametrize("act", ["accept", "decline"])
    def test_a_proposal_is_no_offer_of_the_title(self, trade: Trade, act: str) -> None:
        title = trade.proposed()
        with refused("NoOpenOffer", title):
            trade.act(trade.world.bank, act, title, 2)


class TestNoPledge:
    @pytest.mark.parametrize("status", [None, SUSPENDED, REVOKED])
    def test_the_bank_declines_whatever_its_standing(
        self, trade: Trade, status: int | None
    ) -> None:
        world, title = trade.world, trade.proposed()
        if status is not None:
            world.set_status(world.bank, status)

        outcome = trade.act(world.bank, "declinePledge", title, 2)

        record = trade.title(title)
        assert (record["offered"], record["pledged"]) == (0, False)
        assert world.titles.call("pledgeeOf", title) == ZERO
        assert outcome.event == Event(
            "PledgeDeclined", {"id": title, "seq": 3, "pledgee": trade.pledgee()}
        )

    def test_it_declines_after_the_deadline_too(self, trade: Trade) -> None:
        deadline = trade.in_an_hour()
        title = trade.proposed(deadline=deadline)
        trade.world.chain.next_block_at(deadline + HOUR)
        trade.act(trade.world.bank, "declinePledge", title, 2)
        assert trade.title(title)["offered"] == 0

    def test_nobody_declines_for_it(self, trade: Trade) -> None:
        title = trade.proposed()
        with refused("NotThePledgee", title, trade.world.shipper.account):
            trade.act(trade.world.shipper, "declinePledge", title, 2)

    def test_the_holder_takes_its_proposal_back(self, trade: Trade) -> None:
        world, title = trade.world, trade.proposed()
        trade.act(world.shipper, "withdraw", title, 2)
        with refused("NoPledgeProposed", title):
            trade.act(world.bank, "acceptPledge", title, 3)

    def test_an_offer_replaces_a_proposal_whose_deadline_has_come(self, trade: Trade) -> None:
        world, deadline = trade.world, trade.in_an_hour()
        title = trade.proposed(deadline=deadline)
        world.chain.next_block_at(deadline)
        trade.offer(title, 2, world.shipper, world.buyer, deadline=deadline + HOUR)
        with refused("NoPledgeProposed", title):
            trade.act(world.bank, "acceptPledge", title, 3)
        assert world.titles.call("pledgeeOf", title) == ZERO


class TestRelease:
    @pytest.mark.parametrize("status", [None, SUSPENDED, REVOKED])
    def test_the_pledgee_ends_the_pledge_whatever_its_standing(
        self, trade: Trade, status: int | None
    ) -> None:
        world, title = trade.world, trade.pledged()
        if status is not None:
            world.set_status(world.bank, status)

        outcome = trade.act(world.bank, "releasePledge", title, 3)

        assert not trade.title(title)["pledged"]
        assert world.titles.call("pledgeeOf", title) == ZERO
        assert outcome.event == Event(
            "PledgeReleased", {"id": title, "seq": 4, "pledgee": trade.pledgee()}
        )
        trade.act(world.shipper, "surrenderForDelivery", title, 4)

    def test_nobody_else_does(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        for party in (world.shipper, world.carrier, world.regulator, world.other_carrier):
            with refused("NotThePledgee", title, party.account):
                trade.act(party, "releasePledge", title, 3)

    @pytest.mark.parametrize("act", ["releasePledge", "consent"])
    def test_there_is_a_pledge(self, trade: Trade, act: str) -> None:
        title = trade.proposed()
        with refused("NotPledged", title):
            trade.act(trade.world.bank, act, title, 2)

    def test_the_title_can_be_pledged_again(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        trade.act(world.bank, "releasePledge", title, 3)
        terms = (title, 4, trade.pledgee(), trade.in_an_hour())
        trade.act(world.shipper, "proposePledge", *terms)
        trade.act(world.bank, "acceptPledge", title, 5)
        assert trade.title(title)["pledged"]
