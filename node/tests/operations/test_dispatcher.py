"""How operations reach the chain, and how they end, whatever the chain does meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.operations.conftest import Desk
from tidan_node.domain.identifiers import Address
from tidan_node.domain.record_problems import AnchorNotAhead
from tidan_node.ledger.calls import Call
from tidan_node.ledger.gateway import WrongChain
from tidan_node.ledger.signer import LocalSigner
from tidan_node.operations.operation import AttemptState, OperationStatus
from tidan_node.operations.problems import (
    DeadlinePassed,
    NoEffect,
    OutOfGas,
    ReasonUnknown,
)
from tidan_node.problems import InvalidInput, Problem, stored_problem

INITIALIZED = OperationStatus.INITIALIZED
PENDING = OperationStatus.PENDING
SUCCEEDED = OperationStatus.SUCCEEDED
FAILED = OperationStatus.FAILED
UNDONE = OperationStatus.UNDONE
LIVE, INCLUDED, SPENT = AttemptState.LIVE, AttemptState.INCLUDED, AttemptState.SPENT


async def _problem(desk: Desk, operation: str) -> Problem:
    shown = (await desk.operation(operation)).problem  # type: ignore[arg-type]  # an id is text
    assert shown is not None
    return stored_problem(shown)


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

    async def test_the_bytes_are_stored_before_they_are_sent(self, desk: Desk) -> None:
        desk.chain.refusal = "the pool is full"
        asked = await desk.ask(1)
        await desk.round()
        (attempt,) = await desk.attempts(asked)
        assert [sent.raw for sent in desk.chain.wire] == [attempt.raw]
        assert (attempt.state, attempt.refusal) == (LIVE, "the pool is full")

    async def test_gas_is_the_estimate_and_a_reserve(self, desk: Desk) -> None:
        asked = await desk.ask(1)
        await desk.round()
        (attempt,) = await desk.attempts(asked)
        assert attempt.gas == 50_000 * 5 // 4 + 10_000
        assert desk.chain.wire[0].gas == attempt.gas

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


class TestRefusals:
    async def test_what_the_contract_would_refuse_is_never_signed(self, desk: Desk) -> None:
        await desk.ask(5)
        await desk.round()
        asked = await desk.ask(3)
        await desk.round()
        assert await desk.status(asked) is FAILED
        assert isinstance(await _problem(desk, asked), AnchorNotAhead)
        assert await desk.attempts(asked) == []

    async def test_an_intent_that_makes_no_call_fails_with_its_problem(self, desk: Desk) -> None:
        asked, too_big, good = await desk.ask("five"), await desk.ask(2**64), await desk.ask(5)
        await desk.round()
        for each in (asked, too_big):
            assert await desk.status(each) is FAILED
            assert isinstance(await _problem(desk, each), InvalidInput)
        assert await desk.status(good) is SUCCEEDED

    async def test_a_transaction_that_fails_in_its_block_ends_with_the_reason(
        self, desk: Desk
    ) -> None:
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        await self._overtaken(desk)
        await desk.round()
        assert await desk.status(asked) is FAILED
        assert isinstance(await _problem(desk, asked), AnchorNotAhead)
        (attempt,) = await desk.attempts(asked)
        assert attempt.state is INCLUDED

    async def test_a_failure_is_only_told_once_it_is_final(self, desk: Desk) -> None:
        desk.depth = 2
        desk.chain.mining = False
        desk.chain.mine(3)
        desk.restart()
        asked = await desk.ask(5)
        await desk.round()
        await self._overtaken(desk)
        await desk.round()
        assert await desk.status(asked) is PENDING
        desk.chain.mine(2)
        await desk.round()
        assert await desk.status(asked) is FAILED

    async def test_a_failure_without_a_reason_says_so(self, desk: Desk) -> None:
        """By now the call would work, and the state of then is gone."""
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        await self._overtaken(desk)
        desk.chain.remembers = False
        await desk.round()
        assert isinstance(await _problem(desk, asked), ReasonUnknown)

    async def test_a_success_that_no_contract_tells_of_is_a_failure(self, desk: Desk) -> None:
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        desk.chain.tells = False
        desk.chain.mine()
        await desk.round()
        assert await desk.status(asked) is FAILED
        assert isinstance(await _problem(desk, asked), NoEffect)

    async def _overtaken(self, desk: Desk) -> None:
        """Somebody else's act takes effect first, so that ours is refused in its block."""
        other = LocalSigner(b"\x22" * 32)
        desk.chain.mine_foreign(desk.foreign(0, up_to=9, signer=other))
        desk.chain.mine()


class TestNonces:
    async def test_a_nonce_spent_by_another_is_followed_by_a_new_attempt(self, desk: Desk) -> None:
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        desk.chain.mine_foreign(desk.foreign(nonce=0))
        desk.chain.mining = True
        await desk.round()
        first, second = await desk.attempts(asked)
        assert (first.nonce, first.state) == (0, SPENT)
        assert (second.nonce, second.state) == (1, INCLUDED)
        assert await desk.status(asked) is SUCCEEDED
        assert desk.chain.anchored == [5]

    async def test_there_is_no_new_attempt_before_that_is_final(self, desk: Desk) -> None:
        desk.depth = 2
        desk.chain.mining = False
        desk.chain.mine(3)
        desk.restart()
        asked = await desk.ask(5)
        await desk.round()
        desk.chain.mine_foreign(desk.foreign(nonce=0))
        await desk.round()
        desk.chain.mine()
        await desk.round()
        assert len(await desk.attempts(asked)) == 1
        desk.chain.mine()
        await desk.round()
        assert len(await desk.attempts(asked)) == 2

    async def test_a_new_attempt_is_not_signed_for_what_is_refused_by_now(self, desk: Desk) -> None:
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        desk.chain.mine_foreign(desk.foreign(nonce=0, up_to=5))
        await desk.round()
        assert await desk.status(asked) is FAILED
        assert isinstance(await _problem(desk, asked), AnchorNotAhead)
        assert [attempt.state for attempt in await desk.attempts(asked)] == [SPENT]

    async def test_nonces_that_others_used_are_not_used_again(self, desk: Desk) -> None:
        desk.chain.mine_foreign(desk.foreign(nonce=0))
        asked = await desk.ask(5)
        await desk.round()
        assert [attempt.nonce for attempt in await desk.attempts(asked)] == [1]
        assert await desk.status(asked) is SUCCEEDED

    async def test_a_transaction_out_of_gas_is_tried_with_more(self, desk: Desk) -> None:
        desk.chain.gas_needed = 100_000
        asked = await desk.ask(5)
        await desk.round()
        await desk.round()
        first, second = await desk.attempts(asked)
        assert second.gas == 2 * first.gas
        assert await desk.status(asked) is SUCCEEDED
        assert desk.chain.anchored == [5]

    async def test_no_amount_of_gas_ends_in_a_problem(self, desk: Desk) -> None:
        desk.chain.gas_needed = 10**9
        asked = await desk.ask(5)
        for _ in range(5):
            await desk.round()
        assert len(await desk.attempts(asked)) == 3
        assert await desk.status(asked) is FAILED
        assert isinstance(await _problem(desk, asked), OutOfGas)


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

    async def test_nothing_is_refused_by_what_a_vanishing_branch_says(self, desk: Desk) -> None:
        """The chain went back and the indexer has not seen it: an act on what was there waits."""
        await desk.ask(5)
        await desk.round()
        desk.chain.go_back(0)
        desk.chain.mine_foreign(desk.foreign(0, up_to=9, signer=LocalSigner(b"\x22" * 32)))
        desk.chain.mine(5)
        later = await desk.ask(7)
        await desk.dispatcher.step()
        assert await desk.status(later) is INITIALIZED

    async def test_nothing_is_refused_by_a_branch_that_came_while_it_was_tried(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = await desk.ask(5)
        await desk.follower.catch_up()
        estimates = desk.chain.estimates

        async def another_branch_first(
            calls: Sequence[tuple[Call, Address]],
        ) -> list[int | Problem]:
            monkeypatch.undo()
            desk.chain.go_back(0)
            desk.chain.mine_foreign(desk.foreign(0, up_to=9, signer=LocalSigner(b"\x22" * 32)))
            return await estimates(calls)

        monkeypatch.setattr(desk.chain, "estimates", another_branch_first)
        await desk.dispatcher.step()
        assert await desk.status(asked) is INITIALIZED

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
        await desk.dispatcher.step()
        desk.clock.forward(31)
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
