"""What no block has room for is never sent, or ends once a final block proves that it cannot be."""

from __future__ import annotations

import pytest

from tests.operations.conftest import Desk
from tests.operations.test_resigning import later, states
from tidan_node.ledger.rpc import RpcError
from tidan_node.operations.operation import AttemptState, OperationStatus
from tidan_node.operations.problems import NoRoomInBlocks
from tidan_node.problems import stored_problem

PENDING = OperationStatus.PENDING
SUCCEEDED = OperationStatus.SUCCEEDED
LIVE = AttemptState.LIVE
REPLACED = AttemptState.REPLACED
INCLUDED = AttemptState.INCLUDED
SPENT = AttemptState.SPENT


async def test_no_more_gas_is_given_than_a_block_has(desk: Desk) -> None:
    desk.chain.block_limit = 60_000
    asked = await desk.ask(5)
    await desk.round()
    assert [attempt.gas for attempt in await desk.attempts(asked)] == [60_000]
    assert await desk.status(asked) is SUCCEEDED


async def test_what_was_given_more_than_a_block_has_by_now_is_given_that(desk: Desk) -> None:
    await desk.ask(1)
    await later(desk)
    desk.chain.block_limit = 60_000
    asked, behind = await desk.ask(5), await desk.ask(6)
    for _ in range(4):
        await later(desk)
    assert [attempt.gas for attempt in await desk.attempts(asked)] == [100_000, 60_000]
    assert await states(desk, asked) == await states(desk, behind) == [SPENT, INCLUDED]
    assert desk.chain.anchored == [1, 5, 6]
    following = await desk.ask(7)
    await desk.round()
    assert [attempt.gas for attempt in await desk.attempts(following)] == [60_000]


async def test_what_no_block_holds_ends_once_that_is_proven(desk: Desk) -> None:
    desk.depth = 2
    desk.chain.mine(3)
    desk.restart()
    desk.chain.holds_data = False
    asked = await desk.ask(5)
    await later(desk)
    assert await states(desk, asked) == [LIVE]
    await later(desk)
    assert await states(desk, asked) == [REPLACED, LIVE]
    assert await desk.status(asked) is PENDING
    desk.chain.mine(2)
    await later(desk)
    assert await states(desk, asked) == [SPENT, INCLUDED]
    problem = (await desk.operation(asked)).problem
    assert problem is not None
    assert isinstance(stored_problem(problem), NoRoomInBlocks)
    assert desk.chain.anchored == []


async def test_where_a_block_held_it_after_all_it_has_succeeded(desk: Desk) -> None:
    desk.chain.mining = False
    desk.chain.holds_data = False
    asked = await desk.ask(5)
    await later(desk)
    (signed,) = await desk.attempts(asked)
    await later(desk)
    assert await states(desk, asked) == [REPLACED, LIVE]
    desk.chain.mine_foreign(signed.raw)
    await later(desk)
    await later(desk)
    assert await states(desk, asked) == [INCLUDED, SPENT]
    assert await desk.status(asked) is SUCCEEDED


async def test_what_no_block_has_room_for_is_not_signed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_much(calls: object) -> list[RpcError]:
        return [RpcError(-32000, "gas required exceeds allowance (30000000)")]

    monkeypatch.setattr(desk.chain, "estimates", too_much)
    asked = await desk.ask(5)
    await desk.round()
    problem = (await desk.operation(asked)).problem
    assert problem is not None
    assert isinstance(stored_problem(problem), NoRoomInBlocks)
    assert await desk.attempts(asked) == []
