"""How a title that has left comes home: by the way that it left, and as the same title."""

from dataclasses import replace

import pytest

from chaincode_tests.border import Border
from chaincode_tests.consortium import REVOKED, SUSPENDED, TRADER
from chaincode_tests.trade import (
    BLANK,
    EXPORTED,
    IN_TRANSIT,
    LIVE,
    ORDER,
    ORDER_FINAL,
    POSSESSION,
    STRAIGHT,
    Issuance,
    Trade,
    digest,
    refused,
)


@pytest.fixture
def border(trade: Trade) -> Border:
    """A gateway that no carrier has admitted: what has left comes back without."""
    return Border(trade, trade.world.recognise(trade.world.stranger))


@pytest.fixture
def other(trade: Trade) -> Border:
    """Another gateway, which the carrier has admitted."""
    return Border(trade, trade.world.admit(trade.world.recognise(trade.world.spare)))


class TestTheSameWay:
    def test_no_other_gateway_brings_it_in(
        self, trade: Trade, border: Border, other: Border
    ) -> None:
        """Else any of them could give any title that is away to whom it likes."""
        thief, title = trade.world.second_buyer, border.exported()
        with refused("NotTheGateway", title, other.gateway):
            other.bring(trade.issuance(kind=BLANK, possessor=thief.index))

    def test_nor_one_that_its_offeree_has_declined(
        self, trade: Trade, border: Border, other: Border
    ) -> None:
        world, issuance = trade.world, trade.issuance()
        other.bring(issuance)
        trade.act(world.shipper, "decline", issuance.id, 1)
        with refused("NotTheGateway", issuance.id, border.gateway):
            border.bring(issuance)
        other.bring(issuance)
        assert trade.status(issuance.id) == IN_TRANSIT

    def test_the_last_way_counts_that_it_went(
        self, trade: Trade, border: Border, other: Border
    ) -> None:
        world, title = trade.world, border.exported()
        border.bring(trade.issuance())
        trade.act(world.shipper, "accept", title, 4)
        trade.act(world.shipper, "lock", title, 5, other.gateway, digest("transfer 2"))
        other.act("exportTitle", title, 6)
        with refused("NotTheGateway", title, border.gateway):
            border.bring(trade.issuance())
        other.bring(trade.issuance())

    def test_what_a_dismissed_gateway_sent_out_another_may_bring_in(
        self, trade: Trade, border: Border, other: Border
    ) -> None:
        world, title = trade.world, border.exported()
        world.gateways.transact(world.admin, "dismiss", border.gateway)
        with refused("GatewayUnknown", border.gateway):
            border.bring(trade.issuance())
        other.bring(trade.issuance())
        trade.act(world.shipper, "accept", title, 4)
        assert trade.status(title) == LIVE

    def test_not_once_that_is_recognised_again(
        self, trade: Trade, border: Border, other: Border
    ) -> None:
        world, title = trade.world, border.exported()
        world.gateways.transact(world.admin, "dismiss", border.gateway)
        world.recognise(border.gateway)
        with refused("NotTheGateway", title, other.gateway):
            other.bring(trade.issuance())

    def test_the_registry_tells_which_way_it_was(self, trade: Trade, border: Border) -> None:
        title = border.exported()
        assert trade.world.titles.call("gatewayOf", title) == border.gateway


class TestTheSameTitle:
    @pytest.mark.parametrize("field", ["schema", "version", "rulebook"])
    def test_it_is_read_as_before(self, trade: Trade, border: Border, field: str) -> None:
        title, issuance = border.exported(), trade.issuance()
        with refused("ContentDiffers", title):
            border.bring(altered(issuance, field))

    def test_it_has_the_document_that_it_left_with(self, trade: Trade, border: Border) -> None:
        title, issuance = border.exported(), trade.issuance()
        with refused("ContentDiffers", title):
            border.bring(replace(issuance, content_root=digest("another content")))

    def test_it_is_of_the_series_that_it_was_of(self, trade: Trade, border: Border) -> None:
        title, issuance = border.exported(), trade.issuance()
        elsewhere = replace(issuance, series_number=digest("another series"))
        with refused("SeriesDiffers", title, elsewhere.series):
            border.bring(elsewhere)


class TestWhateverBecameOfItsCarrier:
    def test_revoked(self, trade: Trade, border: Border) -> None:
        world, title = trade.world, border.exported()
        world.revoke(world.carrier, world.other_carrier.index)
        self.assert_it_comes_home(trade, border, title)
        trade.act(world.shipper, "surrenderForDelivery", title, 5)
        trade.act(world.other_carrier, "acceptSurrender", title, 6)

    def test_suspended(self, trade: Trade, border: Border) -> None:
        title = border.exported()
        trade.world.set_status(trade.world.carrier, SUSPENDED)
        self.assert_it_comes_home(trade, border, title)

    def test_no_carrier_any_more(self, trade: Trade, border: Border) -> None:
        world, title = trade.world, border.exported()
        world.parties.transact(world.admin, "changeRoles", world.carrier.index, TRADER)
        self.assert_it_comes_home(trade, border, title)

    def test_or_never_having_admitted_its_gateway(self, trade: Trade, border: Border) -> None:
        title = border.exported()
        self.assert_it_comes_home(trade, border, title)

    @staticmethod
    def assert_it_comes_home(trade: Trade, border: Border, title: bytes) -> None:
        border.bring(trade.issuance())
        trade.act(trade.world.shipper, "accept", title, 4)
        assert trade.status(title) == LIVE


class TestWhateverBecameOfItsTitleholder:
    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER, ORDER_FINAL])
    def test_it_comes_home_made_out_to_whom_it_left_with(
        self, trade: Trade, border: Border, status: int, kind: int
    ) -> None:
        world = trade.world
        issuance = trade.issuance(
            kind=kind, possessor=world.shipper.index, titleholder=world.buyer.index
        )
        title = trade.issue(issuance)
        trade.act(world.shipper, "lock", title, 1, border.gateway, digest("transfer"))
        border.act("exportTitle", title, 2)
        world.set_status(world.buyer, status)
        border.bring(issuance)
        trade.act(world.shipper, "accept", title, 4)
        trade.offer(title, 5, world.shipper, world.buyer, what=POSSESSION)
        trade.act(world.buyer, "accept", title, 6)
        trade.act(world.buyer, "surrenderForDelivery", title, 7)

    def test_to_nobody_else_who_is_suspended(self, trade: Trade, border: Border) -> None:
        world, title = trade.world, border.exported()
        world.set_status(world.bank, SUSPENDED)
        with refused("PartyNotActive", world.bank.index):
            border.bring(replace(trade.issuance(), titleholder=world.bank.index))
        assert trade.status(title) == EXPORTED

    def test_its_possessor_is_active_as_it_is_asked(self, trade: Trade, border: Border) -> None:
        world, title = trade.world, border.exported()
        world.set_status(world.shipper, SUSPENDED)
        with refused("PartyNotActive", world.shipper.index):
            border.bring(trade.issuance())
        assert trade.status(title) == EXPORTED


def altered(issuance: Issuance, field: str) -> Issuance:
    changed = {field: getattr(issuance, field) + 1}
    return replace(issuance, **changed)
