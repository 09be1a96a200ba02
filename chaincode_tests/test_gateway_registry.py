"""Which gateways the consortium recognises and its carriers admit, and who says so."""

import pytest

from chaincode_tests.consortium import (
    CARRIER,
    NOBODY,
    REVOKED,
    SUSPENDED,
    TRADER,
    Consortium,
)
from chaincode_tests.contract import Event
from chaincode_tests.trade import refused

NAME = "portal to the other chain"


class TestRecognise:
    def test_the_authority_recognises_a_gateway(self, world: Consortium) -> None:
        gateway = world.stranger
        outcome = world.gateways.transact(world.admin, "recognise", gateway, NAME)
        assert world.gateways.call("isGateway", gateway)
        assert outcome.event == Event("GatewayRecognised", {"gateway": gateway, "name": NAME})

    def test_nobody_else_does(self, world: Consortium) -> None:
        with refused("AccessManagedUnauthorized", world.carrier.account):
            arguments = (world.stranger, NAME)
            world.gateways.transact(world.carrier.account, "recognise", *arguments)
        with refused("AccessManagedUnauthorized", world.carrier.account):
            world.gateways.transact(world.carrier.account, "dismiss", world.stranger)

    def test_it_is_somebody_and_has_a_name(self, world: Consortium) -> None:
        with refused("EmptyGateway"):
            world.gateways.transact(world.admin, "recognise", NOBODY, NAME)
        with refused("EmptyGatewayName"):
            world.gateways.transact(world.admin, "recognise", world.stranger, "")

    def test_once(self, world: Consortium) -> None:
        gateway = world.recognise(world.stranger)
        with refused("AlreadyRecognised", gateway):
            world.gateways.transact(world.admin, "recognise", gateway, NAME)

    def test_an_account_that_was_never_recognised_is_none(self, world: Consortium) -> None:
        assert not world.gateways.call("isGateway", world.spare)


class TestDismiss:
    def test_the_authority_ends_a_recognition(self, world: Consortium) -> None:
        gateway = world.recognise(world.stranger)
        outcome = world.gateways.transact(world.admin, "dismiss", gateway)
        assert not world.gateways.call("isGateway", gateway)
        assert outcome.event == Event("GatewayDismissed", {"gateway": gateway})

    def test_and_may_begin_it_again(self, world: Consortium) -> None:
        gateway = world.recognise(world.stranger)
        world.gateways.transact(world.admin, "dismiss", gateway)
        world.recognise(gateway)
        assert world.gateways.call("isGateway", gateway)

    def test_there_is_one_to_end(self, world: Consortium) -> None:
        with refused("NotRecognised", world.spare):
            world.gateways.transact(world.admin, "dismiss", world.spare)


class TestAdmit:
    def test_a_carrier_admits_a_gateway_for_itself_alone(self, world: Consortium) -> None:
        gateway, carrier = world.recognise(world.stranger), world.carrier
        outcome = world.gateways.transact(carrier.account, "admit", gateway)
        assert world.gateways.call("isAdmitted", carrier.index, gateway)
        assert not world.gateways.call("isAdmitted", world.other_carrier.index, gateway)
        assert outcome.event == Event(
            "GatewayAdmitted", {"carrier": carrier.index, "gateway": gateway}
        )

    def test_through_any_of_its_accounts(self, world: Consortium) -> None:
        gateway = world.recognise(world.stranger)
        world.add_account(world.carrier, world.spare)
        world.gateways.transact(world.spare, "admit", gateway)
        assert world.gateways.call("isAdmitted", world.carrier.index, gateway)

    def test_nobody_admits_one_who_is_no_carrier(self, world: Consortium) -> None:
        gateway = world.recognise(world.stranger)
        with refused("RoleMissing", world.shipper.index, CARRIER):
            world.gateways.transact(world.shipper.account, "admit", gateway)
        for account in (world.admin, world.spare, gateway):
            with refused("NotEnrolled", account):
                world.gateways.transact(account, "admit", gateway)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_nor_a_carrier_that_is_not_active(self, world: Consortium, status: int) -> None:
        gateway = world.recognise(world.stranger)
        world.set_status(world.carrier, status)
        with refused("PartyNotActive", world.carrier.index):
            world.gateways.transact(world.carrier.account, "admit", gateway)

    def test_nor_one_that_was_a_carrier(self, world: Consortium) -> None:
        gateway = world.recognise(world.stranger)
        world.parties.transact(world.admin, "changeRoles", world.carrier.index, TRADER)
        with refused("RoleMissing", world.carrier.index, CARRIER):
            world.gateways.transact(world.carrier.account, "admit", gateway)

    def test_only_what_is_recognised(self, world: Consortium) -> None:
        gateway = world.recognise(world.stranger)
        world.gateways.transact(world.admin, "dismiss", gateway)
        for unknown in (gateway, world.spare):
            with refused("NotRecognised", unknown):
                world.gateways.transact(world.carrier.account, "admit", unknown)

    def test_once(self, world: Consortium) -> None:
        gateway = world.admit(world.recognise(world.stranger))
        with refused("AlreadyAdmitted", world.carrier.index, gateway):
            world.gateways.transact(world.carrier.account, "admit", gateway)


class TestWithdrawAdmission:
    def test_the_carrier_ends_its_admission(self, world: Consortium) -> None:
        gateway, carrier = world.admit(world.recognise(world.stranger)), world.carrier
        world.admit(gateway, world.other_carrier)
        outcome = world.gateways.transact(carrier.account, "withdrawAdmission", gateway)
        assert not world.gateways.call("isAdmitted", carrier.index, gateway)
        assert world.gateways.call("isAdmitted", world.other_carrier.index, gateway)
        assert outcome.event == Event(
            "AdmissionWithdrawn", {"carrier": carrier.index, "gateway": gateway}
        )

    def test_also_of_a_gateway_that_is_dismissed(self, world: Consortium) -> None:
        gateway = world.admit(world.recognise(world.stranger))
        world.gateways.transact(world.admin, "dismiss", gateway)
        world.gateways.transact(world.carrier.account, "withdrawAdmission", gateway)
        assert not world.gateways.call("isAdmitted", world.carrier.index, gateway)

    def test_there_is_one_to_end(self, world: Consortium) -> None:
        gateway = world.admit(world.recognise(world.stranger), world.other_carrier)
        with refused("NotAdmitted", world.carrier.index, gateway):
            world.gateways.transact(world.carrier.account, "withdrawAdmission", gateway)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_it_is_the_carriers_in_any_standing(self, world: Consortium, status: int) -> None:
        gateway = world.admit(world.recognise(world.stranger))
        world.set_status(world.carrier, status)
        world.gateways.transact(world.carrier.account, "withdrawAdmission", gateway)
        assert not world.gateways.call("isAdmitted", world.carrier.index, gateway)

    def test_nobody_else_withdraws_it(self, world: Consortium) -> None:
        gateway = world.admit(world.recognise(world.stranger))
        with refused("NotAdmitted", world.other_carrier.index, gateway):
            world.gateways.transact(world.other_carrier.account, "withdrawAdmission", gateway)
        with refused("NotEnrolled", world.admin):
            world.gateways.transact(world.admin, "withdrawAdmission", gateway)
