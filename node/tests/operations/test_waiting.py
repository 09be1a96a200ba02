"""What is told of transactions that no block takes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.operations.conftest import Desk
from tidan_node.operations.operation import OperationStatus
from tidan_node.operations.stuck import IN_NO_BLOCK, has_no_room, next_step
from tidan_node.operations.waiting import LaneState, lane_states

UNFUNDED = "insufficient funds for gas * price + value"


async def lanes(desk: Desk) -> list[LaneState]:
    async with desk.database.reading() as connection:
        return await lane_states(connection, [desk.signer.address])


async def test_what_the_chain_refuses_is_told_with_the_operation(desk: Desk) -> None:
    desk.chain.refusal = UNFUNDED
    asked = await desk.ask(5)
    began = desk.clock.now
    await desk.round()
    desk.clock.forward(10)
    await desk.round()
    waiting = (await desk.operation(asked)).waiting
    assert waiting is not None
    assert (waiting.reason, waiting.since) == (UNFUNDED, began)
    assert f"fund {desk.signer.address}" in waiting.next_step
    assert (await desk.page())[0].waiting == waiting


async def test_once_it_is_taken_nothing_is_told(desk: Desk) -> None:
    desk.chain.refusal = UNFUNDED
    asked = await desk.ask(5)
    await desk.round()
    desk.chain.refusal = None
    desk.chain.mining = False
    desk.clock.forward(10)
    await desk.round()
    assert await desk.status(asked) is OperationStatus.PENDING
    assert (await desk.operation(asked)).waiting is None
    assert (await lanes(desk))[0].waiting is None


async def test_what_is_behind_one_that_is_refused_says_so(desk: Desk) -> None:
    desk.chain.mining = False
    first, second = await desk.ask(5), await desk.ask(6)
    await desk.round()
    desk.chain.lose_pool()
    desk.clock.forward(10)
    taken = desk.chain.send

    async def all_but_the_first(raws: list[bytes]) -> list[str | None]:
        return [UNFUNDED, *await taken(raws[1:])]

    desk.chain.send = all_but_the_first  # type: ignore[method-assign,assignment]  # for this once
    await desk.round()
    before, behind = [(await desk.operation(each)).waiting for each in (first, second)]
    assert before is not None
    assert behind is not None
    assert before.reason == UNFUNDED
    assert behind.reason == f"it waits behind another transaction of its account: {UNFUNDED}"
    assert behind.since == before.since


async def test_what_is_taken_and_in_no_block_is_told_after_a_while(desk: Desk) -> None:
    desk.chain.mining = False
    asked = await desk.ask(5)
    began = desk.clock.now
    await desk.round()
    desk.clock.forward(50)
    await desk.round()
    assert (await desk.operation(asked)).waiting is None
    desk.clock.forward(10)
    await desk.round()
    waiting = (await desk.operation(asked)).waiting
    assert waiting is not None
    assert (waiting.reason, waiting.since) == (IN_NO_BLOCK, began)


@pytest.mark.parametrize("words", ["nonce too low: next nonce 1, tx nonce 0", "Nonce too low"])
async def test_what_a_block_holds_since_the_look_at_the_nonces_waits_for_nothing(
    desk: Desk, words: str
) -> None:
    desk.chain.refusal = words
    asked = await desk.ask(5)
    for _ in range(2):
        await desk.round()
        desk.clock.forward(600)
    assert await desk.status(asked) is OperationStatus.PENDING
    assert (await desk.operation(asked)).waiting is None
    assert (await lanes(desk))[0].waiting is None


async def test_what_a_block_holds_waits_for_nothing_but_its_depth(desk: Desk) -> None:
    desk.depth = 2
    desk.chain.mine(3)
    desk.restart()
    asked = await desk.ask(5)
    await desk.round()
    desk.clock.forward(600)
    await desk.round()
    assert await desk.status(asked) is OperationStatus.PENDING
    assert (await desk.operation(asked)).waiting is None


async def test_a_lane_tells_what_it_has_under_way(desk: Desk) -> None:
    desk.chain.refusal = UNFUNDED
    began = desk.clock.now
    for up_to in (1, 2, 3):
        await desk.ask(up_to)
    await desk.round()
    (lane,) = await lanes(desk)
    assert (lane.in_flight, lane.refused, lane.oldest) == (3, 3, began)
    assert lane.is_stuck(began + timedelta(seconds=1))
    assert not lane.is_stuck(began)


async def test_a_lane_with_nothing_under_way_is_told_too(desk: Desk) -> None:
    (lane,) = await lanes(desk)
    assert (lane.account, lane.in_flight, lane.oldest) == (desk.signer.address, 0, None)


@pytest.mark.parametrize(
    ("reason", "helps"),
    [
        ("insufficient funds for gas * price + value: balance 0", "fund 0x"),
        ("Upfront cost exceeds account balance", "fund 0x"),
        ("transaction underpriced", "raise `gas_price`"),
        ("replacement transaction underpriced", "raise `gas_price`"),
        ("Gas price below configured minimum gas price", "raise `gas_price`"),
        (IN_NO_BLOCK, "/health/ready"),
        ("replacement transaction underpriced", "once a block holds that one it goes on by itself"),
        ("transaction underpriced", "where the pool is only full, it is sent again by itself"),
        ("transaction underpriced: gas tip cap 1, minimum needed 30", "raise `gas_price`"),
        ("tx fee (2.00 ether) exceeds the configured cap (1.00 ether)", "lower `gas_price`"),
        ("Transaction fee cap exceeded", "lower `gas_price`"),
        ("txpool is full", "sends it again by itself"),
        ("future transaction tries to replace pending", "sends it again by itself"),
    ],
)
def test_what_helps_is_told_in_words(desk_address: str, reason: str, helps: str) -> None:
    assert helps in next_step(reason, desk_address)  # type: ignore[arg-type]  # an address


@pytest.fixture
def desk_address() -> str:
    return "0x" + "11" * 20


@pytest.mark.parametrize(
    ("reason", "is_so"),
    [
        ("exceeds block gas limit", True),
        ("Transaction gas limit exceeds block gas limit", True),
        ("EXCEEDS_BLOCK_GAS_LIMIT", True),
        ("gas required exceeds allowance (30000000)", True),
        ("oversized data: transaction size 131073, limit 131072", True),
        ("insufficient funds for gas * price + value", False),
        ("max fee per gas less than block base fee", False),
        ("intrinsic gas too low", False),
        ("Intrinsic gas exceeds gas limit", False),
    ],
)
def test_what_no_block_has_room_for_is_known_by_its_words(reason: str, is_so: bool) -> None:
    assert has_no_room(reason) is is_so
