"""What is refused before anything is signed, and what is not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.operations.conftest import Desk
from tidan_node.domain.identifiers import Address, OperationId
from tidan_node.domain.record_problems import AnchorNotAhead
from tidan_node.ledger.calls import Call
from tidan_node.ledger.rpc import RpcError
from tidan_node.ledger.signer import LocalSigner
from tidan_node.operations.operation import AttemptState, OperationStatus
from tidan_node.problems import InvalidInput, Problem, stored_problem

INITIALIZED = OperationStatus.INITIALIZED
SUCCEEDED = OperationStatus.SUCCEEDED
FAILED = OperationStatus.FAILED
INCLUDED = AttemptState.INCLUDED


async def _problem(desk: Desk, operation: OperationId) -> Problem:
    shown = (await desk.operation(operation)).problem
    assert shown is not None
    return stored_problem(shown)


class TestRefusals:
    async def test_the_first_of_a_kind_that_would_be_refused_is_never_signed(
        self, desk: Desk
    ) -> None:
        desk.chain.mine_foreign(desk.foreign(0, up_to=5, signer=LocalSigner(b"\x22" * 32)))
        asked = await desk.ask(3)
        await desk.round()
        assert await desk.status(asked) is FAILED
        assert isinstance(await _problem(desk, asked), AnchorNotAhead)
        assert await desk.attempts(asked) == []

    async def test_one_of_a_known_kind_is_refused_on_the_chain_with_the_same_problem(
        self, desk: Desk
    ) -> None:
        await desk.ask(5)
        await desk.round()
        asked = await desk.ask(3)
        await desk.round()
        await desk.round()
        assert await desk.status(asked) is FAILED
        assert isinstance(await _problem(desk, asked), AnchorNotAhead)
        assert [attempt.state for attempt in await desk.attempts(asked)] == [INCLUDED]

    async def test_what_the_chain_cannot_tell_of_holds_up_none_like_it(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        estimates = desk.chain.estimates

        async def none_of_one(calls: Sequence[tuple[Call, Address]]) -> list[int | Problem]:
            told = await estimates(calls)
            return [
                RpcError(-32000, "busy") if call.args[0] == 1 else each
                for (call, _), each in zip(calls, told, strict=True)
            ]

        monkeypatch.setattr(desk.chain, "estimates", none_of_one)
        untold, other = await desk.ask(1), await desk.ask(2)
        await desk.round()
        await desk.round()
        assert await desk.status(untold) is INITIALIZED
        assert await desk.status(other) is SUCCEEDED

    async def test_an_intent_that_makes_no_call_fails_with_its_problem(self, desk: Desk) -> None:
        asked, too_big, good = await desk.ask("five"), await desk.ask(2**64), await desk.ask(5)
        await desk.round()
        for each in (asked, too_big):
            assert await desk.status(each) is FAILED
            assert isinstance(await _problem(desk, each), InvalidInput)
        assert await desk.status(good) is SUCCEEDED

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
