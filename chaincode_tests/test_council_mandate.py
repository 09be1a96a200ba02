"""What the Council decides about: each function of its mandate, and nothing else."""

import pytest

from chaincode_tests.assembly import REASON, Assembly
from chaincode_tests.consortium import ACTIVE, CARRIER, NOBODY, REVOKED, Consortium
from chaincode_tests.contract import Contract
from chaincode_tests.test_platform_registry import TERMS as RECOGNITION
from chaincode_tests.test_platform_registry import anchor_id
from chaincode_tests.trade import NO_PARTY, refused

UNKNOWN = 99
KEY = b"\x02" + bytes(range(32))


@pytest.fixture
def assembly(world: Consortium) -> Assembly:
    return Assembly.founded(world)


class TestTargets:
    def propose(self, assembly: Assembly, target: str, call: bytes) -> None:
        first = assembly.members[0]
        assembly.council.transact(first.account, "propose", target, call, REASON)

    def test_no_other_contract_is_called(self, assembly: Assembly) -> None:
        world = assembly.world
        given = world.authority.call_data("grantRole", (0, world.stranger, 0))
        for target in (world.authority, world.titles, world.invoices, world.anchors):
            with refused("TargetForbidden", target.address, given[:4]):
                self.propose(assembly, target.address, given)

    def test_no_other_function_of_the_registries_is(self, assembly: Assembly) -> None:
        world = assembly.world
        forbidden: list[tuple[Contract, str, tuple[object, ...]]] = [
            (world.parties, "setAuthority", (world.stranger,)),
            (world.parties, "changeProfile", (b"{}",)),
            (world.parties, "requestRotation", (world.spare, NOBODY)),
            (world.platforms, "setAuthority", (world.stranger,)),
            (world.gateways, "setAuthority", (world.stranger,)),
            (world.council, "found", ([1, 2, 3],)),
            (world.council, "execute", (1, b"")),
            (world.council, "approve", (1,)),
        ]
        for target, function, arguments in forbidden:
            call = target.call_data(function, arguments)
            with refused("TargetForbidden", target.address, call[:4]):
                self.propose(assembly, target.address, call)

    def test_nor_one_of_the_other_registry(self, assembly: Assembly) -> None:
        world = assembly.world
        call = world.platforms.call_data("withdraw", (bytes(32),))
        with refused("TargetForbidden", world.parties.address, call[:4]):
            self.propose(assembly, world.parties.address, call)

    @pytest.mark.parametrize("call", [b"", b"\x01\x02\x03"])
    def test_a_call_names_a_function(self, assembly: Assembly, call: bytes) -> None:
        parties = assembly.world.parties.address
        with refused("TargetForbidden", parties, bytes(4)):
            self.propose(assembly, parties, call)

    @pytest.mark.parametrize("party", [NO_PARTY, UNKNOWN])
    def test_a_recovery_is_of_a_party_that_is_there(self, assembly: Assembly, party: int) -> None:
        world = assembly.world
        terms = (party, world.spare, REASON)
        with refused("SubjectUnknown", party):
            assembly.propose(assembly.members[0], world.parties, "recover", *terms)

    @pytest.mark.parametrize("arguments", [b"", bytes(31), b"\xff" * 32])
    def test_a_recovery_that_names_no_party_is_none(
        self, assembly: Assembly, arguments: bytes
    ) -> None:
        world = assembly.world
        recover = world.parties.call_data("recover", (1, world.spare, ""))[:4]
        with refused("CallMalformed", recover):
            self.propose(assembly, world.parties.address, recover + arguments)


class TestEverythingItDecides:
    """Each function of the mandate works from a proposal to the registry."""

    def test_a_party_is_enrolled(self, assembly: Assembly) -> None:
        world = assembly.world
        party = world.parties.call("partyCount") + 1
        terms = (CARRIER, world.spare, b"{}", "rulebook 1.0", "English law", [("SMDG:X", KEY)])
        assembly.decide(world.parties, "enrol", *terms)
        assert world.parties.call("standing", world.spare) == (party, CARRIER, ACTIVE)

    def test_roles_and_codes_change(self, assembly: Assembly) -> None:
        world = assembly.world
        assembly.decide(world.parties, "changeRoles", world.buyer.index, CARRIER)
        assembly.decide(world.parties, "registerNumberingKey", world.buyer.index, "SMDG:X", KEY)
        assert world.parties.call("standingOf", world.buyer.index) == (CARRIER, ACTIVE)

    def test_a_carrier_is_revoked_and_has_a_successor(self, assembly: Assembly) -> None:
        world = assembly.world
        carrier, successor = world.carrier.index, world.other_carrier.index
        assembly.decide(world.parties, "revoke", carrier, NO_PARTY, REASON)
        # its approval counts no more
        proposal = assembly.propose(
            assembly.members[1], world.parties, "nameSuccessor", carrier, successor
        )
        assembly.approve(proposal, *assembly.members[2:4])
        assembly.execute(proposal)
        assert world.parties.call("standingOf", carrier) == (CARRIER, REVOKED)
        assert world.parties.call("successorOf", carrier) == successor

    def test_gateways_are_recognised_and_no_more(self, assembly: Assembly) -> None:
        world = assembly.world
        assembly.decide(world.gateways, "recognise", world.stranger, "portal to another chain")
        assert world.gateways.call("isGateway", world.stranger)
        assembly.decide(world.gateways, "dismiss", world.stranger)
        assert not world.gateways.call("isGateway", world.stranger)

    def test_platforms_are_recognised_and_no_more(self, assembly: Assembly) -> None:
        world = assembly.world
        assembly.decide(world.platforms, "recognise", *RECOGNITION.values())
        assert not world.platforms.call("recognitionOf", anchor_id())["withdrawn"]
        assembly.decide(world.platforms, "withdraw", anchor_id())
        assert world.platforms.call("recognitionOf", anchor_id())["withdrawn"]
