"""What the Council decides: proposed by a member, approved by enough, executed after its delay."""

import pytest
from eth_utils.crypto import keccak

from chaincode_tests.assembly import (
    APPROVED,
    EXECUTED,
    LAPSED,
    LIFETIME,
    NONE,
    OPEN,
    REASON,
    Assembly,
)
from chaincode_tests.consortium import (
    ACTIVE,
    DELAY,
    NOBODY,
    SUSPENDED,
    THRESHOLD,
    TRADER,
    Consortium,
)
from chaincode_tests.contract import Event
from chaincode_tests.trade import NO_PARTY, refused


@pytest.fixture
def assembly(world: Consortium) -> Assembly:
    return Assembly.founded(world)


def status_of(assembly: Assembly, proposal: int) -> int:
    status: int = assembly.record(proposal)["status"]
    return status


def reached(assembly: Assembly) -> tuple[int, int]:
    """A suspension of the buyer that enough have approved, and the second it can be executed."""
    proposal = assembly.propose_suspension(assembly.world.buyer)
    assembly.approve(proposal, *assembly.members[1:3])
    return proposal, assembly.record(proposal)["executableFrom"]


class TestPropose:
    def test_a_member_proposes_and_approves(self, assembly: Assembly) -> None:
        world, first = assembly.world, assembly.members[0]
        call = world.parties.call_data("changeStatus", (world.buyer.index, SUSPENDED, REASON))
        target = world.parties.address
        outcome = world.council.transact(first.account, "propose", target, call, "late fees")
        assert outcome.events == [
            Event(
                "Proposed",
                {
                    "proposal": 1,
                    "by": first.index,
                    "subject": NO_PARTY,
                    "target": target,
                    "call": call,
                    "reason": "late fees",
                },
            ),
            Event("Approved", {"proposal": 1, "by": first.index, "executableFrom": 0}),
        ]
        assert assembly.record(1) == {
            "target": target,
            "callHash": keccak(call),
            "subject": NO_PARTY,
            "status": OPEN,
            "proposer": first.index,
            "approvals": 1,
            "required": THRESHOLD,
            "objected": False,
            "executableFrom": 0,
            "lapsesAt": outcome.time + LIFETIME,
        }
        assert world.council.call("approvalsOf", 1) == (first.index,)

    def test_proposals_are_numbered_from_one(self, assembly: Assembly) -> None:
        numbers = [assembly.propose_suspension(assembly.world.buyer) for _ in range(2)]
        assert numbers == [1, 2]
        assert assembly.last == 2

    def test_who_has_no_seat_does_not(self, assembly: Assembly) -> None:
        world = assembly.world
        with refused("NotSeated", world.buyer.index):
            assembly.propose_suspension(world.shipper, by=world.buyer)

    def test_a_stranger_does_not(self, assembly: Assembly) -> None:
        world = assembly.world
        with refused("NotEnrolled", world.stranger):
            world.council.transact(world.stranger, "propose", NOBODY, b"", REASON)

    def test_a_suspended_member_does_not(self, assembly: Assembly) -> None:
        carrier = assembly.members[0]
        assembly.decide(assembly.world.parties, "changeStatus", carrier.index, SUSPENDED, REASON)
        with refused("PartyNotActive", carrier.index):
            assembly.propose_suspension(assembly.world.buyer, by=carrier)

    def test_it_says_why(self, assembly: Assembly) -> None:
        world, first = assembly.world, assembly.members[0]
        call = world.council.call_data("removeSeat", (first.index,))
        with refused("EmptyReason"):
            world.council.transact(first.account, "propose", world.council.address, call, "")


class TestApprove:
    def test_with_the_last_that_is_needed_the_delay_begins(self, assembly: Assembly) -> None:
        proposal = assembly.propose_suspension(assembly.world.buyer)
        second, third = assembly.approve(proposal, *assembly.members[1:3])
        executable = third.time + DELAY
        assert second.event.fields["executableFrom"] == 0
        assert third.event == Event(
            "Approved",
            {
                "proposal": proposal,
                "by": assembly.members[2].index,
                "executableFrom": executable,
            },
        )
        record = assembly.record(proposal)
        assert (record["status"], record["executableFrom"]) == (APPROVED, executable)
        assert record["lapsesAt"] == executable + LIFETIME

    def test_one_more_does_not_begin_it_anew(self, assembly: Assembly) -> None:
        proposal, executable = reached(assembly)
        (fourth,) = assembly.approve(proposal, assembly.members[3])
        assert fourth.event.fields["executableFrom"] == executable
        assert assembly.record(proposal)["approvals"] == THRESHOLD + 1

    def test_a_member_approves_once(self, assembly: Assembly) -> None:
        proposal = assembly.propose_suspension(assembly.world.buyer)
        assembly.approve(proposal, assembly.members[1])
        for member in assembly.members[:2]:
            with refused("AlreadyApproved", proposal, member.index):
                assembly.approve(proposal, member)

    def test_also_through_another_account(self, assembly: Assembly) -> None:
        world, first = assembly.world, assembly.members[0]
        world.add_account(first, world.spare)
        proposal = assembly.propose_suspension(world.buyer)
        with refused("AlreadyApproved", proposal, first.index):
            world.council.transact(world.spare, "approve", proposal)

    def test_who_has_no_seat_does_not(self, assembly: Assembly) -> None:
        proposal = assembly.propose_suspension(assembly.world.buyer)
        with refused("NotSeated", assembly.world.buyer.index):
            assembly.approve(proposal, assembly.world.buyer)

    def test_what_was_not_proposed_is_unknown(self, assembly: Assembly) -> None:
        for proposal in (0, 1):
            with refused("ProposalUnknown", proposal):
                assembly.approve(proposal, assembly.members[0])
            assert assembly.record(proposal)["status"] == NONE


class TestExecuteWith:
    def test_the_bytes_are_those_that_were_proposed(self, assembly: Assembly) -> None:
        world = assembly.world
        proposal, executable = reached(assembly)
        other = world.parties.call_data("changeStatus", (world.shipper.index, SUSPENDED, REASON))
        world.chain.next_block_at(executable)
        for call in (b"", other, assembly.call_of(proposal) + b"\0"):
            with refused("OtherCall", proposal):
                assembly.execute_with(proposal, call)

    def test_a_long_profile_costs_what_it_takes_to_tell_it(self, assembly: Assembly) -> None:
        world, first = assembly.world, assembly.members[0]
        terms = (TRADER, world.spare, b"{" + bytes(2048), "rulebook 1.0", "English law", [])
        outcome = assembly.proposed(first, world.parties, "enrol", *terms)
        assert outcome.gas < 300_000


class TestExecute:
    def test_it_does_what_was_proposed_and_anybody_may(self, assembly: Assembly) -> None:
        buyer = assembly.world.buyer
        proposal, executable = reached(assembly)
        outcome = assembly.execute(proposal, at=executable)
        assert assembly.world.parties.call("standingOf", buyer.index) == (TRADER, SUSPENDED)
        assert status_of(assembly, proposal) == EXECUTED
        assert outcome.events == [
            Event("Executed", {"proposal": proposal}),
            Event(
                "StatusChanged",
                {"party": buyer.index, "status": SUSPENDED, "reason": REASON},
            ),
        ]

    def test_not_a_second_before(self, assembly: Assembly) -> None:
        proposal, executable = reached(assembly)
        with refused("TooEarly", proposal, executable):
            assembly.execute(proposal, at=executable - 1)

    def test_not_with_too_few(self, assembly: Assembly) -> None:
        world = assembly.world
        proposal = assembly.propose_suspension(world.buyer)
        assembly.approve(proposal, assembly.members[1])
        with refused("ApprovalsMissing", proposal, 2, THRESHOLD):
            assembly.execute(proposal, at=world.chain.now + 2 * DELAY)

    def test_once(self, assembly: Assembly) -> None:
        proposal, executable = reached(assembly)
        assembly.execute(proposal)
        with refused("ProposalExecuted", proposal):
            assembly.execute(proposal, at=executable + 10)
        with refused("ProposalExecuted", proposal):
            assembly.approve(proposal, assembly.members[3])

    def test_what_the_registry_refuses_stays_undone(self, assembly: Assembly) -> None:
        parties, buyer = assembly.world.parties, assembly.world.buyer
        reinstatement = (buyer.index, ACTIVE, REASON)
        proposal = assembly.propose(assembly.members[0], parties, "changeStatus", *reinstatement)
        assembly.approve(proposal, *assembly.members[1:3])
        with refused("InvalidStatus", buyer.index, ACTIVE):
            assembly.execute(proposal)
        assert status_of(assembly, proposal) == APPROVED

    def test_the_approval_of_a_suspended_member_does_not_count(self, assembly: Assembly) -> None:
        proposal, executable = reached(assembly)
        third = assembly.members[2]
        suspension = assembly.propose_suspension(third, by=assembly.members[3])
        assembly.approve(suspension, *assembly.members[:2])
        assembly.execute(suspension)
        with refused("ApprovalsMissing", proposal, 2, THRESHOLD):
            assembly.execute(proposal, at=executable + DELAY)
        assembly.approve(proposal, assembly.members[4])
        assembly.execute(proposal, at=executable + 2 * DELAY)

    def test_nor_does_one_given_while_it_was_suspended(self, assembly: Assembly) -> None:
        third = assembly.members[2]
        assembly.decide(assembly.world.parties, "changeStatus", third.index, SUSPENDED, REASON)
        proposal = assembly.propose_suspension(assembly.world.buyer)
        with refused("PartyNotActive", third.index):
            assembly.approve(proposal, third)

    def test_it_counts_again_once_the_member_is_reinstated(self, assembly: Assembly) -> None:
        parties, third = assembly.world.parties, assembly.members[2]
        proposal, _ = reached(assembly)
        assembly.decide(parties, "changeStatus", third.index, SUSPENDED, REASON)
        reinstated = assembly.propose(
            assembly.members[0], parties, "changeStatus", third.index, ACTIVE, REASON
        )
        assembly.approve(reinstated, assembly.members[1], assembly.members[3])
        assembly.execute(reinstated)
        assembly.execute(proposal)
        assert parties.call("standingOf", assembly.world.buyer.index) == (TRADER, SUSPENDED)


class TestLapse:
    def test_an_open_one_lapses(self, assembly: Assembly) -> None:
        world = assembly.world
        proposal = assembly.propose_suspension(world.buyer)
        lapses = assembly.record(proposal)["lapsesAt"]
        world.chain.next_block_at(lapses - 1)
        assembly.approve(proposal, assembly.members[1])
        with refused("ProposalLapsed", proposal, lapses):
            assembly.approve(proposal, assembly.members[2])
        assert status_of(assembly, proposal) == LAPSED

    def test_an_approved_one_lapses_if_nobody_executes_it(self, assembly: Assembly) -> None:
        proposal, executable = reached(assembly)
        lapses = executable + LIFETIME
        with refused("ProposalLapsed", proposal, lapses):
            assembly.execute(proposal, at=lapses)
        assert status_of(assembly, proposal) == LAPSED

    def test_until_then_it_can_be_executed(self, assembly: Assembly) -> None:
        proposal, executable = reached(assembly)
        assembly.execute(proposal, at=executable + LIFETIME - 1)
        assert status_of(assembly, proposal) == EXECUTED
