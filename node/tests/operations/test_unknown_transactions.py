"""Transactions of the node's own accounts that nothing in its database tells of: what ends by them,
and what waits for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from tests.operations.conftest import Desk
from tests.operations.test_restored import back_up, restore, rounds
from tidan_node.ledger.signer import LocalSigner
from tidan_node.operations.operation import OperationStatus

SUCCEEDED = OperationStatus.SUCCEEDED


@pytest.fixture
async def desk(fresh_desk: Callable[[], Awaitable[Desk]]) -> Desk:
    """Its contract would take every act twice."""
    desk = await fresh_desk()
    desk.chain.in_any_order = True
    return desk


async def test_while_it_may_wait_in_the_pool_it_is_neither_done_again_nor_told_to_be_undone(
    desk: Desk,
) -> None:
    desk.chain.mining = False
    asked = await desk.ask(5, deadline=desk.clock.now + timedelta(seconds=30))
    backup = await back_up(desk)
    await desk.round()
    desk.more_signers, desk.former = (LocalSigner(b"\x22" * 32),), {desk.signer.address}

    await restore(desk, backup)
    await rounds(desk)
    assert await desk.status(asked) is OperationStatus.INITIALIZED

    desk.chain.mine()
    await rounds(desk)
    assert desk.chain.anchored == [5]
    assert await desk.status(asked) is SUCCEEDED


async def test_an_act_from_before_its_nonce_was_in_doubt_does_not_end_an_operation(
    desk: Desk,
) -> None:
    desk.chain.mine_foreign(desk.foreign(0, up_to=5))
    await rounds(desk)
    desk.chain.mining = False
    asked = await desk.ask(5)
    await desk.round()
    (spent,) = await desk.attempts(asked)
    desk.chain.mine_foreign(desk.foreign(spent.nonce))
    desk.chain.mining = True
    await rounds(desk)

    assert desk.chain.anchored == [5, 5]
    assert [each.nonce for each in await desk.attempts(asked)] == [1, 2]
    assert await desk.status(asked) is SUCCEEDED


async def test_what_the_pool_drops_is_waited_for_no_longer(desk: Desk) -> None:
    desk.chain.mining = False
    asked = await desk.ask(5)
    backup = await back_up(desk)
    await desk.round()
    await restore(desk, backup)
    await rounds(desk)
    assert await desk.attempts(asked) == []

    desk.chain.lose_pool()
    desk.chain.mining = True
    await rounds(desk)
    assert desk.chain.anchored == [5]
    assert await desk.status(asked) is SUCCEEDED
