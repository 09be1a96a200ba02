"""A party's accounts: recovered by the authority, exchanged by itself, never used again."""

import pytest

from chaincode_tests.consortium import (
    NOBODY,
    REVOKED,
    ROTATION_WINDOW,
    SUSPENDED,
    Consortium,
    Party,
)
from chaincode_tests.contract import Event, Outcome, deploy
from chaincode_tests.trade import NO_PARTY, refused

NO_ROTATION = (NOBODY, NOBODY, 0)


def recover(world: Consortium, party: Party, account: str) -> Outcome:
    return world.parties.transact(world.admin, "recover", party.index, account, "burnt")


def request(world: Consortium, account: str, added: str, removed: str) -> Outcome:
    return world.parties.transact(account, "requestRotation", added, removed)


def complete(world: Consortium, party: Party, waited: int = ROTATION_WINDOW) -> Outcome:
    world.wait(waited)
    return world.parties.transact(world.stranger, "completeRotation", party.index)


def with_two_accounts(world: Consortium) -> Party:
    """The bank, which acts through the spare account as well."""
    request(world, world.bank.account, world.spare, NOBODY)
    complete(world, world.bank)
    return world.bank


class TestRecover:
    def test_a_party_gets_an_account_in_place_of_all_that_it_had(self, world: Consortium) -> None:
        bank = with_two_accounts(world)
        added = world.fresh_account()
        outcome = recover(world, bank, added)
        assert world.parties.call("indexOf", added) == bank.index
        assert world.parties.call("indexOf", bank.account) == NO_PARTY
        assert world.parties.call("indexOf", world.spare) == NO_PARTY
        assert outcome.events == [
            Event("AccountAdded", {"party": bank.index, "account": added}),
            Event("AccountRemoved", {"party": bank.index, "account": world.spare}),
            Event("AccountRemoved", {"party": bank.index, "account": bank.account}),
            Event("PartyRecovered", {"party": bank.index, "reason": "burnt"}),
        ]

    def test_also_a_suspended_one(self, world: Consortium) -> None:
        world.set_status(world.bank, SUSPENDED)
        recover(world, world.bank, world.spare)
        assert world.parties.call("indexOf", world.spare) == world.bank.index

    def test_one_of_its_accounts_may_be_the_one_that_stays(self, world: Consortium) -> None:
        bank = with_two_accounts(world)
        outcome = recover(world, bank, world.spare)
        assert world.parties.call("indexOf", world.spare) == bank.index
        assert outcome.events == [
            Event("AccountRemoved", {"party": bank.index, "account": bank.account}),
            Event("PartyRecovered", {"party": bank.index, "reason": "burnt"}),
        ]

    def test_one_that_it_had_before_may_come_back(self, world: Consortium) -> None:
        bank = world.bank
        recover(world, bank, world.spare)
        recover(world, bank, bank.account)
        assert world.parties.call("indexOf", bank.account) == bank.index
        assert world.parties.call("indexOf", world.spare) == NO_PARTY
        with refused("LastAccount", bank.index):
            request(world, bank.account, NOBODY, bank.account)

    def test_nobody_else_gets_what_a_party_has_lost(self, world: Consortium) -> None:
        recover(world, world.bank, world.spare)
        with refused("AccountTaken", world.bank.account, world.bank.index):
            recover(world, world.buyer, world.bank.account)

    def test_the_new_one_is_no_other_partys(self, world: Consortium) -> None:
        with refused("AccountTaken", world.buyer.account, world.buyer.index):
            recover(world, world.bank, world.buyer.account)

    def test_something_is_added(self, world: Consortium) -> None:
        with refused("EmptyAccount"):
            recover(world, world.bank, NOBODY)

    def test_it_says_why(self, world: Consortium) -> None:
        terms = (world.bank.index, world.spare, "")
        with refused("EmptyReason"):
            world.parties.transact(world.admin, "recover", *terms)

    def test_what_a_thief_had_requested_ends(self, world: Consortium) -> None:
        bank, thief = world.bank, world.fresh_account()
        request(world, bank.account, thief, bank.account)
        outcome = recover(world, bank, world.spare)
        assert Event("RotationCancelled", {"party": bank.index}) in outcome.events
        with refused("NoRotationOpen", bank.index):
            complete(world, bank)

    def test_accounts_are_exchanged_after_it_as_before(self, world: Consortium) -> None:
        bank = with_two_accounts(world)
        recover(world, bank, world.spare)
        request(world, world.spare, world.fresh_account(), world.spare)
        complete(world, bank)
        assert world.parties.call("indexOf", world.fresh_account()) == bank.index
        assert world.parties.call("indexOf", world.spare) == NO_PARTY


class TestRotation:
    def test_an_account_is_exchanged_after_the_window(self, world: Consortium) -> None:
        bank = world.bank
        asked = request(world, bank.account, world.spare, bank.account)
        completable = asked.time + ROTATION_WINDOW
        assert world.parties.call("indexOf", world.spare) == NO_PARTY
        assert world.parties.call("requestedRotation", bank.index) == (
            world.spare,
            bank.account,
            completable,
        )

        done = complete(world, bank)

        assert world.parties.call("indexOf", world.spare) == bank.index
        assert world.parties.call("indexOf", bank.account) == NO_PARTY
        assert world.parties.call("requestedRotation", bank.index) == NO_ROTATION
        assert asked.event == Event(
            "RotationRequested",
            {
                "party": bank.index,
                "added": world.spare,
                "removed": bank.account,
                "completableFrom": completable,
            },
        )
        assert done.events == [
            Event("AccountAdded", {"party": bank.index, "account": world.spare}),
            Event("AccountRemoved", {"party": bank.index, "account": bank.account}),
            Event("RotationCompleted", {"party": bank.index}),
        ]

    def test_not_a_second_before(self, world: Consortium) -> None:
        asked = request(world, world.bank.account, world.spare, NOBODY)
        with refused("RotationTooEarly", world.bank.index, asked.time + ROTATION_WINDOW):
            complete(world, world.bank, ROTATION_WINDOW - 1)

    def test_an_account_can_be_added_or_removed_alone(self, world: Consortium) -> None:
        bank = with_two_accounts(world)
        assert world.parties.call("indexOf", bank.account) == bank.index
        request(world, world.spare, NOBODY, bank.account)
        complete(world, bank)
        assert world.parties.call("indexOf", bank.account) == NO_PARTY
        assert world.parties.call("indexOf", world.spare) == bank.index

    def test_the_last_account_is_not_removed(self, world: Consortium) -> None:
        with refused("LastAccount", world.bank.index):
            request(world, world.bank.account, NOBODY, world.bank.account)

    def test_neither_is_no_rotation(self, world: Consortium) -> None:
        with refused("EmptyRotation", world.bank.index):
            request(world, world.bank.account, NOBODY, NOBODY)

    def test_what_is_added_was_never_used(self, world: Consortium) -> None:
        bank = world.bank
        recover(world, bank, world.spare)
        with refused("AccountTaken", bank.account, bank.index):
            request(world, world.spare, bank.account, NOBODY)
        with refused("AccountTaken", bank.account, bank.index):
            request(world, world.buyer.account, bank.account, NOBODY)

    def test_nor_was_it_while_the_window_passed(self, world: Consortium) -> None:
        for party in (world.bank, world.buyer):
            request(world, party.account, world.spare, NOBODY)
        complete(world, world.bank)
        with refused("AccountTaken", world.spare, world.bank.index):
            complete(world, world.buyer)

    def test_what_is_removed_is_its_own(self, world: Consortium) -> None:
        with refused("AccountNotOfParty", world.bank.index, world.buyer.account):
            request(world, world.bank.account, world.spare, world.buyer.account)

    def test_there_is_one_at_a_time(self, world: Consortium) -> None:
        request(world, world.bank.account, world.spare, NOBODY)
        with refused("RotationOpen", world.bank.index):
            request(world, world.bank.account, world.fresh_account(), NOBODY)

    def test_any_account_of_the_party_says_no(self, world: Consortium) -> None:
        bank, thief = with_two_accounts(world), world.fresh_account()
        request(world, bank.account, thief, world.spare)
        outcome = world.parties.transact(world.spare, "cancelRotation")
        assert outcome.event == Event("RotationCancelled", {"party": bank.index})
        with refused("NoRotationOpen", bank.index):
            complete(world, bank)

    def test_there_is_nothing_to_cancel_without_a_request(self, world: Consortium) -> None:
        with refused("NoRotationOpen", world.bank.index):
            world.parties.transact(world.bank.account, "cancelRotation")

    def test_nobody_elses_account_asks_or_says_no(self, world: Consortium) -> None:
        request(world, world.bank.account, world.spare, NOBODY)
        with refused("NotEnrolled", world.stranger):
            request(world, world.stranger, world.fresh_account(), NOBODY)
        with refused("NoRotationOpen", world.buyer.index):
            world.parties.transact(world.buyer.account, "cancelRotation")

    def test_a_suspended_party_may(self, world: Consortium) -> None:
        world.set_status(world.bank, SUSPENDED)
        request(world, world.bank.account, world.spare, world.bank.account)
        complete(world, world.bank)
        assert world.parties.call("indexOf", world.spare) == world.bank.index

    def test_a_revoked_party_may_not(self, world: Consortium) -> None:
        world.set_status(world.bank, REVOKED)
        with refused("PartyRevoked", world.bank.index):
            request(world, world.bank.account, world.spare, NOBODY)
        with refused("PartyRevoked", world.bank.index):
            complete(world, world.bank)


class TestWindow:
    def test_it_is_told(self, world: Consortium) -> None:
        assert world.parties.call("rotationDelay") == ROTATION_WINDOW

    @pytest.mark.parametrize("window", [0, 24 * 3600 - 1, 90 * 24 * 3600 + 1])
    def test_it_is_between_a_day_and_ninety(self, world: Consortium, window: int) -> None:
        with refused("WaitUnfit", window, 24 * 3600, 90 * 24 * 3600):
            deploy(world.chain, world.admin, "PartyRegistry", world.authority.address, window)
