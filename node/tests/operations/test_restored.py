"""A database that is older than the chain: what was signed after the backup is not done again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, insert, select

from tests.operations.conftest import Desk
from tests.operations.test_resuming import stop_at_question, until_stopped
from tests.sampling import TIMES
from tidan_node.indexer.tables import blocks, chain_events, checkpoints
from tidan_node.ledger.signer import LocalSigner
from tidan_node.operations.operation import AttemptState, OperationStatus
from tidan_node.operations.tables import attempts, operations

_TABLES = (operations, attempts, blocks, chain_events, checkpoints)
SUCCEEDED, FAILED = OperationStatus.SUCCEEDED, OperationStatus.FAILED

Backup = dict[Table, list[dict[str, Any]]]  # Any: what the columns hold


async def back_up(desk: Desk) -> Backup:
    async with desk.database.reading() as connection:
        return {
            table: [dict(row) for row in (await connection.execute(select(table))).mappings()]
            for table in _TABLES
        }


async def restore(desk: Desk, backup: Backup) -> None:
    """As it was then, for a new process."""
    async with desk.database.writing() as connection:
        for table in reversed(_TABLES):
            await connection.execute(delete(table))
        for table, rows in backup.items():
            if rows:
                await connection.execute(insert(table), rows)
    await started(desk)


async def started(desk: Desk) -> None:
    desk.restart()
    await desk.dispatcher.take_over()


async def rounds(desk: Desk, count: int = 4) -> None:
    for _ in range(count):
        desk.clock.forward(10)
        await desk.round()


@pytest.fixture
async def desk(fresh_desk: Callable[[], Awaitable[Desk]]) -> Desk:
    """Its contract would take every act twice."""
    desk = await fresh_desk()
    desk.chain.in_any_order = True
    return desk


async def test_what_was_not_signed_then_and_is_on_the_chain_now_is_not_done_again(
    desk: Desk,
) -> None:
    asked = await desk.ask(5)
    backup = await back_up(desk)
    await desk.round()
    (before,) = await desk.attempts(asked)
    result = (await desk.operation(asked)).result
    sent = len(desk.chain.wire)

    await restore(desk, backup)
    await rounds(desk)

    assert desk.chain.anchored == [5]
    assert len(desk.chain.wire) == sent
    assert await desk.status(asked) is SUCCEEDED
    assert (await desk.operation(asked)).result == result
    (recognised,) = await desk.attempts(asked)
    assert recognised.state is AttemptState.INCLUDED
    assert (recognised.raw, recognised.tx_hash, recognised.nonce) == (
        before.raw,
        before.tx_hash,
        before.nonce,
    )


async def test_what_was_signed_anew_with_its_nonce_since_then_is_not_done_again(
    desk: Desk,
) -> None:
    desk.chain.mining = False
    asked = await desk.ask(5)
    await desk.round()
    backup = await back_up(desk)
    desk.gas_price = 10
    await started(desk)
    desk.chain.mining = True
    await rounds(desk)
    assert len(await desk.attempts(asked)) == 2

    await restore(desk, backup)
    await rounds(desk)

    assert desk.chain.anchored == [5]
    assert await desk.status(asked) is SUCCEEDED
    assert sorted(each.state for each in await desk.attempts(asked)) == [
        AttemptState.INCLUDED,
        AttemptState.SPENT,
    ]


async def test_what_another_lane_has_signed_since_then_is_not_done_again(desk: Desk) -> None:
    own, other = desk.signer, LocalSigner(b"\x22" * 32)
    desk.more_signers = (other,)
    desk.former = {own.address}
    asked = await desk.ask(5)
    backup = await back_up(desk)
    desk.chain.refused_senders = {own.address}
    desk.signer, desk.more_signers = other, ()
    await started(desk)
    await rounds(desk)
    assert (await desk.operation(asked)).account == other.address
    desk.chain.refused_senders = set()
    desk.signer, desk.more_signers, desk.former = own, (other,), set()

    await restore(desk, backup)
    await rounds(desk)

    assert desk.chain.anchored == [5]
    assert (await desk.operation(asked)).account == other.address
    assert await desk.status(asked) is SUCCEEDED


async def test_what_was_asked_after_the_backup_stays_done_and_the_next_has_the_next_nonce(
    desk: Desk,
) -> None:
    backup = await back_up(desk)
    await desk.ask(5)
    await desk.round()

    await restore(desk, backup)
    assert await desk.page() == []
    asked = await desk.ask(6)
    await rounds(desk)

    assert desk.chain.anchored == [5, 6]
    (attempt,) = await desk.attempts(asked)
    assert attempt.nonce == 1


async def test_until_the_blocks_that_may_hold_it_are_final_nothing_is_signed(desk: Desk) -> None:
    desk.depth = 2
    desk.chain.mine(3)
    await started(desk)
    await desk.follower.catch_up()
    asked = await desk.ask(5)
    backup = await back_up(desk)
    await rounds(desk)
    assert desk.chain.anchored == [5]

    await restore(desk, backup)
    await rounds(desk)
    assert await desk.attempts(asked) == []

    desk.chain.mine(2)
    await rounds(desk)
    assert desk.chain.anchored == [5]
    assert await desk.status(asked) is SUCCEEDED


async def test_what_the_chain_refused_since_then_is_tried_again(desk: Desk) -> None:
    desk.chain.in_any_order = False
    asked = await desk.ask(5)
    backup = await back_up(desk)
    desk.chain.mine_foreign(desk.foreign(0, up_to=9, signer=LocalSigner(b"\x22" * 32)))
    await rounds(desk)
    assert await desk.status(asked) is FAILED

    await restore(desk, backup)
    await rounds(desk)

    assert await desk.status(asked) is FAILED
    assert desk.chain.anchored == [9]


async def test_one_act_on_the_chain_ends_one_of_two_that_ask_for_the_same(desk: Desk) -> None:
    first = await desk.ask(5, target="trail:a")
    backup = await back_up(desk)
    await rounds(desk)
    await restore(desk, backup)
    second = await desk.ask(5, target="trail:b")
    await rounds(desk)

    assert desk.chain.anchored == [5, 5]
    assert [await desk.status(each) for each in (first, second)] == [SUCCEEDED] * 2
    one, other = [(await desk.operation(each)).result for each in (first, second)]
    assert one != other


async def test_after_the_chain_took_it_back_what_was_recognised_is_sent_as_it_was(
    desk: Desk,
) -> None:
    asked = await desk.ask(5)
    backup = await back_up(desk)
    await desk.round()
    (before,) = await desk.attempts(asked)
    await restore(desk, backup)
    await rounds(desk)

    desk.chain.go_back(1)
    await rounds(desk)

    assert desk.chain.anchored == [5]
    assert await desk.status(asked) is SUCCEEDED
    assert {sent.raw for sent in desk.chain.wire} == {before.raw}


@pytest.mark.parametrize("nth", range(1, 13))
async def test_stopped_at_any_question_while_it_recognises_it_goes_on(desk: Desk, nth: int) -> None:
    asked = [await desk.ask(up_to) for up_to in (1, 2)]
    backup = await back_up(desk)
    await desk.round()
    await restore(desk, backup)
    stop_at_question(desk, nth)
    await until_stopped(desk.round)

    desk.chain.asked = lambda: None
    await started(desk)
    await rounds(desk)

    assert desk.chain.anchored == [1, 2]
    assert [await desk.status(each) for each in asked] == [SUCCEEDED] * 2


_STEPS = st.lists(
    st.sampled_from(["ask", "back up", "restore", "round", "mine", "wait", "dearer", "lose pool"]),
    max_size=20,
)


@given(steps=_STEPS)
@settings(max_examples=25 * TIMES, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whenever_it_is_backed_up_and_restored_nothing_is_done_twice(
    fresh_desk: Callable[[], Awaitable[Desk]], steps: list[str]
) -> None:
    """Whatever is asked, done and forgotten: each number is on the chain at most once, and what the
    database knows tells of it as it is."""
    desk = await fresh_desk()
    desk.chain.in_any_order = True
    desk.chain.mining = False
    backup = await back_up(desk)
    up_to = 0
    for step in steps:
        match step:
            case "ask":
                up_to += 1
                await desk.ask(up_to)
            case "back up":
                backup = await back_up(desk)
            case "restore":
                await restore(desk, backup)
            case "round":
                await desk.round()
            case "mine":
                desk.chain.mine()
            case "wait":
                desk.clock.forward(10)
            case "lose pool":
                desk.chain.lose_pool()
            case _:
                desk.gas_price = 2 * desk.gas_price + 1
                await started(desk)
    await started(desk)
    desk.chain.mine()
    desk.chain.mining = True
    await rounds(desk, 12)
    effects = desk.chain.anchored
    assert len(effects) == len(set(effects))
    for operation in await desk.page():
        assert operation.is_ended
        took_effect = operation.intent["upTo"] in effects
        assert took_effect is (operation.status is SUCCEEDED)
