"""What holds for every act on a title, whichever it is."""

from typing import Any

import pytest

from chaincode_tests.trade import BOTH, Trade, digest, refused

MAX_UINT32 = 2**32 - 1
# an act, and the arguments that follow id and seq; none of them is looked at in these tests
ACTS = {
    "offer": (1, BOTH, 2**40 - 1),
    "withdraw": (),
    "accept": (),
    "decline": (),
    "surrenderForDelivery": (),
    "acceptSurrender": (),
    "rejectSurrender": (255,),
    "surrenderForAmendment": (1,),
    "cancelSurrender": (),
    "endorse": (3,),
    "proposePledge": (bytes(32), 2**40 - 1),
    "switchToPaper": (1,),
    "endAsPaper": (),
    "lock": ("0x" + "11" * 20, bytes(32)),
}
ANSWERS = ("acceptSurrender", "rejectSurrender", "cancelSurrender", "switchToPaper")
# an account that needs to be no party's: the pledgee's, the gateway's
ACTS_OF_OTHERS = {
    "acceptPledge": (),
    "declinePledge": (),
    "consent": (),
    "releasePledge": (),
    "enforcePledge": (1, 2**40 - 1),
    "exportTitle": (),
    "returnTitle": (),
}


@pytest.mark.parametrize(("act", "more"), ACTS.items())
class TestEveryAct:
    def test_a_stranger_is_refused_before_all_else(
        self, trade: Trade, act: str, more: tuple[Any, ...]
    ) -> None:
        stranger = trade.world.stranger
        with refused("NotEnrolled", stranger):
            trade.world.titles.transact(stranger, act, digest("no such title"), 1, *more)

    def test_a_title_that_was_never_issued_is_unknown(
        self, trade: Trade, act: str, more: tuple[Any, ...]
    ) -> None:
        title = digest("no such title")
        with refused("TitleUnknown", title):
            trade.act(trade.world.bank, act, title, 0, *more)

    @pytest.mark.parametrize("expected", [0, 1, 3, MAX_UINT32])
    def test_a_stale_seq_is_refused_before_status_and_place(
        self, trade: Trade, act: str, more: tuple[Any, ...], expected: int
    ) -> None:
        title = trade.offered()
        with refused("StaleSeq", title, expected, 2):
            trade.act(trade.world.bank, act, title, expected, *more)

    def test_the_status_comes_before_the_callers_place(
        self, trade: Trade, act: str, more: tuple[Any, ...]
    ) -> None:
        title, delivered = trade.delivered(), 4
        with refused("NoSurrenderPending" if act in ANSWERS else "TitleNotLive", title, delivered):
            trade.act(trade.world.bank, act, title, 3, *more)


@pytest.mark.parametrize(("act", "more"), ACTS_OF_OTHERS.items())
class TestActsOfPledgeeAndGateway:
    def test_a_title_that_was_never_issued_is_unknown(
        self, trade: Trade, act: str, more: tuple[Any, ...]
    ) -> None:
        title = digest("no such title")
        with refused("TitleUnknown", title):
            trade.world.titles.transact(trade.world.stranger, act, title, 0, *more)

    @pytest.mark.parametrize("expected", [0, 1, 3, MAX_UINT32])
    def test_a_stale_seq_is_refused_before_status_and_place(
        self, trade: Trade, act: str, more: tuple[Any, ...], expected: int
    ) -> None:
        title = trade.offered()
        with refused("StaleSeq", title, expected, 2):
            trade.world.titles.transact(trade.world.stranger, act, title, expected, *more)

    def test_the_status_comes_before_the_callers_place(
        self, trade: Trade, act: str, more: tuple[Any, ...]
    ) -> None:
        title, delivered = trade.delivered(), 4
        crosses = act in ("exportTitle", "returnTitle")
        with refused("TitleNotInTransit" if crosses else "TitleNotLive", title, delivered):
            trade.world.titles.transact(trade.world.stranger, act, title, 3, *more)


class TestStaleActs:
    def test_the_same_act_sent_twice_happens_once(self, trade: Trade) -> None:
        world, title = trade.world, trade.issue()
        trade.offer(title, 1, world.shipper, world.buyer)
        with refused("StaleSeq", title, 1, 2):
            trade.offer(title, 1, world.shipper, world.buyer)

    def test_an_accept_does_not_meet_another_offer_than_was_seen(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered()
        trade.act(world.shipper, "withdraw", title, 2)
        trade.offer(title, 3, world.shipper, world.buyer, what=1)
        with refused("StaleSeq", title, 2, 4):
            trade.act(world.buyer, "accept", title, 2)


class TestTitlesApart:
    def test_an_act_on_one_title_changes_no_other(self, trade: Trade) -> None:
        first = trade.issue(trade.issuance("SMDG:ABC 1"))
        second = trade.issue(trade.issuance("SMDG:ABC 2"))
        before = trade.title(second), trade.world.titles.call("headOf", second)
        trade.offer(first, 1, trade.world.shipper, trade.world.buyer)
        assert (trade.title(second), trade.world.titles.call("headOf", second)) == before
