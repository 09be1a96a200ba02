"""What hostile code can do that the registry asks, or that a title is locked for: nothing."""

from dataclasses import replace

import pytest

from chaincode_tests.consortium import Party, deploy_titles
from chaincode_tests.contract import Contract, deploy_for_tests
from chaincode_tests.trade import IN_TRANSIT, LIVE, Trade, digest, refused

TRANSFER = digest("transfer 1")


@pytest.fixture
def hostile(trade: Trade) -> Contract:
    """Code that is gate, gateways and an account of the shipper's at once."""
    world = trade.world
    callee = deploy_for_tests(world.chain, world.admin, "HostileCallee")
    world.add_account(world.shipper, callee.address)
    return callee


@pytest.fixture
def beset(trade: Trade, hostile: Contract) -> Trade:
    """The trade on a registry that asks hostile code."""
    world = trade.world
    titles = deploy_titles(world.chain, world.admin, (world.parties, hostile, hostile))
    return Trade(replace(world, titles=titles))


class TestReEntrancy:
    def test_a_gate_changes_nothing_while_it_is_asked(
        self, beset: Trade, hostile: Contract
    ) -> None:
        """It is the shipper: asked who may take the pledge, it withdraws the proposal."""
        world, title = beset.world, beset.proposed()
        self.aim(beset, hostile, "withdraw", title, 2)
        self.assert_it_could(beset, hostile, title)

        beset.act(world.bank, "acceptPledge", title, 2)

        record = beset.title(title)
        assert (record["pledged"], record["seq"]) == (True, 3)

    def test_nor_do_gateways_while_they_are_asked(self, beset: Trade, hostile: Contract) -> None:
        world, title = beset.world, beset.issue()
        offer = (title, 1, world.buyer.index, 1, beset.in_an_hour())
        self.aim(beset, hostile, "offer", *offer)
        self.assert_it_could(beset, hostile, title)

        beset.act(world.shipper, "lock", title, 1, world.spare, TRANSFER)

        record = beset.title(title)
        assert (record["status"], record["seq"], record["offeree"]) == (IN_TRANSIT, 2, 0)

    @staticmethod
    def aim(trade: Trade, hostile: Contract, act: str, *arguments: object) -> None:
        call = trade.world.titles.call_data(act, arguments)
        hostile.transact(trade.world.admin, "aim", trade.world.titles.address, call)

    @staticmethod
    def assert_it_could(trade: Trade, hostile: Contract, title: bytes) -> None:
        """Unasked, the same call of the same code succeeds: it is the asking that forbids it."""
        chain, seq = trade.world.chain, trade.title(title)["seq"]
        snapshot = chain.snapshot()
        hostile.transact(trade.world.admin, "strike")
        assert trade.title(title)["seq"] == seq + 1
        chain.revert_to(snapshot)


class TestGateway:
    def test_a_gateways_code_is_not_run_when_a_title_is_locked_for_it(
        self, trade: Trade, hostile: Contract
    ) -> None:
        """Code that answers nothing it is not asked would revert a call that it gets."""
        world = trade.world
        gateway = world.recognise(world.council.address)
        title = trade.locked(gateway)
        assert trade.status(title) == IN_TRANSIT

    def test_a_gateway_that_is_the_possessor_too_gives_a_title_back_once(
        self, trade: Trade, hostile: Contract
    ) -> None:
        world = trade.world
        title = trade.locked(world.recognise(hostile.address))
        call = world.titles.call_data("returnTitle", (title, 2))
        hostile.transact(world.admin, "aim", world.titles.address, call)
        hostile.transact(world.admin, "strike")
        hostile.transact(world.admin, "strike")
        assert (trade.status(title), trade.title(title)["seq"]) == (LIVE, 3)

    def test_a_gateway_has_no_title_to_pass_on(self, trade: Trade) -> None:
        world = trade.world
        gateway = world.recognise(world.stranger)
        title = trade.locked(gateway)
        for act in ("accept", "surrenderForDelivery", "withdraw"):
            with refused("NotEnrolled", gateway):
                trade.act(Party(0, gateway), act, title, 2)
