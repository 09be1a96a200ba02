"""Lost keys: recovered by the Council, with a word for the party that is said to have lost them."""

import pytest

from chaincode_tests.assembly import APPROVED, LIFETIME, OPEN, REASON, Assembly
from chaincode_tests.consortium import (
    DAY,
    DELAY,
    NOBODY,
    OBJECTION_WINDOW,
    ROTATION_WINDOW,
    SUSPENDED,
    THRESHOLD,
    Consortium,
    Party,
)
from chaincode_tests.contract import Event
from chaincode_tests.trade import NO_PARTY, refused


@pytest.fixture
def assembly(world: Consortium) -> Assembly:
    return Assembly.founded(world)


def recovering_the_buyer(assembly: Assembly) -> int:
    """A recovery of a party without a seat that enough have approved."""
    proposal = assembly.propose_recovery(assembly.world.buyer, assembly.world.spare)
    assembly.approve(proposal, *assembly.members[1:3])
    return proposal


def exchange(world: Consortium, party: Party, added: str, removed: str) -> None:
    """What whoever has the party's account does with it."""
    world.parties.transact(party.account, "requestRotation", added, removed)
    world.wait(ROTATION_WINDOW)
    world.parties.transact(world.stranger, "completeRotation", party.index)


class TestRecovery:
    def test_it_waits_for_the_longer_of_delay_and_window(self, assembly: Assembly) -> None:
        world = assembly.world
        proposal = assembly.propose_recovery(world.buyer, world.spare)
        assert assembly.record(proposal)["subject"] == world.buyer.index
        *_, third = assembly.approve(proposal, *assembly.members[1:3])
        executable = third.time + max(DELAY, OBJECTION_WINDOW)
        assert third.event.fields["executableFrom"] == executable
        with refused("TooEarly", proposal, executable):
            assembly.execute(proposal, at=executable - 1)
        assembly.execute(proposal, at=executable + 5)
        assert world.parties.call("indexOf", world.spare) == world.buyer.index
        assert world.parties.call("indexOf", world.buyer.account) == NO_PARTY

    def test_a_council_of_five_recovers_two_members(self, assembly: Assembly) -> None:
        world, (first, second, *rest) = assembly.world, assembly.members
        accounts = (world.fresh_account(0), world.fresh_account(1))
        proposals = [
            assembly.propose_recovery(lost, added, by=rest[0])
            for lost, added in zip((first, second), accounts, strict=True)
        ]
        for proposal in proposals:
            assembly.approve(proposal, *rest[1:])
        for proposal in proposals:
            assembly.execute(proposal)
        for lost, added in zip((first, second), accounts, strict=True):
            assert world.parties.call("indexOf", added) == lost.index
        # and they decide again, by their new accounts alone
        proposal = assembly.propose_suspension(world.buyer, by=rest[0])
        for added in accounts:
            world.council.transact(added, "approve", proposal)
        assert assembly.record(proposal)["status"] == APPROVED
        with refused("NotEnrolled", first.account):
            world.council.transact(first.account, "approve", proposal)

    def test_only_the_council_recovers(self, assembly: Assembly) -> None:
        world = assembly.world
        terms = (world.buyer.index, world.spare, REASON)
        for account in (world.admin, world.bank.account, world.buyer.account):
            with refused("AccessManagedUnauthorized", account):
                world.parties.transact(account, "recover", *terms)


class TestObject:
    def test_the_subject_raises_what_is_needed_to_all_seats(self, assembly: Assembly) -> None:
        world, proposal = assembly.world, recovering_the_buyer(assembly)
        outcome = assembly.object(proposal, world.buyer, "our key is safe")
        assert outcome.event == Event(
            "Objected",
            {
                "proposal": proposal,
                "by": world.buyer.index,
                "executableFrom": 0,
                "reason": "our key is safe",
            },
        )
        record = assembly.record(proposal)
        assert (record["status"], record["objected"]) == (OPEN, True)
        assert (record["approvals"], record["required"]) == (3, 5)
        assert record["lapsesAt"] == outcome.time + LIFETIME
        with refused("ApprovalsMissing", proposal, 3, 5):
            assembly.execute(proposal, at=outcome.time + 2 * OBJECTION_WINDOW)

    def test_with_all_of_them_the_window_begins_anew(self, assembly: Assembly) -> None:
        world, proposal = assembly.world, recovering_the_buyer(assembly)
        assembly.object(proposal, world.buyer)
        world.wait(DAY)
        fourth, fifth = assembly.approve(proposal, *assembly.members[3:])
        executable = fifth.time + OBJECTION_WINDOW
        assert fourth.event.fields["executableFrom"] == 0
        assert fifth.event.fields["executableFrom"] == executable
        with refused("TooEarly", proposal, executable):
            assembly.execute(proposal, at=executable - 1)
        assembly.execute(proposal, at=executable + 5)
        assert world.parties.call("indexOf", world.spare) == world.buyer.index

    def test_where_all_had_approved_it_waits_from_the_objection(self, assembly: Assembly) -> None:
        world, proposal = assembly.world, recovering_the_buyer(assembly)
        assembly.approve(proposal, *assembly.members[3:])
        before = assembly.record(proposal)["executableFrom"]
        world.chain.next_block_at(before - 1)
        outcome = assembly.object(proposal, world.buyer)
        executable = outcome.time + OBJECTION_WINDOW
        assert outcome.event.fields["executableFrom"] == executable
        assert assembly.record(proposal)["executableFrom"] == executable

    def test_a_subject_with_a_seat_is_not_asked(self, assembly: Assembly) -> None:
        world, lost = assembly.world, assembly.members[4]
        proposal = assembly.propose_recovery(lost, world.spare)
        assembly.object(proposal, lost, "the thief would rather not")
        assert assembly.record(proposal)["required"] == 4
        assembly.approve(proposal, *assembly.members[1:4])
        assembly.execute(proposal)
        assert world.parties.call("indexOf", world.spare) == lost.index

    def test_its_approval_is_not_one_of_the_others(self, assembly: Assembly) -> None:
        world, lost = assembly.world, assembly.members[4]
        proposal = assembly.propose_recovery(lost, world.spare)
        assembly.approve(proposal, lost, *assembly.members[1:3])
        assembly.object(proposal, lost)
        assert assembly.record(proposal)["approvals"] == 4
        assert assembly.record(proposal)["status"] == OPEN
        (last,) = assembly.approve(proposal, assembly.members[3])
        assert last.event.fields["executableFrom"] == last.time + OBJECTION_WINDOW

    def test_before_enough_have_approved_as_well(self, assembly: Assembly) -> None:
        world = assembly.world
        proposal = assembly.propose_recovery(world.buyer, world.spare)
        assembly.object(proposal, world.buyer)
        approvals = assembly.approve(proposal, *assembly.members[1:])
        assert [each.event.fields["executableFrom"] for each in approvals[:-1]] == [0, 0, 0]
        assembly.execute(proposal)

    def test_once(self, assembly: Assembly) -> None:
        proposal = recovering_the_buyer(assembly)
        assembly.object(proposal, assembly.world.buyer)
        with refused("AlreadyObjected", proposal):
            assembly.object(proposal, assembly.world.buyer)

    def test_the_subject_alone_does(self, assembly: Assembly) -> None:
        world, proposal = assembly.world, recovering_the_buyer(assembly)
        for other in (world.shipper, assembly.members[4]):
            with refused("NotTheSubject", proposal, other.index):
                assembly.object(proposal, other)

    def test_also_when_it_is_suspended(self, assembly: Assembly) -> None:
        buyer = assembly.world.buyer
        assembly.decide(assembly.world.parties, "changeStatus", buyer.index, SUSPENDED, REASON)
        proposal = recovering_the_buyer(assembly)
        assembly.object(proposal, buyer)
        assert assembly.record(proposal)["objected"]

    def test_not_when_it_is_revoked(self, assembly: Assembly) -> None:
        world, proposal = assembly.world, recovering_the_buyer(assembly)
        assembly.decide(world.parties, "revoke", world.buyer.index, NO_PARTY, REASON)
        with refused("PartyNotActive", world.buyer.index):
            assembly.object(proposal, world.buyer)

    def test_it_says_why(self, assembly: Assembly) -> None:
        proposal = recovering_the_buyer(assembly)
        with refused("EmptyReason"):
            assembly.object(proposal, assembly.world.buyer, "")

    def test_other_proposals_have_no_subject(self, assembly: Assembly) -> None:
        buyer = assembly.world.buyer
        proposal = assembly.propose_suspension(buyer)
        with refused("NothingToObjectTo", proposal):
            assembly.object(proposal, buyer)

    def test_not_after_it_was_executed_or_has_lapsed(self, assembly: Assembly) -> None:
        world = assembly.world
        executed, lapsed = recovering_the_buyer(assembly), recovering_the_buyer(assembly)
        lapses = assembly.record(lapsed)["lapsesAt"]
        assembly.execute(executed)
        with refused("ProposalExecuted", executed):
            world.council.transact(world.spare, "object", executed, REASON)
        world.chain.next_block_at(lapses)
        with refused("ProposalLapsed", lapsed, lapses):
            world.council.transact(world.spare, "object", lapsed, REASON)


class TestThief:
    def test_who_stole_a_key_delays_its_owners_recovery_and_does_not_block_it(
        self, assembly: Assembly
    ) -> None:
        world, robbed = assembly.world, assembly.members[0]
        proposal = assembly.propose_recovery(robbed, world.spare, by=assembly.members[1])
        assembly.approve(proposal, *assembly.members[2:4])
        assembly.object(proposal, robbed, "all is well")
        assembly.approve(proposal, assembly.members[4])
        assembly.execute(proposal)
        assert world.parties.call("indexOf", world.spare) == robbed.index
        assert world.parties.call("indexOf", robbed.account) == NO_PARTY

    @pytest.mark.parametrize("leaving", [True, False])
    def test_nor_by_exchanging_its_account_while_the_recovery_waits(
        self, assembly: Assembly, leaving: bool
    ) -> None:
        world, robbed, thief = assembly.world, assembly.members[0], assembly.world.fresh_account()
        proposal = assembly.propose_recovery(robbed, world.spare, by=assembly.members[1])
        assembly.approve(proposal, *assembly.members[2:4])
        exchange(world, robbed, thief, robbed.account if leaving else NOBODY)
        assembly.execute(proposal)
        assert world.parties.call("indexOf", world.spare) == robbed.index
        for account in (robbed.account, thief):
            assert world.parties.call("indexOf", account) == NO_PARTY

    @pytest.mark.parametrize("dropping", [True, False])
    def test_nor_by_taking_the_new_account_in_itself(
        self, assembly: Assembly, dropping: bool
    ) -> None:
        world, robbed = assembly.world, assembly.members[0]
        proposal = assembly.propose_recovery(robbed, world.spare, by=assembly.members[1])
        assembly.approve(proposal, *assembly.members[2:4])
        exchange(world, robbed, world.spare, NOBODY)
        if dropping:
            exchange(world, robbed, NOBODY, world.spare)
        assembly.execute(proposal)
        assert world.parties.call("indexOf", world.spare) == robbed.index
        assert world.parties.call("indexOf", robbed.account) == NO_PARTY

    def test_two_thieves_who_both_object_are_too_few(self, assembly: Assembly) -> None:
        world, (first, second, *rest) = assembly.world, assembly.members
        removal = assembly.propose(rest[0], world.council, "removeSeat", second.index)
        assembly.approve(removal, *rest[1:])
        assembly.execute(removal)
        for robbed, by in ((first, ()), (second, (world.fresh_account(0),))):
            added = world.fresh_account(len(by))
            proposal = assembly.propose_recovery(robbed, added, by=rest[0])
            assembly.object(proposal, robbed, "all is well")
            assembly.approve(proposal, *rest[1:])
            for account in by:
                world.council.transact(account, "approve", proposal)
            assembly.execute(proposal)
            assert world.parties.call("indexOf", added) == robbed.index
        returned = assembly.propose(rest[0], world.council, "addSeat", second.index)
        assembly.approve(returned, *rest[1:])
        assembly.execute(returned)
        assert len(world.council.call("seats")) == 5

    def test_a_threshold_of_seats_cannot_take_a_party_that_is_there(
        self, assembly: Assembly
    ) -> None:
        world = assembly.world
        proposal = recovering_the_buyer(assembly)
        assembly.object(proposal, world.buyer)
        (_,) = assembly.approve(proposal, assembly.members[3])
        with refused("ApprovalsMissing", proposal, THRESHOLD + 1, 5):
            assembly.execute(proposal, at=world.chain.now + 2 * OBJECTION_WINDOW)
