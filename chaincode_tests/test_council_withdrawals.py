"""An approval is taken back: whoever was misled, or sees the reason gone, need not stand by it."""

import pytest

from chaincode_tests.assembly import APPROVED, LAPSED, LIFETIME, OPEN, REASON, Assembly
from chaincode_tests.consortium import (
    DELAY,
    OBJECTION_WINDOW,
    SUSPENDED,
    THRESHOLD,
    Consortium,
    Party,
)
from chaincode_tests.contract import Event, Outcome
from chaincode_tests.trade import refused


@pytest.fixture
def assembly(world: Consortium) -> Assembly:
    return Assembly.founded(world)


def withdraw(assembly: Assembly, proposal: int, by: Party) -> Outcome:
    return assembly.council.transact(by.account, "withdrawApproval", proposal)


def reached(assembly: Assembly) -> int:
    """A suspension of the buyer that enough have approved."""
    proposal = assembly.propose_suspension(assembly.world.buyer)
    assembly.approve(proposal, *assembly.members[1:3])
    return proposal


class TestWithdraw:
    def test_with_too_few_left_the_wait_has_ended(self, assembly: Assembly) -> None:
        proposal, second = reached(assembly), assembly.members[1]
        outcome = withdraw(assembly, proposal, second)
        assert outcome.event == Event(
            "ApprovalWithdrawn", {"proposal": proposal, "by": second.index, "executableFrom": 0}
        )
        record = assembly.record(proposal)
        assert (record["status"], record["approvals"]) == (OPEN, THRESHOLD - 1)
        assert assembly.council.call("approvalsOf", proposal) == (
            assembly.members[0].index,
            assembly.members[2].index,
        )
        with refused("ApprovalsMissing", proposal, THRESHOLD - 1, THRESHOLD):
            assembly.execute(proposal, at=outcome.time + 2 * DELAY)

    def test_with_the_next_it_begins_anew(self, assembly: Assembly) -> None:
        """Else a decision that looks given up could be done within one block."""
        proposal = reached(assembly)
        withdraw(assembly, proposal, assembly.members[1])
        assembly.world.wait(2 * DELAY)
        (approval,) = assembly.approve(proposal, assembly.members[3])
        executable = approval.time + DELAY
        assert approval.event.fields["executableFrom"] == executable
        with refused("TooEarly", proposal, executable):
            assembly.execute(proposal, at=executable - 1)
        assembly.execute(proposal, at=executable + 5)

    def test_with_enough_left_it_goes_on(self, assembly: Assembly) -> None:
        proposal = reached(assembly)
        assembly.approve(proposal, assembly.members[3])
        before = assembly.record(proposal)["executableFrom"]
        outcome = withdraw(assembly, proposal, assembly.members[0])
        assert outcome.event.fields["executableFrom"] == before
        assembly.execute(proposal, at=before)

    def test_who_took_it_back_may_give_it_again(self, assembly: Assembly) -> None:
        proposal = assembly.propose_suspension(assembly.world.buyer)
        withdraw(assembly, proposal, assembly.members[0])
        assembly.approve(proposal, *assembly.members[:3])
        assert assembly.record(proposal)["status"] == APPROVED

    def test_a_proposal_that_nobody_approves_only_lapses(self, assembly: Assembly) -> None:
        world, proposal = assembly.world, assembly.propose_suspension(assembly.world.buyer)
        withdraw(assembly, proposal, assembly.members[0])
        assert assembly.council.call("approvalsOf", proposal) == ()
        world.wait(LIFETIME)
        with refused("ProposalLapsed", proposal, assembly.record(proposal)["lapsesAt"]):
            assembly.approve(proposal, assembly.members[1])

    def test_its_time_runs_from_the_beginning(self, assembly: Assembly) -> None:
        """Taking back and giving again does not keep a proposal for ever."""
        world, proposal = assembly.world, assembly.propose_suspension(assembly.world.buyer)
        lapses = assembly.record(proposal)["lapsesAt"]
        world.chain.next_block_at(lapses - 2)
        assembly.approve(proposal, assembly.members[1])
        assembly.approve(proposal, assembly.members[2])
        world.chain.next_block_at(lapses + 1)
        withdraw(assembly, proposal, assembly.members[1])
        assert assembly.record(proposal)["status"] == LAPSED

    def test_who_has_not_approved_takes_nothing_back(self, assembly: Assembly) -> None:
        proposal, third = assembly.propose_suspension(assembly.world.buyer), assembly.members[2]
        with refused("NotApproved", proposal, third.index):
            withdraw(assembly, proposal, third)

    def test_who_has_no_seat_or_is_suspended_does_not(self, assembly: Assembly) -> None:
        world, (first, *_) = assembly.world, assembly.members
        proposal = reached(assembly)
        with refused("NotSeated", world.buyer.index):
            withdraw(assembly, proposal, world.buyer)
        assembly.decide(world.parties, "changeStatus", first.index, SUSPENDED, REASON)
        with refused("PartyNotActive", first.index):
            withdraw(assembly, proposal, first)

    def test_not_after_it_was_executed(self, assembly: Assembly) -> None:
        proposal = reached(assembly)
        assembly.execute(proposal)
        with refused("ProposalExecuted", proposal):
            withdraw(assembly, proposal, assembly.members[0])


class TestAfterAnObjection:
    def test_one_that_is_missing_ends_the_wait(self, assembly: Assembly) -> None:
        world = assembly.world
        proposal = assembly.propose_recovery(world.buyer, world.spare)
        assembly.object(proposal, world.buyer)
        assembly.approve(proposal, *assembly.members[1:])
        assert assembly.record(proposal)["status"] == APPROVED
        withdraw(assembly, proposal, assembly.members[4])
        assert assembly.record(proposal)["executableFrom"] == 0

    def test_where_the_one_that_was_missing_lost_its_seat_it_can_begin(
        self, assembly: Assembly
    ) -> None:
        world, (first, *_) = assembly.world, assembly.members
        proposal = assembly.propose_recovery(world.buyer, world.spare)
        assembly.object(proposal, world.buyer)
        assembly.approve(proposal, *assembly.members[1:4])
        assembly.decide(world.council, "removeSeat", assembly.members[4].index)
        assert assembly.record(proposal)["executableFrom"] == 0
        withdraw(assembly, proposal, first)
        (again,) = assembly.approve(proposal, first)
        assert again.event.fields["executableFrom"] == again.time + OBJECTION_WINDOW
