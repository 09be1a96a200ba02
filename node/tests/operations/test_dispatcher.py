"""How operations reach the chain, and end with their events."""

from __future__ import annotations

from tests.operations.conftest import Desk
from tidan_node.operations.operation import AttemptState, OperationStatus

INITIALIZED = OperationStatus.INITIALIZED
PENDING = OperationStatus.PENDING
SUCCEEDED = OperationStatus.SUCCEEDED
LIVE = AttemptState.LIVE
INCLUDED = AttemptState.INCLUDED


class TestTheWayThere:
    async def test_an_operation_is_carried_out_and_ends_with_its_event(self, desk: Desk) -> None:
        asked = await desk.ask(5)
        assert await desk.status(asked) is INITIALIZED
        await desk.round()
        operation = await desk.operation(asked)
        (attempt,) = await desk.attempts(asked)
        assert operation.status is SUCCEEDED
        assert operation.is_ended
        assert operation.result == {"txHash": attempt.tx_hash, "blockNumber": 2, "logIndex": 0}
        assert attempt.state is INCLUDED
        assert desk.chain.anchored == [5]

    async def test_it_is_pending_until_the_event_is_final(self, desk: Desk) -> None:
        desk.depth = 2
        desk.chain.mine(3)
        desk.restart()
        asked = await desk.ask(5)
        await desk.round()
        assert desk.chain.anchored == [5]
        assert await desk.status(asked) is PENDING
        desk.chain.mine(2)
        await desk.round()
        assert await desk.status(asked) is SUCCEEDED

    async def test_different_targets_leave_together_in_the_order_asked(self, desk: Desk) -> None:
        for up_to in (1, 2, 3, 4):
            await desk.ask(up_to)
        await desk.follower.catch_up()
        await desk.dispatcher.step()
        assert [(sent.nonce, sent.up_to) for sent in desk.chain.wire] == [
            (0, 1),
            (1, 2),
            (2, 3),
            (3, 4),
        ]
        await desk.round()
        assert set(await desk.statuses()) == {SUCCEEDED}

    async def test_one_target_is_changed_by_one_operation_at_a_time(self, desk: Desk) -> None:
        desk.chain.mining = False
        first = await desk.ask(1, target="same")
        second = await desk.ask(2, target="same")
        await desk.round()
        assert [await desk.status(each) for each in (first, second)] == [PENDING, INITIALIZED]
        desk.chain.mine()
        await desk.round()
        assert [await desk.status(each) for each in (first, second)] == [SUCCEEDED, PENDING]
        desk.chain.mine()
        await desk.round()
        assert await desk.status(second) is SUCCEEDED

    async def test_an_older_intention_that_was_committed_late_waits_its_turn(
        self, desk: Desk
    ) -> None:
        desk.chain.mining = False
        under_way = await desk.ask(1, target="same")
        await desk.round()
        desk.clock.forward(-60)
        desk.operations = desk.new_operations()
        late = await desk.ask(2, target="same")
        assert late < under_way
        await desk.round()
        assert [await desk.status(each) for each in (under_way, late)] == [PENDING, INITIALIZED]
        desk.chain.mine()
        await desk.round()
        assert [await desk.status(each) for each in (under_way, late)] == [SUCCEEDED, PENDING]

    async def test_the_bytes_are_stored_before_they_are_sent(self, desk: Desk) -> None:
        desk.chain.refusal = "the pool is full"
        asked = await desk.ask(1)
        await desk.round()
        (attempt,) = await desk.attempts(asked)
        assert [sent.raw for sent in desk.chain.wire] == [attempt.raw]
        assert (attempt.state, attempt.refusal) == (LIVE, "the pool is full")

    async def test_gas_is_learnt_from_the_first_of_a_kind(self, desk: Desk) -> None:
        asked = [await desk.ask(number) for number in (1, 2, 3)]
        await desk.round()
        desk.chain.gas_estimate = 1
        asked.append(await desk.ask(4))
        await desk.round()
        attempts = [attempt for each in asked for attempt in await desk.attempts(each)]
        assert [attempt.gas for attempt in attempts] == [2 * 50_000] * 4
        assert [sent.gas for sent in desk.chain.wire] == [2 * 50_000] * 4

    async def test_more_than_a_lane_holds_leaves_in_turns(self, desk: Desk) -> None:
        for up_to in range(1, 251):
            await desk.ask(up_to)
        await desk.round()
        await desk.round()
        await desk.round()
        assert await desk.statuses() == [SUCCEEDED] * 250
        assert desk.chain.anchored == list(range(1, 251))

    async def test_a_lane_that_waits_for_blocks_takes_no_more(self, desk: Desk) -> None:
        desk.chain.mining = False
        for up_to in range(1, 151):
            await desk.ask(up_to)
        await desk.round()
        statuses = await desk.statuses()
        assert (statuses.count(PENDING), statuses.count(INITIALIZED)) == (100, 50)

    async def test_operations_of_another_kind_are_left_alone(self, desk: Desk) -> None:
        async with desk.database.writing() as connection:
            other = await desk.operations.enqueue(
                connection, kind="of.tomorrow", target="t", intent={}
            )
        await desk.round()
        assert await desk.status(other.id) is INITIALIZED
