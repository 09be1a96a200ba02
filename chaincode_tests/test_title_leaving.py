"""How a title leaves for another chain or platform: its gateway never has control of it."""

import pytest

from chaincode_tests.border import TRANSFER, Border
from chaincode_tests.consortium import REVOKED, SUSPENDED
from chaincode_tests.contract import Event
from chaincode_tests.trade import (
    BLANK,
    EXPORTED,
    IN_TRANSIT,
    LIVE,
    ORDER,
    STRAIGHT,
    ZERO,
    Trade,
    refused,
)

NO_GATEWAY = "0x" + "00" * 20


@pytest.fixture
def border(trade: Trade) -> Border:
    return Border(trade, trade.world.recognise(trade.world.stranger))


class TestLock:
    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER, BLANK])
    def test_the_possessor_puts_the_title_into_a_gateways_hands(
        self, trade: Trade, border: Border, kind: int
    ) -> None:
        world, title = trade.world, trade.issue(trade.issuance(kind=kind))

        outcome = trade.act(world.shipper, "lock", title, 1, border.gateway, TRANSFER)

        record = trade.title(title)
        assert (record["status"], record["possessor"]) == (IN_TRANSIT, world.shipper.index)
        assert world.titles.call("gatewayOf", title) == border.gateway
        assert outcome.event == Event(
            "TitleLocked",
            {
                "id": title,
                "seq": 2,
                "by": world.shipper.index,
                "gateway": border.gateway,
                "transfer": TRANSFER,
            },
        )

    def test_a_locked_title_does_nothing_else(self, trade: Trade, border: Border) -> None:
        world, title = trade.world, trade.locked(border.gateway)
        with refused("TitleNotLive", title, IN_TRANSIT):
            trade.offer(title, 2, world.shipper, world.buyer)
        for act in ("accept", "decline", "withdraw", "surrenderForDelivery"):
            with refused("TitleNotLive", title, IN_TRANSIT):
                trade.act(world.shipper, act, title, 2)

    def test_only_for_a_gateway_that_is_recognised(self, trade: Trade, border: Border) -> None:
        world, title = trade.world, trade.issue()
        with refused("GatewayUnknown", world.spare):
            trade.act(world.shipper, "lock", title, 1, world.spare, TRANSFER)
        world.gateways.transact(world.admin, "dismiss", border.gateway)
        with refused("GatewayUnknown", border.gateway):
            trade.act(world.shipper, "lock", title, 1, border.gateway, TRANSFER)

    def test_a_crossing_has_a_name(self, trade: Trade, border: Border) -> None:
        title = trade.issue()
        with refused("EmptyTransfer"):
            trade.act(trade.world.shipper, "lock", title, 1, border.gateway, ZERO)

    def test_not_while_an_offer_is_open(self, trade: Trade, border: Border) -> None:
        title = trade.offered()
        with refused("OfferAlreadyOpen", title, trade.world.buyer.index):
            trade.act(trade.world.shipper, "lock", title, 2, border.gateway, TRANSFER)

    def test_not_while_it_is_pledged(self, trade: Trade, border: Border) -> None:
        title = trade.pledged()
        with refused("Pledged", title):
            trade.act(trade.world.shipper, "lock", title, 3, border.gateway, TRANSFER)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_not_by_a_possessor_that_is_not_active(
        self, trade: Trade, border: Border, status: int
    ) -> None:
        world, title = trade.world, trade.issue()
        world.set_status(world.shipper, status)
        with refused("PartyNotActive", world.shipper.index):
            trade.act(world.shipper, "lock", title, 1, border.gateway, TRANSFER)

    def test_not_by_the_gateway_itself(self, trade: Trade, border: Border) -> None:
        title = trade.issue()
        with refused("NotEnrolled", border.gateway):
            border.act("lock", title, 1, border.gateway, TRANSFER)


class TestLeaving:
    def test_the_gateway_states_that_the_title_has_left(self, trade: Trade, border: Border) -> None:
        title = trade.locked(border.gateway)
        outcome = border.act("exportTitle", title, 2)
        assert trade.status(title) == EXPORTED
        assert outcome.event == Event(
            "TitleExported", {"id": title, "seq": 3, "gateway": border.gateway}
        )

    def test_or_gives_it_back_as_it_was(self, trade: Trade, border: Border) -> None:
        world, title = trade.world, trade.locked(border.gateway)
        outcome = border.act("returnTitle", title, 2)
        record = trade.title(title)
        assert (record["status"], record["possessor"]) == (LIVE, world.shipper.index)
        assert world.titles.call("gatewayOf", title) == NO_GATEWAY
        assert outcome.event == Event(
            "TitleReturned", {"id": title, "seq": 3, "gateway": border.gateway}
        )

    @pytest.mark.parametrize("act", ["exportTitle", "returnTitle"])
    def test_only_the_gateway_that_it_was_locked_for(
        self, trade: Trade, border: Border, act: str
    ) -> None:
        world, title = trade.world, trade.locked(border.gateway)
        other = world.recognise(world.spare)
        for account in (other, world.shipper.account, world.carrier.account, world.admin):
            with refused("NotTheGateway", title, account):
                world.titles.transact(account, act, title, 2)

    @pytest.mark.parametrize("act", ["exportTitle", "returnTitle"])
    def test_also_when_it_was_dismissed_meanwhile(
        self, trade: Trade, border: Border, act: str
    ) -> None:
        world, title = trade.world, trade.locked(border.gateway)
        world.gateways.transact(world.admin, "dismiss", border.gateway)
        border.act(act, title, 2)
        assert trade.status(title) == (EXPORTED if act == "exportTitle" else LIVE)

    @pytest.mark.parametrize("act", ["exportTitle", "returnTitle"])
    def test_once(self, trade: Trade, border: Border, act: str) -> None:
        title = border.exported()
        with refused("TitleNotInTransit", title, EXPORTED):
            border.act(act, title, 3)

    def test_an_exported_title_is_nobodys_here(self, trade: Trade, border: Border) -> None:
        world, title = trade.world, border.exported()
        with refused("TitleNotLive", title, EXPORTED):
            trade.offer(title, 3, world.shipper, world.buyer)
        with refused("TitleNotLive", title, EXPORTED):
            trade.act(world.shipper, "surrenderForDelivery", title, 3)
