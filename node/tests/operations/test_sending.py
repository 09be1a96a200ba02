"""When transactions are sent again, and which of them take up room in their lane."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.operations.conftest import Desk
from tests.operations.test_resigning import later
from tidan_node.domain.identifiers import OperationId
from tidan_node.operations.operation import OperationStatus
from tidan_node.operations.sending import Sending

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LATELY = NOW - timedelta(seconds=3)


def sending() -> Sending:
    return Sending(timedelta(seconds=3))


async def raw_of(desk: Desk, asked: OperationId) -> bytes:
    (signed,) = await desk.attempts(asked)
    return signed.raw


class TestSending:
    def test_in_a_lane_that_stands_still_all_that_was_not_sent_lately_is_due(self) -> None:
        asked = sending().asked(NOW)
        assert asked == {"used": 0, "sent_before": LATELY, "refused_before": LATELY}

    def test_in_a_lane_that_moves_on_only_what_was_refused_is_due_again(self) -> None:
        lane = sending()
        assert lane.see(7, NOW)
        asked = lane.asked(NOW)
        assert asked["used"] == 7
        assert asked["refused_before"] == LATELY
        assert asked["sent_before"] == datetime.min.replace(tzinfo=UTC)

    def test_a_lane_that_has_moved_too_long_ago_stands_still(self) -> None:
        lane = sending()
        lane.see(7, NOW - timedelta(seconds=3))
        lane.see(7, NOW)
        assert lane.asked(NOW)["sent_before"] == LATELY

    def test_where_the_chain_went_back_all_that_was_not_sent_lately_is_due(self) -> None:
        lane = sending()
        lane.see(7, NOW)
        assert not lane.see(6, NOW)
        assert lane.asked(NOW)["sent_before"] == LATELY


async def test_what_waits_in_a_lane_that_moves_on_is_sent_again_once_that_stands_still(
    desk: Desk,
) -> None:
    desk.chain.mining = False
    first, _ = await desk.ask(1), await desk.ask(2)
    await desk.round()
    assert [sent.up_to for sent in desk.chain.wire] == [1, 2]
    desk.chain.mine_foreign(await raw_of(desk, first))
    await later(desk)
    assert [sent.up_to for sent in desk.chain.wire] == [1, 2]
    await later(desk)
    assert [sent.up_to for sent in desk.chain.wire] == [1, 2, 2]


async def test_what_was_refused_is_sent_again_though_the_lane_moves_on(desk: Desk) -> None:
    desk.chain.mining = False
    first = await desk.ask(1)
    await desk.round()
    desk.chain.refusal = "txpool is full"
    await desk.ask(2)
    await desk.round()
    desk.chain.refusal = None
    desk.chain.mine_foreign(await raw_of(desk, first))
    await later(desk)
    assert [sent.up_to for sent in desk.chain.wire] == [1, 2, 2]


async def test_what_is_in_a_block_takes_up_no_room_though_it_is_not_final(desk: Desk) -> None:
    desk.in_flight, desk.depth = 1, 3
    desk.chain.mine(4)
    desk.restart()
    first, second = await desk.ask(1), await desk.ask(2)
    await desk.round()
    assert [sent.up_to for sent in desk.chain.wire] == [1]
    desk.chain.mine()
    await desk.round()
    assert [sent.up_to for sent in desk.chain.wire] == [1, 2]
    assert await desk.status(first) is await desk.status(second) is OperationStatus.PENDING


async def test_what_no_block_holds_takes_up_room(desk: Desk) -> None:
    desk.in_flight, desk.chain.mining = 1, False
    desk.restart()
    for up_to in (1, 2):
        await desk.ask(up_to)
    await desk.round()
    await desk.round()
    assert {sent.up_to for sent in desk.chain.wire} == {1}
