"""How a title is corrected: given up by who disposes of it, and replaced under the same number."""

from dataclasses import replace

import pytest

from chaincode_tests.consortium import REVOKED, SUSPENDED, TRADER
from chaincode_tests.contract import Event, Outcome
from chaincode_tests.history import History, hashed, word
from chaincode_tests.test_title_history import issue_detail
from chaincode_tests.trade import (
    BLANK,
    LIVE,
    ORDER,
    ORDER_FINAL,
    PENDING_DELIVERY,
    ROLE_OF_CARRIER,
    STRAIGHT,
    VOIDED,
    ZERO,
    Issuance,
    Trade,
    digest,
    refused,
)

CORRECTION, CHANGE_OF_DESTINATION, OTHER = 1, 2, 255
ISSUE, SURRENDER, CANCEL, VOID, SUCCEED = 1, 16, 17, 18, 22
AMENDMENT = 1


def corrected(issuance: Issuance) -> Issuance:
    """The next sub-reference of the same number."""
    return replace(
        issuance,
        number=digest("the next sub-reference"),
        content_root=digest("corrected content"),
        version=issuance.version + 1,
    )


class TestAmend:
    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER, ORDER_FINAL, BLANK])
    def test_the_carrier_replaces_the_title_by_the_next_of_its_number(
        self, trade: Trade, kind: int
    ) -> None:
        world, origin = trade.world, trade.issuance(kind=kind)
        title, successor = trade.given_up(origin), corrected(origin)

        outcome = self.amend(trade, title, successor)

        assert trade.status(title) == VOIDED
        record = trade.title(successor.id)
        assert (record["status"], record["seq"], record["kind"]) == (LIVE, 1, kind)
        assert record["possessor"] == world.shipper.index
        assert record["version"] == successor.version
        assert world.titles.call("titleOfSeries", origin.series) == successor.id
        assert world.titles.call("contentRootOf", successor.id) == successor.content_root
        assert outcome.events == [
            Event(
                "TitleAmended",
                {
                    "id": title,
                    "seq": 3,
                    "by": world.carrier.index,
                    "successor": successor.id,
                    "reason": CORRECTION,
                },
            ),
            Event(
                "SuccessorIssued",
                {
                    "id": successor.id,
                    "issuer": world.carrier.index,
                    "series": origin.series,
                    "contentRoot": successor.content_root,
                    "terms": successor.terms,
                    "origins": (title,),
                },
            ),
        ]

    def test_both_histories_know_it(self, trade: Trade) -> None:
        world, issuance, old, new = trade.world, trade.issuance(), History(), History()
        carrier, shipper = world.carrier.index, world.shipper.index
        successor = corrected(issuance)
        issued = trade.act(world.carrier, "issue", issuance.as_tuple())
        old.extend(ISSUE, carrier, issued.time, issue_detail(issuance))
        given_up = trade.act(world.shipper, "surrenderForAmendment", issuance.id, 1, CORRECTION)
        old.extend(SURRENDER, shipper, given_up.time, word(CORRECTION))
        cancelled = trade.act(world.shipper, "cancelSurrender", issuance.id, 2)
        old.extend(CANCEL, shipper, cancelled.time)
        given_up = trade.act(world.shipper, "surrenderForAmendment", issuance.id, 3, CORRECTION)
        old.extend(SURRENDER, shipper, given_up.time, word(CORRECTION))

        amended = self.amend(trade, issuance.id, successor, seq=4)

        replaced = [AMENDMENT, CORRECTION, hashed(["bytes32"], [successor.id])]
        detail = hashed(["uint8", "uint8", "bytes32"], replaced)
        assert trade.head(issuance.id) == old.extend(VOID, carrier, amended.time, detail)
        begun = [successor.id, successor.series, successor.content_root, successor.terms]
        types = ["bytes32", "bytes32", "bytes32", "uint256", "bytes32"]
        detail = hashed(types, [*begun, hashed(["bytes32"], [issuance.id])])
        assert trade.head(successor.id) == new.extend(SUCCEED, carrier, amended.time, detail)

    def test_an_amended_title_moves_on(self, trade: Trade) -> None:
        world, origin = trade.world, trade.issuance()
        title, successor = trade.given_up(origin), corrected(origin)
        self.amend(trade, title, successor)
        with refused("TitleNotLive", title, VOIDED):
            trade.offer(title, 3, world.shipper, world.buyer)
        trade.offer(successor.id, 1, world.shipper, world.buyer)
        trade.act(world.buyer, "accept", successor.id, 2)
        assert trade.title(successor.id)["possessor"] == world.buyer.index

    def test_it_is_amended_again(self, trade: Trade) -> None:
        world, origin = trade.world, trade.issuance()
        first = corrected(origin)
        second = replace(first, number=digest("yet another sub-reference"))
        self.amend(trade, trade.given_up(origin), first)
        trade.act(world.shipper, "surrenderForAmendment", first.id, 1, CORRECTION)
        self.amend(trade, first.id, second)
        assert world.titles.call("titleOfSeries", origin.series) == second.id

    def test_for_a_suspended_holder_too(self, trade: Trade) -> None:
        origin = trade.issuance()
        title, successor = trade.given_up(origin), corrected(origin)
        trade.world.set_status(trade.world.shipper, SUSPENDED)
        self.amend(trade, title, successor)
        assert trade.status(successor.id) == LIVE

    def test_another_series_is_no_amendment(self, trade: Trade) -> None:
        origin = trade.issuance()
        title = trade.given_up(origin)
        successor = replace(corrected(origin), series_number=digest("another series"))
        with refused("SeriesDiffers", title, successor.series):
            self.amend(trade, title, successor)

    def test_a_number_is_used_once(self, trade: Trade) -> None:
        origin = trade.issuance()
        title = trade.given_up(origin)
        with refused("AlreadyIssued", title):
            self.amend(trade, title, origin)

    def test_the_successor_has_a_number_a_series_and_a_content(self, trade: Trade) -> None:
        origin = trade.issuance()
        title, successor = trade.given_up(origin), corrected(origin)
        lacking = {
            "EmptyId": replace(successor, number=ZERO),
            "EmptySeries": replace(successor, series_number=ZERO),
            "EmptyContentRoot": replace(successor, content_root=ZERO),
        }
        for error, issuance in lacking.items():
            with refused(error):
                self.amend(trade, title, issuance)

    def test_the_holders_and_the_kind_stay(self, trade: Trade) -> None:
        world, origin = trade.world, trade.issuance()
        title, successor = trade.given_up(origin), corrected(origin)
        others = (
            replace(successor, possessor=world.buyer.index),
            replace(successor, titleholder=world.buyer.index),
            replace(successor, kind=ORDER_FINAL),
            replace(successor, kind=BLANK, titleholder=0),
        )
        for other in others:
            with refused("HoldersDiffer", title):
                self.amend(trade, title, other)

    def test_a_straight_title_may_name_another_consignee(self, trade: Trade) -> None:
        world = trade.world
        origin = trade.issuance(kind=STRAIGHT, titleholder=world.buyer.index)
        title = trade.given_up(origin)
        successor = replace(corrected(origin), titleholder=world.second_buyer.index)
        self.amend(trade, title, successor)
        assert trade.title(successor.id)["titleholder"] == world.second_buyer.index

    def test_which_is_an_active_party(self, trade: Trade) -> None:
        world = trade.world
        origin = trade.issuance(kind=STRAIGHT, titleholder=world.buyer.index)
        title = trade.given_up(origin)
        world.set_status(world.second_buyer, SUSPENDED)
        successor = replace(corrected(origin), titleholder=world.second_buyer.index)
        with refused("PartyNotActive", world.second_buyer.index):
            self.amend(trade, title, successor)
        with refused("KindNeedsTitleholder", STRAIGHT):
            self.amend(trade, title, replace(successor, titleholder=0))

    def test_not_once_the_consignee_possesses_it(self, trade: Trade) -> None:
        world, origin = trade.world, trade.issuance(kind=STRAIGHT)
        title = trade.given_up(origin)
        successor = replace(corrected(origin), titleholder=world.buyer.index)
        with refused("HoldersDiffer", title):
            self.amend(trade, title, successor)

    @staticmethod
    def amend(trade: Trade, title: bytes, successor: Issuance, seq: int = 2) -> Outcome:
        arguments = (title, seq, successor.as_tuple(), CORRECTION)
        return trade.act(trade.world.carrier, "amend", *arguments)


class TestAskedFor:
    @pytest.mark.parametrize("reason", [CORRECTION, CHANGE_OF_DESTINATION, OTHER])
    def test_a_title_that_was_given_up_for_it_is_amended(self, trade: Trade, reason: int) -> None:
        origin = trade.issuance()
        title = trade.given_up(origin, reason)
        TestAmend.amend(trade, title, corrected(origin))
        assert trade.status(title) == VOIDED

    @pytest.mark.parametrize("reason", [0, 3, 4, 5, 6, 7, 254])
    def test_for_any_other_reason_it_is_not(self, trade: Trade, reason: int) -> None:
        origin = trade.issuance()
        title = trade.given_up(origin, reason)
        with refused("SurrenderedForAnother", title, reason):
            TestAmend.amend(trade, title, corrected(origin))

    @pytest.mark.parametrize("ended_by", ["shipper", "carrier"])
    def test_given_up_anew_for_something_else_it_is_answered_by_that_alone(
        self, trade: Trade, ended_by: str
    ) -> None:
        world, origin = trade.world, trade.issuance()
        title = trade.given_up(origin, 6)
        if ended_by == "shipper":
            trade.act(world.shipper, "cancelSurrender", title, 2)
        else:
            trade.act(world.carrier, "rejectSurrender", title, 2, OTHER)
        trade.act(world.shipper, "surrenderForAmendment", title, 3, CORRECTION)
        with refused("SurrenderedForAnother", title, CORRECTION):
            trade.act(world.carrier, "switchToPaper", title, 4, 6)
        TestAmend.amend(trade, title, corrected(origin), seq=4)

    def test_no_deadline_is_told_of_it(self, trade: Trade) -> None:
        record = trade.title(trade.given_up(reason=OTHER))
        assert (record["offeree"], record["offered"], record["deadline"]) == (0, 0, 0)

    def test_nothing_is_left_of_it_once_it_is_answered(self, trade: Trade) -> None:
        world, origin = trade.world, trade.issuance()
        amended, on_paper = trade.given_up(origin, OTHER), trade.given_up(self.other(trade), OTHER)
        rejected = trade.given_up(trade.issuance("SMDG:ABC 3"), OTHER)
        cancelled = trade.given_up(trade.issuance("SMDG:ABC 4"), OTHER)
        TestAmend.amend(trade, amended, corrected(origin))
        trade.act(world.carrier, "switchToPaper", on_paper, 2, OTHER)
        trade.act(world.carrier, "rejectSurrender", rejected, 2, OTHER)
        trade.act(world.shipper, "cancelSurrender", cancelled, 2)
        for title in (amended, on_paper, rejected, cancelled):
            assert trade.title(title)["deadline"] == 0

    @staticmethod
    def other(trade: Trade) -> Issuance:
        return trade.issuance("SMDG:ABC 2")


class TestWhoAmends:
    def test_only_a_title_that_was_given_up_for_it(self, trade: Trade) -> None:
        origin = trade.issuance()
        title = trade.issue(origin)
        with refused("NoSurrenderPending", title, LIVE):
            TestAmend.amend(trade, title, corrected(origin), seq=1)
        trade.act(trade.world.shipper, "surrenderForDelivery", title, 1)
        with refused("NoSurrenderPending", title, PENDING_DELIVERY):
            TestAmend.amend(trade, title, corrected(origin))

    def test_neither_the_holder_nor_another_carrier(self, trade: Trade) -> None:
        world, origin = trade.world, trade.issuance()
        title = trade.given_up(origin)
        for party in (world.shipper, world.other_carrier):
            arguments = (title, 2, corrected(origin).as_tuple(), CORRECTION)
            with refused("NotTheIssuer", title, party.index):
                trade.act(party, "amend", *arguments)

    def test_not_the_successor_carrier_whose_number_it_is_not(self, trade: Trade) -> None:
        world, origin = trade.world, trade.issuance()
        title = trade.given_up(origin)
        world.revoke(world.carrier, world.other_carrier.index)
        arguments = (title, 2, corrected(origin).as_tuple(), CORRECTION)
        with refused("NotTheIssuer", title, world.other_carrier.index):
            trade.act(world.other_carrier, "amend", *arguments)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_not_a_carrier_that_is_not_active(self, trade: Trade, status: int) -> None:
        world, origin = trade.world, trade.issuance()
        title = trade.given_up(origin)
        world.set_status(world.carrier, status)
        with refused("PartyNotActive", world.carrier.index):
            TestAmend.amend(trade, title, corrected(origin))

    def test_not_a_party_that_is_no_carrier_any_more(self, trade: Trade) -> None:
        world, origin = trade.world, trade.issuance()
        title = trade.given_up(origin)
        world.parties.transact(world.admin, "changeRoles", world.carrier.index, TRADER)
        with refused("RoleMissing", world.carrier.index, ROLE_OF_CARRIER):
            TestAmend.amend(trade, title, corrected(origin))
