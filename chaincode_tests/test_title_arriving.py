"""How a title arrives from another chain or platform: offered to who is to have it."""

from dataclasses import replace

import pytest

from chaincode_tests.border import TRANSFER, Border
from chaincode_tests.consortium import REVOKED, SUSPENDED, TRADER
from chaincode_tests.contract import Event
from chaincode_tests.trade import (
    BLANK,
    EXPORTED,
    IN_TRANSIT,
    LIVE,
    NO_PARTY,
    ORDER,
    POSSESSION,
    ZERO,
    Trade,
    digest,
    refused,
)

NO_DEADLINE = 2**40 - 1
NO_GATEWAY = "0x" + "00" * 20


@pytest.fixture
def border(trade: Trade) -> Border:
    world = trade.world
    return Border(trade, world.admit(world.recognise(world.stranger)))


class TestArriving:
    def test_a_title_that_was_never_here_is_offered_to_who_is_to_have_it(
        self, trade: Trade, border: Border
    ) -> None:
        world, issuance = trade.world, trade.issuance()

        outcome = border.bring(issuance)

        record = trade.title(issuance.id)
        assert (record["status"], record["possessor"]) == (IN_TRANSIT, NO_PARTY)
        assert (record["offeree"], record["offered"]) == (world.shipper.index, POSSESSION)
        assert (record["deadline"], record["seq"]) == (NO_DEADLINE, 1)
        assert world.titles.call("titleOfSeries", issuance.series) == issuance.id
        assert outcome.event == Event(
            "TitleImported",
            {
                "id": issuance.id,
                "seq": 1,
                "gateway": border.gateway,
                "issuer": world.carrier.index,
                "series": issuance.series,
                "contentRoot": issuance.content_root,
                "terms": issuance.terms,
                "transfer": TRANSFER,
            },
        )

    def test_it_is_live_once_that_party_accepts(self, trade: Trade, border: Border) -> None:
        world, issuance = trade.world, trade.issuance(titleholder=trade.world.buyer.index)
        border.bring(issuance)
        trade.act(world.shipper, "accept", issuance.id, 1)
        record = trade.title(issuance.id)
        assert (record["status"], record["possessor"]) == (LIVE, world.shipper.index)
        assert (record["titleholder"], record["kind"]) == (world.buyer.index, ORDER)
        assert (record["offeree"], record["offered"], record["deadline"]) == (NO_PARTY, 0, 0)

    def test_it_is_away_again_once_that_party_declines(self, trade: Trade, border: Border) -> None:
        world, issuance = trade.world, trade.issuance()
        border.bring(issuance)
        world.set_status(world.shipper, REVOKED)
        trade.act(world.shipper, "decline", issuance.id, 1)
        assert trade.status(issuance.id) == EXPORTED
        replaced = replace(issuance, possessor=world.buyer.index, titleholder=world.buyer.index)
        border.bring(replaced)
        trade.act(world.buyer, "accept", issuance.id, 3)
        assert trade.title(issuance.id)["possessor"] == world.buyer.index

    def test_a_title_that_left_comes_back_to_its_holder_of_there(
        self, trade: Trade, border: Border
    ) -> None:
        world, title = trade.world, border.exported()
        buyer = world.buyer.index
        border.bring(trade.issuance(kind=BLANK, possessor=buyer))
        trade.act(world.buyer, "accept", title, 4)
        record = trade.title(title)
        assert (record["possessor"], record["kind"], record["seq"]) == (buyer, BLANK, 5)

    def test_nobody_else_accepts_it(self, trade: Trade, border: Border) -> None:
        world, issuance = trade.world, trade.issuance()
        border.bring(issuance)
        for party in (world.buyer, world.carrier):
            with refused("NotTheOfferee", issuance.id, party.index):
                trade.act(party, "accept", issuance.id, 1)

    def test_its_gateway_takes_it_away_again_from_who_does_not_answer(
        self, trade: Trade, border: Border
    ) -> None:
        world, title = trade.world, border.exported()
        border.bring(trade.issuance(possessor=world.second_buyer.index))
        outcome = border.act("exportTitle", title, 4)
        record = trade.title(title)
        assert (record["status"], record["seq"]) == (EXPORTED, 5)
        assert (record["offeree"], record["offered"], record["deadline"]) == (NO_PARTY, 0, 0)
        assert outcome.event == Event(
            "TitleExported", {"id": title, "seq": 5, "gateway": border.gateway}
        )
        with refused("TitleNotLive", title, EXPORTED):
            trade.act(world.second_buyer, "accept", title, 5)
        border.bring(trade.issuance())
        trade.act(world.shipper, "accept", title, 6)
        assert trade.title(title)["possessor"] == world.shipper.index

    def test_also_one_that_was_never_here_and_when_dismissed_since(
        self, trade: Trade, border: Border
    ) -> None:
        world, issuance = trade.world, trade.issuance()
        border.bring(issuance)
        world.gateways.transact(world.admin, "dismiss", border.gateway)
        border.act("exportTitle", issuance.id, 1)
        assert trade.status(issuance.id) == EXPORTED

    def test_but_it_cannot_give_it_back(self, trade: Trade, border: Border) -> None:
        """The title would be live without a possessor."""
        title = border.exported()
        border.bring(trade.issuance())
        with refused("NotTheGateway", title, border.gateway):
            border.act("returnTitle", title, 4)

    @pytest.mark.parametrize("act", ["exportTitle", "returnTitle"])
    def test_another_gateway_has_nothing_to_do_with_it(
        self, trade: Trade, border: Border, act: str
    ) -> None:
        world, issuance = trade.world, trade.issuance()
        border.bring(issuance)
        other = world.admit(world.recognise(world.spare))
        with refused("NotTheGateway", issuance.id, other):
            world.titles.transact(other, act, issuance.id, 1)

    def test_its_gateway_is_told_until_it_is_accepted(self, trade: Trade, border: Border) -> None:
        world, issuance = trade.world, trade.issuance()
        border.bring(issuance)
        assert world.titles.call("gatewayOf", issuance.id) == border.gateway
        trade.act(world.shipper, "accept", issuance.id, 1)
        assert world.titles.call("gatewayOf", issuance.id) == NO_GATEWAY

    def test_a_title_that_is_here_does_not_arrive(self, trade: Trade, border: Border) -> None:
        title = trade.issue()
        with refused("TitleNotExported", title, LIVE):
            border.bring(trade.issuance())
        trade.act(trade.world.shipper, "lock", title, 1, border.gateway, TRANSFER)
        with refused("TitleNotExported", title, IN_TRANSIT):
            border.bring(trade.issuance())

    def test_nor_another_of_its_number(self, trade: Trade, border: Border) -> None:
        issuance, title = trade.issuance(), trade.issue()
        other = replace(issuance, number=digest("another number"))
        with refused("SeriesAlreadyUsed", issuance.series, title):
            border.bring(other)

    def test_its_carrier_is_enrolled_here(self, trade: Trade, border: Border) -> None:
        world, issuance = trade.world, trade.issuance()
        for issuer in (NO_PARTY, 99, world.shipper.index):
            with refused("IssuerUnfit", issuer):
                border.bring(issuance, issuer=issuer)
        world.set_status(world.carrier, SUSPENDED)
        border.bring(issuance)

    def test_and_neither_revoked_nor_another_now(self, trade: Trade, border: Border) -> None:
        world, issuance = trade.world, trade.issuance()
        world.parties.transact(world.admin, "changeRoles", world.carrier.index, TRADER)
        with refused("IssuerUnfit", world.carrier.index):
            border.bring(issuance)
        world.parties.transact(world.admin, "changeRoles", world.carrier.index, 1)
        world.revoke(world.carrier)
        with refused("IssuerUnfit", world.carrier.index):
            border.bring(issuance)

    def test_and_has_admitted_the_gateway(self, trade: Trade, border: Border) -> None:
        """Else anybody's number could be used up by a gateway that the carrier never heard of."""
        world, issuance = trade.world, trade.issuance()
        stranger = Border(trade, world.recognise(world.spare))
        world.admit(stranger.gateway, world.other_carrier)
        with refused("GatewayNotAdmitted", world.carrier.index, stranger.gateway):
            stranger.bring(issuance)
        trade.issue(issuance)
        world.admit(stranger.gateway)
        stranger.bring(trade.issuance("another title"))

    def test_until_it_withdraws_that(self, trade: Trade, border: Border) -> None:
        world = trade.world
        world.gateways.transact(world.carrier.account, "withdrawAdmission", border.gateway)
        with refused("GatewayNotAdmitted", world.carrier.index, border.gateway):
            border.bring(trade.issuance())

    def test_the_holders_are_as_of_a_title_issued_here(self, trade: Trade, border: Border) -> None:
        issuance = trade.issuance()
        with refused("PartyNotActive", NO_PARTY):
            border.bring(replace(issuance, possessor=NO_PARTY))
        with refused("KindNeedsTitleholder", ORDER):
            border.bring(replace(issuance, titleholder=NO_PARTY))
        with refused("BlankHasNoTitleholder"):
            border.bring(replace(issuance, kind=BLANK))

    def test_only_a_gateway_brings_titles(self, trade: Trade, border: Border) -> None:
        world, issuance = trade.world, trade.issuance()
        for account in (world.carrier.account, world.shipper.account, world.admin):
            with refused("GatewayUnknown", account):
                arguments = (issuance.as_tuple(), issuance.issuer, TRANSFER)
                world.titles.transact(account, "importTitle", *arguments)

    def test_a_dismissed_gateway_brings_none(self, trade: Trade, border: Border) -> None:
        world = trade.world
        world.gateways.transact(world.admin, "dismiss", border.gateway)
        with refused("GatewayUnknown", border.gateway):
            border.bring(trade.issuance())

    def test_a_crossing_has_a_name(self, trade: Trade, border: Border) -> None:
        with refused("EmptyTransfer"):
            border.bring(trade.issuance(), transfer=ZERO)
