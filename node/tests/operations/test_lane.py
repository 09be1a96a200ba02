"""What a lane sends again, how it follows the chain back, and what it does not wait for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.operations.conftest import Desk
from tidan_node.domain.identifiers import OperationId
from tidan_node.domain.record_problems import AnchorNotAhead
from tidan_node.ledger.gateway import WrongChain
from tidan_node.ledger.signer import LocalSigner
from tidan_node.operations.operation import AttemptState, OperationStatus
from tidan_node.operations.problems import (
    DeadlinePassed,
)
from tidan_node.problems import Problem, stored_problem

INITIALIZED = OperationStatus.INITIALIZED
PENDING = OperationStatus.PENDING
SUCCEEDED = OperationStatus.SUCCEEDED
FAILED = OperationStatus.FAILED
UNDONE = OperationStatus.UNDONE
INCLUDED = AttemptState.INCLUDED


async def _problem(desk: Desk, operation: OperationId) -> Problem:
    shown = (await desk.operation(operation)).problem
    assert shown is not None
    return stored_problem(shown)


class TestSendingAgain:
    async def test_a_dropped_transaction_is_sent_again_as_it_was(self, desk: Desk) -> None:
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        desk.chain.lose_pool()
        desk.clock.forward(10)
        desk.chain.mining = True
        await desk.round()
        (attempt,) = await desk.attempts(asked)
        assert [sent.raw for sent in desk.chain.wire] == [attempt.raw, attempt.raw]
        assert await desk.status(asked) is SUCCEEDED

    async def test_it_is_given_time_before_it_is_sent_again(self, desk: Desk) -> None:
        desk.chain.mining = False
        await desk.ask(5)
        await desk.round()
        desk.clock.forward(2)
        await desk.round()
        assert len(desk.chain.wire) == 1
        desk.clock.forward(2)
        await desk.round()
        assert len(desk.chain.wire) == 2

    async def test_what_a_block_holds_is_not_sent_again_while_it_becomes_final(
        self, desk: Desk
    ) -> None:
        desk.depth = 2
        desk.chain.mine(3)
        desk.restart()
        asked = await desk.ask(5)
        await desk.round()
        desk.clock.forward(60)
        await desk.round()
        assert await desk.status(asked) is PENDING
        assert len(desk.chain.wire) == 1

    async def test_a_new_process_sends_at_once_what_the_last_one_had_sent(self, desk: Desk) -> None:
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        desk.chain.lose_pool()
        desk.chain.mining = True
        desk.restart()
        await desk.run_until(SUCCEEDED, asked)
        assert desk.chain.anchored == [5]

    async def test_what_the_chain_refuses_stays_live(self, desk: Desk) -> None:
        desk.chain.refusal = "insufficient funds"
        asked = await desk.ask(5)
        await desk.round()
        assert await desk.status(asked) is PENDING
        desk.chain.refusal = None
        desk.clock.forward(10)
        await desk.round()
        assert await desk.status(asked) is SUCCEEDED
        assert len(await desk.attempts(asked)) == 1

    async def test_a_chain_that_does_not_answer_loses_nothing(self, desk: Desk) -> None:
        await desk.follower.catch_up()
        desk.chain.reachable = False
        asked = await desk.ask(5)
        assert not await desk.dispatcher.step()
        assert await desk.status(asked) is INITIALIZED
        desk.chain.reachable = True
        await desk.round()
        assert await desk.status(asked) is SUCCEEDED


class TestReorganisations:
    async def test_an_operation_whose_block_is_lost_is_sent_again(self, desk: Desk) -> None:
        first, second = await desk.ask(1), await desk.ask(2)
        await desk.round()
        desk.chain.go_back(1)
        await desk.follower.catch_up()
        assert await desk.statuses() == [PENDING, PENDING]
        assert (await desk.operation(first)).result is None
        await desk.round()
        assert await desk.statuses() == [SUCCEEDED, SUCCEEDED]
        assert [sent.nonce for sent in desk.chain.wire] == [0, 1, 0, 1]
        assert len(await desk.attempts(second)) == 1
        assert desk.chain.anchored == [1, 2]

    async def test_an_operation_that_stays_in_the_new_branch_stays_ended(self, desk: Desk) -> None:
        asked = await desk.ask(1)
        await desk.round()
        before = await desk.operation(asked)
        lost = desk.chain.go_back(1)
        desk.chain.mine()
        for sent in lost:
            desk.chain.mine_foreign(sent.raw)
        await desk.round()
        after = await desk.operation(asked)
        assert after.status is SUCCEEDED
        assert after.result is not None
        assert before.result is not None
        assert after.result["txHash"] == before.result["txHash"]
        assert after.result["blockNumber"] == 3

    async def test_a_failure_is_taken_back_with_its_block(self, desk: Desk) -> None:
        """It was refused because of another's act, which the new branch does not have."""
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        desk.chain.mine_foreign(desk.foreign(0, up_to=9, signer=LocalSigner(b"\x22" * 32)))
        desk.chain.mine()
        await desk.round()
        assert await desk.status(asked) is FAILED
        desk.chain.go_back(1)
        desk.chain.mining = True
        await desk.round()
        assert await desk.status(asked) is SUCCEEDED
        assert (await desk.operation(asked)).problem is None
        assert len(await desk.attempts(asked)) == 1

    async def test_a_success_that_fails_in_the_new_branch_is_a_failure(self, desk: Desk) -> None:
        asked = await desk.ask(5)
        await desk.round()
        desk.chain.go_back(1)
        desk.chain.mine_foreign(desk.foreign(0, up_to=9, signer=LocalSigner(b"\x22" * 32)))
        await desk.round()
        await desk.round()
        assert await desk.status(asked) is FAILED
        assert isinstance(await _problem(desk, asked), AnchorNotAhead)

    async def test_an_attempt_once_spent_by_another_can_be_the_one_in_the_end(
        self, desk: Desk
    ) -> None:
        """Two transactions are signed by then; only one of them can take effect."""
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        desk.chain.mine_foreign(desk.foreign(nonce=0))
        await desk.round()
        desk.chain.go_back(1)
        desk.chain.lose_pool()
        desk.chain.mining = True
        await desk.round()
        await desk.round()
        assert desk.chain.anchored == [5]
        assert await desk.status(asked) is SUCCEEDED
        assert [attempt.state for attempt in await desk.attempts(asked)] == [INCLUDED, INCLUDED]

    async def test_a_gap_that_others_left_is_filled(self, desk: Desk) -> None:
        for nonce in (0, 1):
            desk.chain.mine_foreign(desk.foreign(nonce))
        asked = await desk.ask(5)
        await desk.round()
        assert [attempt.nonce for attempt in await desk.attempts(asked)] == [2]
        desk.chain.go_back(1)
        await desk.round()
        await desk.round()
        assert await desk.status(asked) is SUCCEEDED
        assert desk.chain.anchored == [5]
        assert len(await desk.attempts(asked)) == 1

    async def test_nothing_is_sent_to_another_chain(self, desk: Desk) -> None:
        desk.chain.mining = False
        await desk.ask(5)
        await desk.round()
        desk.chain.wire.clear()
        desk.chain.go_back(0)
        desk.chain.is_another = True
        desk.clock.forward(60)
        assert not await desk.dispatcher.step()
        assert desk.chain.wire == []
        with pytest.raises(WrongChain):
            await desk.follower.step()


class TestDeadlines:
    async def test_what_was_not_signed_in_time_is_undone(self, desk: Desk) -> None:
        await desk.follower.catch_up()
        asked = await desk.ask(5, deadline=desk.clock.now + timedelta(seconds=30))
        desk.chain.reachable = False
        desk.clock.forward(30)
        await desk.dispatcher.step()
        assert await desk.status(asked) is INITIALIZED
        desk.clock.forward(1)
        await desk.dispatcher.step()
        assert await desk.status(asked) is UNDONE
        desk.chain.reachable = True
        await desk.round()
        assert await desk.status(asked) is UNDONE
        assert isinstance(await _problem(desk, asked), DeadlinePassed)
        assert desk.chain.wire == []

    async def test_what_was_signed_goes_on_after_the_deadline(self, desk: Desk) -> None:
        desk.chain.mining = False
        asked = await desk.ask(5, deadline=desk.clock.now + timedelta(seconds=30))
        await desk.round()
        desk.clock.forward(31)
        await desk.round()
        assert await desk.status(asked) is PENDING
        desk.chain.mine()
        await desk.round()
        assert await desk.status(asked) is SUCCEEDED

    async def test_an_operation_in_time_is_carried_out(self, desk: Desk) -> None:
        asked = await desk.ask(5, deadline=desk.clock.now + timedelta(seconds=30))
        desk.clock.forward(29)
        await desk.round()
        assert await desk.status(asked) is SUCCEEDED


class TestResting:
    async def test_a_lane_with_nothing_to_do_asks_the_chain_once_a_block(self, desk: Desk) -> None:
        await desk.ask(5)
        await desk.round()
        await desk.dispatcher.step()
        questions = []
        desk.chain.asked = lambda: questions.append(None)
        await desk.dispatcher.step()
        assert questions == []
        desk.chain.mine()
        await desk.follower.catch_up()
        questions.clear()
        await desk.dispatcher.step()
        assert questions

    async def test_a_lane_whose_transactions_wait_asks_once_a_block(self, desk: Desk) -> None:
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        questions = []
        desk.chain.asked = lambda: questions.append(None)
        await desk.dispatcher.step()
        assert questions == []
        desk.chain.mine()
        await desk.round()
        assert await desk.status(asked) is SUCCEEDED

    async def test_a_block_that_the_chain_loses_wakes_a_lane_at_rest(self, desk: Desk) -> None:
        asked = await desk.ask(5)
        await desk.round()
        await desk.dispatcher.step()
        desk.chain.go_back(len(desk.chain.chain) - 2)
        desk.chain.mine()
        await desk.round()
        assert await desk.status(asked) is SUCCEEDED
        assert len(desk.chain.wire) > 1
