"""Which gateways the consortium recognises, and who says so."""

from chaincode_tests.consortium import NOBODY, Consortium
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
