"""Who is in the Council: seats come and go by its own decision alone."""

import pytest

from chaincode_tests.assembly import REASON, Assembly
from chaincode_tests.consortium import DELAY, SUSPENDED, THRESHOLD, Consortium
from chaincode_tests.contract import Event
from chaincode_tests.trade import refused


@pytest.fixture
def assembly(world: Consortium) -> Assembly:
    return Assembly.founded(world)


@pytest.fixture
def four(world: Consortium) -> Assembly:
    """The same with a seat left for one more."""
    assembly = Assembly(world)
    assembly.found(assembly.members[:4])
    return assembly


class TestAddSeat:
    def test_a_party_gets_one(self, four: Assembly) -> None:
        world = four.world
        outcome = four.decide(world.council, "addSeat", world.buyer.index)
        assert world.council.call("seatOf", world.buyer.index) == 5
        assert world.council.call("seats")[-1] == world.buyer.index
        assert outcome.events == [
            Event("Executed", {"proposal": 1}),
            Event("SeatAdded", {"party": world.buyer.index}),
        ]
        four.propose_suspension(world.shipper, by=world.buyer)

    def test_not_so_many_that_two_sets_could_decide_apart(self, assembly: Assembly) -> None:
        with refused("SeatCountUnfit", 6, THRESHOLD):
            assembly.decide(assembly.council, "addSeat", assembly.world.buyer.index)

    def test_not_two_to_the_same(self, four: Assembly) -> None:
        bank = four.world.bank.index
        with refused("AlreadySeated", bank):
            four.decide(four.council, "addSeat", bank)

    def test_not_to_one_that_is_not_active(self, four: Assembly) -> None:
        world = four.world
        four.decide(world.parties, "changeStatus", world.buyer.index, SUSPENDED, REASON)
        for party in (world.buyer.index, 99):
            with refused("PartyNotActive", party):
                four.decide(world.council, "addSeat", party)


class TestRemoveSeat:
    @pytest.mark.parametrize("place", range(5))
    def test_a_party_loses_its_own_and_the_others_keep_theirs(
        self, assembly: Assembly, place: int
    ) -> None:
        removed = assembly.members[place]
        outcome = assembly.decide(assembly.council, "removeSeat", removed.index)
        seats = assembly.council.call("seats")
        left = {member.index for member in assembly.members} - {removed.index}
        assert set(seats) == left
        assert len(seats) == 4
        assert [assembly.council.call("seatOf", seat) for seat in seats] == [1, 2, 3, 4]
        assert assembly.council.call("seatOf", removed.index) == 0
        assert outcome.events[1] == Event("SeatRemoved", {"party": removed.index})
        with refused("NotSeated", removed.index):
            assembly.propose_suspension(assembly.world.buyer, by=removed)

    def test_as_many_stay_as_are_needed(self, assembly: Assembly) -> None:
        for member in assembly.members[3:]:
            assembly.decide(assembly.council, "removeSeat", member.index)
        with refused("SeatCountUnfit", 2, THRESHOLD):
            assembly.decide(assembly.council, "removeSeat", assembly.members[0].index)

    def test_who_has_none_loses_none(self, assembly: Assembly) -> None:
        buyer = assembly.world.buyer.index
        with refused("SeatUnknown", buyer):
            assembly.decide(assembly.council, "removeSeat", buyer)

    def test_its_approval_counts_no_more(self, assembly: Assembly) -> None:
        world = assembly.world
        proposal = assembly.propose_suspension(world.buyer)
        assembly.approve(proposal, *assembly.members[1:3])
        removal = assembly.propose(
            assembly.members[3], world.council, "removeSeat", assembly.members[2].index
        )
        assembly.approve(removal, *assembly.members[:2])
        assembly.execute(removal)
        with refused("ApprovalsMissing", proposal, 2, THRESHOLD):
            assembly.execute(proposal, at=world.chain.now + DELAY)


class TestOnlyItself:
    def test_nobody_else_gives_or_takes_seats(self, assembly: Assembly) -> None:
        world = assembly.world
        for account in (world.admin, world.bank.account, world.stranger):
            for function in ("addSeat", "removeSeat"):
                with refused("OnlyTheCouncil", account):
                    world.council.transact(account, function, world.buyer.index)

    def test_these_are_all_the_functions_that_change_anything(self, world: Consortium) -> None:
        changing = {
            entry["name"]
            for entry in world.council.abi
            if entry["type"] == "function" and entry["stateMutability"] != "view"
        }
        of_members = {"propose", "approve", "withdrawApproval", "object", "execute"}
        assert changing == {"found", "addSeat", "removeSeat"} | of_members
