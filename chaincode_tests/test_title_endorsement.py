"""How a title is endorsed without a new party: in blank, to order again, to a last titleholder."""

import pytest

from chaincode_tests.consortium import REVOKED, SUSPENDED
from chaincode_tests.contract import Event
from chaincode_tests.history import History, word
from chaincode_tests.test_title_history import issue_detail
from chaincode_tests.trade import (
    BLANK,
    BOTH,
    HOUR,
    NO_PARTY,
    ORDER,
    ORDER_FINAL,
    POSSESSION,
    STRAIGHT,
    TITLE,
    Trade,
    refused,
)

ISSUE, ENDORSE = 1, 9
POSSIBLE = [(ORDER, BLANK), (ORDER, ORDER_FINAL), (BLANK, ORDER), (BLANK, ORDER_FINAL)]
IMPOSSIBLE = [(kind, to) for kind in range(4) for to in range(4) if (kind, to) not in POSSIBLE]


class TestEndorse:
    @pytest.mark.parametrize(("kind", "to"), POSSIBLE)
    def test_who_holds_the_title_endorses_it(self, trade: Trade, kind: int, to: int) -> None:
        world, title = trade.world, trade.issue(trade.issuance(kind=kind))
        titleholder = NO_PARTY if to == BLANK else world.shipper.index

        outcome = trade.act(world.shipper, "endorse", title, 1, to)

        record = trade.title(title)
        assert (record["kind"], record["titleholder"], record["seq"]) == (to, titleholder, 2)
        assert record["possessor"] == world.shipper.index
        assert outcome.event == Event(
            "TitleEndorsed",
            {
                "id": title,
                "seq": 2,
                "by": world.shipper.index,
                "titleholder": titleholder,
                "kind": to,
            },
        )

    @pytest.mark.parametrize(("kind", "to"), IMPOSSIBLE)
    def test_no_endorsement_makes_another_kind(self, trade: Trade, kind: int, to: int) -> None:
        title = trade.issue(trade.issuance(kind=kind))
        with refused("EndorsementUnfit", title, kind, to):
            trade.act(trade.world.shipper, "endorse", title, 1, to)

    def test_a_title_in_blank_passes_from_hand_to_hand_and_is_made_out_at_last(
        self, trade: Trade
    ) -> None:
        world, title = trade.world, trade.issue()
        trade.act(world.shipper, "endorse", title, 1, BLANK)
        trade.offer(title, 2, world.shipper, world.bank, what=POSSESSION)
        trade.act(world.bank, "accept", title, 3)
        trade.offer(title, 4, world.bank, world.buyer, what=POSSESSION)
        trade.act(world.buyer, "accept", title, 5)
        trade.act(world.buyer, "endorse", title, 6, ORDER)
        record = trade.title(title)
        assert (record["possessor"], record["titleholder"]) == (world.buyer.index,) * 2
        assert record["kind"] == ORDER

    def test_the_history_knows_it(self, trade: Trade) -> None:
        world, issuance, history = trade.world, trade.issuance(), History()
        issued = trade.act(world.carrier, "issue", issuance.as_tuple())
        history.extend(ISSUE, world.carrier.index, issued.time, issue_detail(issuance))
        endorsed = trade.act(world.shipper, "endorse", issuance.id, 1, ORDER_FINAL)
        detail = word(world.shipper.index | ORDER_FINAL << 32)
        expected = history.extend(ENDORSE, world.shipper.index, endorsed.time, detail)
        assert trade.head(issuance.id) == expected


class TestWhoEndorses:
    def test_not_a_possessor_who_is_not_titleholder(self, trade: Trade) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(titleholder=world.buyer.index))
        with refused("NotTheTitleholder", title, world.shipper.index):
            trade.act(world.shipper, "endorse", title, 1, BLANK)

    def test_not_a_titleholder_who_is_not_possessor(self, trade: Trade) -> None:
        world = trade.world
        title = trade.issue(trade.issuance(titleholder=world.buyer.index))
        with refused("NotThePossessor", title, world.buyer.index):
            trade.act(world.buyer, "endorse", title, 1, BLANK)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_not_a_holder_that_is_not_active(self, trade: Trade, status: int) -> None:
        world, title = trade.world, trade.issue()
        world.set_status(world.shipper, status)
        with refused("PartyNotActive", world.shipper.index):
            trade.act(world.shipper, "endorse", title, 1, BLANK)

    def test_not_while_an_offer_is_open(self, trade: Trade) -> None:
        title = trade.offered(what=TITLE)
        with refused("OfferAlreadyOpen", title, trade.world.buyer.index):
            trade.act(trade.world.shipper, "endorse", title, 2, BLANK)

    def test_an_offer_that_has_ended_is_cleared_by_it(self, trade: Trade) -> None:
        deadline = trade.in_an_hour()
        title = trade.offered(what=BOTH, deadline=deadline)
        trade.world.chain.next_block_at(deadline + HOUR)
        trade.act(trade.world.shipper, "endorse", title, 2, BLANK)
        record = trade.title(title)
        assert (record["offeree"], record["offered"], record["deadline"]) == (NO_PARTY, 0, 0)

    @pytest.mark.parametrize("kind", [ORDER, BLANK])
    def test_not_while_it_is_pledged(self, trade: Trade, kind: int) -> None:
        title = trade.pledged(kind=kind)
        with refused("Pledged", title):
            trade.act(trade.world.shipper, "endorse", title, 3, ORDER_FINAL)

    def test_a_straight_title_is_endorsed_by_nobody(self, trade: Trade) -> None:
        title = trade.issue(trade.issuance(kind=STRAIGHT))
        with refused("EndorsementUnfit", title, STRAIGHT, BLANK):
            trade.act(trade.world.shipper, "endorse", title, 1, BLANK)
