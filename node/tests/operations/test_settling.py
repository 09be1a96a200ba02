"""What a final block proves of transactions that no event told of."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.operations.conftest import Desk
from tidan_node.domain.identifiers import Address, OperationId, TxHash
from tidan_node.domain.record_problems import AnchorNotAhead
from tidan_node.ledger.answers import Receipt
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.signer import LocalSigner
from tidan_node.operations.operation import AttemptState, OperationStatus
from tidan_node.operations.problems import (
    NoEffect,
    OutOfGas,
    ReasonUnknown,
)
from tidan_node.problems import Problem, stored_problem

PENDING = OperationStatus.PENDING
SUCCEEDED = OperationStatus.SUCCEEDED
FAILED = OperationStatus.FAILED
LIVE = AttemptState.LIVE
INCLUDED = AttemptState.INCLUDED
SPENT = AttemptState.SPENT


async def _problem(desk: Desk, operation: OperationId) -> Problem:
    shown = (await desk.operation(operation)).problem
    assert shown is not None
    return stored_problem(shown)


class TestFailures:
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

    async def test_what_stands_in_a_later_block_is_not_judged_by_an_earlier_one(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The count of nonces came from another branch than the receipt."""
        desk.depth = 2
        desk.chain.mining = False
        desk.chain.mine(3)
        desk.restart()
        asked = await desk.ask(5)
        await desk.round()
        await self._overtaken(desk)

        async def of_another_branch(account: Address, block: int | None = None) -> int:
            return 1

        monkeypatch.setattr(desk.chain, "transaction_count", of_another_branch)
        await desk.dispatcher.step()
        assert await desk.status(asked) is PENDING

    async def test_a_failure_without_a_reason_says_so(self, desk: Desk) -> None:
        """By now the call would work, and the state of then is gone."""
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        await self._overtaken(desk)
        desk.chain.remembers = False
        await desk.round()
        assert isinstance(await _problem(desk, asked), ReasonUnknown)

    async def test_a_failure_of_a_kind_that_this_version_lacks_is_told_too(
        self, desk: Desk
    ) -> None:
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        await self._overtaken(desk)
        desk.handlers = []
        desk.restart()
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
        desk.chain.mine_foreign(desk.foreign(nonce=0, up_to=6))
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
        desk.chain.gas_needed = 150_000
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

    async def test_no_nonce_is_spent_by_a_branch_that_vanished_while_it_was_read(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = await self._robbed_of_its_nonce(desk)
        receipts = desk.chain.receipts

        async def branch_gone_first(hashes: Sequence[TxHash]) -> list[Receipt | None]:
            monkeypatch.undo()
            desk.chain.go_back(1)
            desk.chain.mine(3)
            return await receipts(hashes)

        monkeypatch.setattr(desk.chain, "receipts", branch_gone_first)
        await desk.dispatcher.step()
        assert [attempt.state for attempt in await desk.attempts(asked)] == [LIVE]

    async def test_no_nonce_is_spent_by_a_branch_that_the_indexer_has_left(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = await self._robbed_of_its_nonce(desk)
        receipts, block = desk.chain.receipts, desk.chain.block

        async def then_the_branch_goes(number: int) -> BlockRef | None:
            answer = await block(number)
            monkeypatch.undo()
            desk.chain.go_back(1)
            desk.chain.mine(3)
            await desk.follower.catch_up()
            return answer

        async def answered(hashes: Sequence[TxHash]) -> list[Receipt | None]:
            monkeypatch.setattr(desk.chain, "block", then_the_branch_goes)
            return await receipts(hashes)

        monkeypatch.setattr(desk.chain, "receipts", answered)
        await desk.dispatcher.step()
        assert [attempt.state for attempt in await desk.attempts(asked)] == [LIVE]

    async def _robbed_of_its_nonce(self, desk: Desk) -> OperationId:
        """An operation whose nonce another transaction has used, in a block that was read."""
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        desk.chain.mine_foreign(desk.foreign(nonce=0))
        await desk.follower.catch_up()
        return asked
