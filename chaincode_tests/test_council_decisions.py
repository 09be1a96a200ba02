"""What the Council decides twice is done once."""

import pytest

from chaincode_tests.assembly import EXECUTED, REASON, Assembly
from chaincode_tests.consortium import ACTIVE, SUSPENDED, TRADER, Consortium, Party
from chaincode_tests.contract import Contract
from chaincode_tests.test_platform_registry import TERMS as RECOGNITION
from chaincode_tests.test_platform_registry import anchor_id
from chaincode_tests.trade import refused
from tidan_node.domain.identifiers import Address
from tidan_node.domain.proposals import Motion


@pytest.fixture
def assembly(world: Consortium) -> Assembly:
    return Assembly.founded(world)


def approved(assembly: Assembly, target: Contract, function: str, *arguments: object) -> int:
    proposal = assembly.propose(assembly.members[0], target, function, *arguments)
    assembly.approve(proposal, *assembly.members[1:3])
    return proposal


def suspension(assembly: Assembly, of: Party, reason: str = REASON) -> int:
    return approved(assembly, assembly.world.parties, "changeStatus", of.index, SUSPENDED, reason)


def reinstate(assembly: Assembly, party: Party) -> None:
    assembly.decide(assembly.world.parties, "changeStatus", party.index, ACTIVE, REASON)


def test_a_suspension_of_two_members_does_not_outlive_the_reinstatement(
    assembly: Assembly,
) -> None:
    parties, buyer = assembly.world.parties, assembly.world.buyer
    first, second = suspension(assembly, buyer), suspension(assembly, buyer, "the same, in brief")
    assembly.execute(first)
    reinstate(assembly, buyer)

    with refused("AlreadyDecided", second):
        assembly.execute(second)

    assert parties.call("standingOf", buyer.index) == (TRADER, ACTIVE)


def test_whichever_is_done_first_settles_the_other(assembly: Assembly) -> None:
    buyer = assembly.world.buyer
    first, second = suspension(assembly, buyer), suspension(assembly, buyer)
    assembly.execute(second)
    with refused("AlreadyDecided", first):
        assembly.execute(first)


def test_one_that_is_proposed_afterwards_is_done(assembly: Assembly) -> None:
    parties, buyer = assembly.world.parties, assembly.world.buyer
    assembly.execute(suspension(assembly, buyer))
    reinstate(assembly, buyer)

    again = suspension(assembly, buyer)
    assembly.execute(again)

    assert assembly.record(again)["status"] == EXECUTED
    assert parties.call("standingOf", buyer.index) == (TRADER, SUSPENDED)


def test_a_decision_about_another_party_stays(assembly: Assembly) -> None:
    parties, shipper = assembly.world.parties, assembly.world.shipper
    first, other = suspension(assembly, assembly.world.buyer), suspension(assembly, shipper)
    assembly.execute(first)
    assembly.execute(other)
    assert parties.call("standingOf", shipper.index) == (TRADER, SUSPENDED)


def test_a_recovery_to_another_account_stays(assembly: Assembly) -> None:
    parties, buyer, world = assembly.world.parties, assembly.world.buyer, assembly.world
    second_account = f"0x{7:040x}"
    first = approved(assembly, parties, "recover", buyer.index, world.spare, REASON)
    other = approved(assembly, parties, "recover", buyer.index, second_account, REASON)
    assembly.execute(first)
    assembly.execute(other)
    assert parties.call("indexOf", second_account) == buyer.index


def test_a_recognition_that_was_withdrawn_does_not_come_back(assembly: Assembly) -> None:
    platforms = assembly.world.platforms
    first, second = (
        approved(assembly, platforms, "recognise", *RECOGNITION.values()) for _ in range(2)
    )
    assembly.execute(first)
    assembly.decide(platforms, "withdraw", anchor_id())
    with refused("AlreadyDecided", second):
        assembly.execute(second)


def test_nor_a_seat_that_was_taken(assembly: Assembly) -> None:
    council, regulator = assembly.council, assembly.world.regulator
    assembly.decide(council, "removeSeat", regulator.index)
    first, second = (approved(assembly, council, "addSeat", regulator.index) for _ in range(2))
    assembly.execute(first)
    assembly.decide(council, "removeSeat", regulator.index)
    with refused("AlreadyDecided", second):
        assembly.execute(second)


@pytest.mark.parametrize(
    ("function", "second"),
    [("changeStatus", SUSPENDED), ("revoke", 1), ("recover", f"0x{7:040x}")],
)
def test_the_node_finds_the_reason_in_the_same_place(
    assembly: Assembly, function: str, second: object
) -> None:
    parties = assembly.world.parties
    one, other = (
        Motion(Address(parties.address), parties.call_data(function, (4, second, reason)), "why")
        for reason in ("late fees", "late fees, again and again, for longer than a word is")
    )
    assert one.decision == other.decision
    assert one.decision[1] == one.call[:68]
