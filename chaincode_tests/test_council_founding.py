"""How the Council begins: its terms, its seats, and what is left to who founded it."""

from collections.abc import Iterator

import pytest

from chaincode_tests.anvil import running_anvil
from chaincode_tests.assembly import Assembly
from chaincode_tests.chain import Chain
from chaincode_tests.consortium import (
    ADMIN_ROLE,
    CARRIER,
    COUNCIL_ROLE,
    DAY,
    DELAY,
    OBJECTION_WINDOW,
    SUSPENDED,
    THRESHOLD,
    Consortium,
    deploy_council,
    enrol,
)
from chaincode_tests.contract import Contract, Event, deploy
from chaincode_tests.test_party_registry import MEMBERSHIP
from chaincode_tests.test_platform_registry import TERMS as RECOGNITION
from chaincode_tests.trade import digest, refused

EMBEDDED_CHAIN = 1337
LONGEST = 90 * DAY
PUBLIC_ROLE = 2**64 - 1
SOME_ROLE = 7


@pytest.fixture
def assembly(world: Consortium) -> Assembly:
    return Assembly(world)


class TestTerms:
    def test_they_are_told(self, world: Consortium) -> None:
        assert world.council.call("terms") == {
            "threshold": THRESHOLD,
            "delay": DELAY,
            "objectionWindow": OBJECTION_WINDOW,
        }

    @pytest.mark.parametrize("wait", [0, DAY - 1, LONGEST + 1])
    def test_nothing_waits_less_than_a_day(self, world: Consortium, wait: int) -> None:
        for terms in ((1, wait, DAY), (1, DAY, wait)):
            with refused("WaitUnfit", wait, DAY, LONGEST):
                self.deploy(world, terms)

    @pytest.mark.parametrize("threshold", [0, 32])
    def test_a_threshold_is_one_to_thirty_one(self, world: Consortium, threshold: int) -> None:
        with refused("SeatCountUnfit", 0, threshold):
            self.deploy(world, (threshold, DAY, DAY))

    def deploy(self, world: Consortium, terms: tuple[int, int, int]) -> Contract:
        registries = (world.authority, world.parties, world.platforms, world.gateways)
        return deploy_council(world.chain, world.admin, registries, terms)


class TestEmbeddedChain:
    @pytest.fixture
    def embedded(self) -> Iterator[Chain]:
        with running_anvil(chain_id=EMBEDDED_CHAIN) as url, Chain(url) as chain:
            yield chain

    def test_only_there_the_waits_may_be_short(self, embedded: Chain) -> None:
        admin = embedded.accounts[0]
        authority = deploy(embedded, admin, "Authority", admin)
        parties = deploy(embedded, admin, "PartyRegistry", authority.address, 0)
        platforms = deploy(embedded, admin, "PlatformRegistry", authority.address)
        gateways = deploy(embedded, admin, "GatewayRegistry", authority.address, parties.address)
        registries = (authority, parties, platforms, gateways)
        council = deploy_council(embedded, admin, registries, (1, 0, 1))
        assert council.call("terms") == {"threshold": 1, "delay": 0, "objectionWindow": 1}
        with refused("WaitUnfit", LONGEST + 1, 0, LONGEST):
            deploy(embedded, admin, "PartyRegistry", authority.address, LONGEST + 1)


class TestFound:
    def test_the_members_have_their_seats(self, assembly: Assembly) -> None:
        outcome = assembly.found(assembly.members)
        seats = [member.index for member in assembly.members]
        assert assembly.council.call("seats") == tuple(seats)
        assert [assembly.council.call("seatOf", seat) for seat in seats] == [1, 2, 3, 4, 5]
        assert assembly.council.call("seatOf", assembly.world.buyer.index) == 0
        assert outcome.events[0] == Event(
            "CouncilFounded",
            {
                "seats": tuple(seats),
                "threshold": THRESHOLD,
                "delay": DELAY,
                "objectionWindow": OBJECTION_WINDOW,
            },
        )

    def test_only_who_deployed_it_does_that(self, assembly: Assembly) -> None:
        for account in (assembly.world.stranger, assembly.world.carrier.account):
            with refused("NotTheFounder", account):
                assembly.council.transact(account, "found", [1, 2, 3])

    def test_once(self, assembly: Assembly) -> None:
        assembly.found(assembly.members)
        with refused("AlreadyFounded"):
            assembly.found(assembly.members)

    @pytest.mark.parametrize("count", [0, 1, 2, 6])
    def test_two_sets_that_can_decide_share_a_member(self, assembly: Assembly, count: int) -> None:
        members = (*assembly.members, assembly.world.buyer)[:count]
        with refused("SeatCountUnfit", count, THRESHOLD):
            assembly.found(members)

    @pytest.mark.parametrize("count", [3, 4, 5])
    def test_as_many_as_the_threshold_and_less_than_twice_as_many(
        self, assembly: Assembly, count: int
    ) -> None:
        assembly.found(assembly.members[:count])
        assert len(assembly.council.call("seats")) == count

    def test_nobody_has_two_seats(self, assembly: Assembly) -> None:
        carrier, bank = assembly.world.carrier, assembly.world.bank
        with refused("AlreadySeated", carrier.index):
            assembly.found((carrier, bank, carrier))

    def test_who_has_a_seat_is_active(self, assembly: Assembly) -> None:
        world = assembly.world
        world.set_status(world.bank, SUSPENDED)
        with refused("PartyNotActive", world.bank.index):
            assembly.found(assembly.members)


class TestWhatIsLeft:
    """After the founding the founder has no right, and nobody can give anybody one."""

    @pytest.mark.parametrize(("function", "arguments"), MEMBERSHIP.items())
    def test_the_founder_changes_no_membership(
        self, assembly: Assembly, function: str, arguments: tuple[object, ...]
    ) -> None:
        world = assembly.world
        assembly.found(assembly.members)
        with refused("AccessManagedUnauthorized", world.admin):
            world.parties.transact(world.admin, function, *arguments)

    def test_the_founder_recognises_nobody(self, assembly: Assembly) -> None:
        world = assembly.world
        assembly.found(assembly.members)
        with refused("AccessManagedUnauthorized", world.admin):
            world.platforms.transact(world.admin, "recognise", *RECOGNITION.values())
        with refused("AccessManagedUnauthorized", world.admin):
            world.platforms.transact(world.admin, "withdraw", digest("anchor"))
        with refused("AccessManagedUnauthorized", world.admin):
            world.gateways.transact(world.admin, "recognise", world.stranger, "a portal")

    def test_nobody_is_admin_any_more(self, assembly: Assembly) -> None:
        world = assembly.world
        assembly.found(assembly.members)
        for account in (world.admin, world.council.address):
            assert world.authority.call("hasRole", ADMIN_ROLE, account) == (False, 0)
        assert world.authority.call("holdersOf", ADMIN_ROLE) == 0
        assert world.authority.call("holdersOf", COUNCIL_ROLE) == 1
        assert world.authority.call("hasRole", COUNCIL_ROLE, world.council.address) == (True, 0)

    @pytest.mark.parametrize(
        ("function", "arguments"),
        [
            ("grantRole", (ADMIN_ROLE, "0x" + "11" * 20, 0)),
            ("grantRole", (COUNCIL_ROLE, "0x" + "11" * 20, 0)),
            ("setRoleAdmin", (COUNCIL_ROLE, SOME_ROLE)),
            ("setTargetClosed", ("0x" + "11" * 20, True)),
            ("setTargetFunctionRole", ("0x" + "11" * 20, [b"\0\0\0\0"], PUBLIC_ROLE)),
            ("updateAuthority", ("0x" + "11" * 20, "0x" + "22" * 20)),
        ],
    )
    def test_nobody_changes_the_authority(
        self, assembly: Assembly, function: str, arguments: tuple[object, ...]
    ) -> None:
        world = assembly.world
        assembly.found(assembly.members)
        with refused("AccessManagerUnauthorizedAccount", world.admin, ADMIN_ROLE):
            world.authority.transact(world.admin, function, *arguments)


class TestWhatWasPrepared:
    """Whatever the founder arranges: the Council's rights are its alone, or it is not founded."""

    @pytest.mark.parametrize("role", [ADMIN_ROLE, COUNCIL_ROLE])
    def test_a_second_holder_of_its_rights_stops_the_founding(
        self, assembly: Assembly, role: int
    ) -> None:
        world = assembly.world
        world.authority.transact(world.admin, "grantRole", role, world.stranger, 0)
        with refused("RightsLeft", role):
            assembly.found(assembly.members)
        world.authority.transact(world.admin, "revokeRole", role, world.stranger)
        assembly.found(assembly.members)

    def test_so_does_one_whose_right_is_still_to_come(self, assembly: Assembly) -> None:
        world = assembly.world
        world.authority.transact(world.admin, "setGrantDelay", COUNCIL_ROLE, DAY)
        world.wait(6 * DAY)
        world.authority.transact(world.admin, "grantRole", COUNCIL_ROLE, world.stranger, 0)
        assert world.authority.call("hasRole", COUNCIL_ROLE, world.stranger) == (False, 0)
        with refused("RightsLeft", COUNCIL_ROLE):
            assembly.found(assembly.members)

    def test_so_does_a_right_of_the_council_that_is_still_to_come(self, assembly: Assembly) -> None:
        world = assembly.world
        world.authority.transact(world.admin, "setGrantDelay", COUNCIL_ROLE, DAY)
        world.wait(6 * DAY)
        with refused("RightsLeft", COUNCIL_ROLE):
            assembly.found(assembly.members)

    @pytest.mark.parametrize("role", [SOME_ROLE, PUBLIC_ROLE])
    def test_functions_given_to_another_role_are_the_councils(
        self, assembly: Assembly, role: int
    ) -> None:
        world = assembly.world
        change_roles = bytes.fromhex("a13b01e1")
        given = (world.parties.address, [change_roles], role)
        world.authority.transact(world.admin, "setTargetFunctionRole", *given)
        world.authority.transact(world.admin, "grantRole", SOME_ROLE, world.admin, 0)
        assembly.found(assembly.members)
        with refused("AccessManagedUnauthorized", world.admin):
            world.parties.transact(world.admin, "changeRoles", world.bank.index, CARRIER)

    def test_another_admin_of_its_role_is_none_any_more(self, assembly: Assembly) -> None:
        world = assembly.world
        world.authority.transact(world.admin, "setRoleAdmin", COUNCIL_ROLE, SOME_ROLE)
        for account in (world.admin, world.stranger):
            world.authority.transact(world.admin, "grantRole", SOME_ROLE, account, 0)
        assembly.found(assembly.members)
        with refused("AccessManagerUnauthorizedAccount", world.admin, ADMIN_ROLE):
            world.authority.transact(world.admin, "grantRole", COUNCIL_ROLE, world.admin, 0)

    def test_a_closed_registry_is_open_again(self, assembly: Assembly) -> None:
        world = assembly.world
        world.authority.transact(world.admin, "setTargetClosed", world.parties.address, True)
        assembly.found(assembly.members)
        assembly.decide(world.parties, "changeRoles", world.buyer.index, CARRIER)

    def test_a_registry_of_another_authority_stops_it(self, assembly: Assembly) -> None:
        world = assembly.world
        other = deploy(world.chain, world.admin, "Authority", world.admin)
        moved = (world.platforms.address, other.address)
        world.authority.transact(world.admin, "updateAuthority", *moved)
        with refused("WrongAuthority", world.platforms.address):
            assembly.found(assembly.members)

    def test_a_council_that_is_no_admin_cannot_be_founded(self, world: Consortium) -> None:
        terms = (THRESHOLD, DELAY, OBJECTION_WINDOW)
        registries = (world.authority, world.parties, world.platforms, world.gateways)
        where = (each.address for each in registries)
        council = deploy(world.chain, world.admin, "Council", *where, terms)
        with refused("AccessManagerUnauthorizedAccount", council.address, ADMIN_ROLE):
            council.transact(world.admin, "found", [1, 2, 3])


class TestBefore:
    def test_the_founder_enrols(self, world: Consortium) -> None:
        party = enrol(world.parties, world.admin, CARRIER, world.spare)
        assert world.parties.call("indexOf", world.spare) == party.index

    def test_nobody_proposes(self, assembly: Assembly) -> None:
        with refused("NotSeated", assembly.world.bank.index):
            assembly.propose_suspension(assembly.world.buyer, by=assembly.world.bank)
