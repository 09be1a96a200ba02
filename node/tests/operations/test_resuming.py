"""Stopped between any two steps and started again: nothing lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.operations.conftest import Desk
from tests.sampling import TIMES
from tidan_node.domain.checkpoints import NoCheckpoints
from tidan_node.operations.operation import OperationStatus

MOMENTS = (
    "operation.signed",
    "operation.sent",
    "index.before-commit",
    "index.after-commit",
)


class Stopped(BaseException):
    """The process ended here, as `kill -9` would end it: nobody catches this."""


class StopAt:
    """Ends everything when a moment is reached for the n-th time."""

    def __init__(self, moment: str, nth: int) -> None:
        self._moment = moment
        self._left = nth

    def reached(self, moment: str) -> None:
        if moment == self._moment:
            self._left -= 1
            if self._left == 0:
                raise Stopped


def stop_at_question(desk: Desk, nth: int) -> None:
    """Ends everything when the chain is asked for the n-th time, before it answers."""
    left = nth

    def asked() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Stopped

    desk.chain.asked = asked


async def until_stopped(act: Callable[[], Awaitable[None]]) -> bool:
    try:
        await act()
    except Stopped:
        return True
    return False


async def _three_asked(desk: Desk) -> None:
    for up_to in (1, 2, 3):
        await desk.ask(up_to)


async def _finish(desk: Desk) -> None:
    """A new process, with all the time it needs."""
    desk.chain.asked = lambda: None
    desk.restart()
    for _ in range(6):
        desk.clock.forward(10)
        await desk.round()


async def _require_each_once(desk: Desk) -> None:
    assert desk.chain.anchored == [1, 2, 3]
    assert await desk.statuses() == [OperationStatus.SUCCEEDED] * 3


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("pool_lost", [False, True])
async def test_at_any_moment(desk: Desk, moment: str, nth: int, pool_lost: bool) -> None:
    await _three_asked(desk)
    desk.restart(StopAt(moment, nth))
    stopped = await until_stopped(desk.round)
    assert stopped or nth == 2
    if pool_lost:
        desk.chain.lose_pool()
    await _finish(desk)
    await _require_each_once(desk)


@pytest.mark.parametrize("nth", range(1, 14))
async def test_at_any_question_to_the_chain(desk: Desk, nth: int) -> None:
    await _three_asked(desk)
    stop_at_question(desk, nth)
    await until_stopped(desk.round)
    await _finish(desk)
    await _require_each_once(desk)


@pytest.mark.parametrize("nth", range(1, 20))
async def test_at_any_question_after_the_chain_went_back(desk: Desk, nth: int) -> None:
    await _three_asked(desk)
    await desk.round()
    desk.chain.go_back(1)
    stop_at_question(desk, nth)
    await until_stopped(desk.round)
    await _finish(desk)
    await _require_each_once(desk)


@pytest.mark.parametrize("nth", range(1, 16))
async def test_at_any_question_while_a_nonce_is_proven_spent(desk: Desk, nth: int) -> None:
    desk.chain.mining = False
    await _three_asked(desk)
    await desk.round()
    desk.chain.lose_pool()
    desk.chain.mine_foreign(desk.foreign(nonce=0))
    desk.chain.mining = True
    stop_at_question(desk, nth)
    await until_stopped(desk.round)
    await _finish(desk)
    # The first of them lost its nonce to another, and its turn to the two behind it.
    assert desk.chain.anchored == [2, 3]
    assert (await desk.statuses())[1:] == [OperationStatus.SUCCEEDED] * 2
    assert (await desk.statuses())[0] is OperationStatus.FAILED


async def test_a_process_that_stops_before_anything_leaves_the_intent(desk: Desk) -> None:
    asked = await desk.ask(1)
    desk.restart(NoCheckpoints())
    assert await desk.status(asked) is OperationStatus.INITIALIZED


_STEPS = st.lists(
    st.sampled_from(
        ["ask", "follow", "dispatch", "mine", "lose pool", "go back", "foreign", "wait", "restart"]
    ),
    max_size=25,
)


@given(steps=_STEPS)
@settings(
    max_examples=40 * TIMES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_whatever_happens_each_ends_once(
    fresh_desk: Callable[[], Awaitable[Desk]], steps: list[str]
) -> None:
    """Any order of requests, work, blocks, losses and restarts ends with every operation ended,
    with one effect on the chain for each that succeeded, and none for each that failed.
    """
    desk = await fresh_desk()
    desk.chain.mining = False
    up_to = 0
    for step in steps:
        match step:
            case "ask":
                up_to += 1
                await desk.ask(up_to, target=f"trail:{up_to % 2}")
            case "follow":
                await desk.follower.catch_up()
            case "dispatch":
                await desk.dispatcher.step()
            case "mine":
                desk.chain.mine()
            case "lose pool":
                desk.chain.lose_pool()
            case "go back":
                desk.chain.go_back(max(0, len(desk.chain.chain) - 3))
            case "foreign":
                used = await desk.chain.transaction_count(desk.signer.address)
                desk.chain.mine_foreign(desk.foreign(used))
            case "wait":
                desk.clock.forward(10)
            case _:
                desk.restart()
    desk.chain.mine()
    desk.chain.mining = True
    for _ in range(12):
        desk.clock.forward(10)
        await desk.round()
    effects = desk.chain.anchored
    assert len(effects) == len(set(effects))
    statuses = await desk.statuses()
    ended = {number + 1: status for number, status in enumerate(statuses)}
    assert set(ended.values()) <= {OperationStatus.SUCCEEDED, OperationStatus.FAILED}
    succeeded = [number for number, status in ended.items() if status is OperationStatus.SUCCEEDED]
    assert sorted(effects) == succeeded
