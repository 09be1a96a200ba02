"""What is refused as it was signed is signed again with its nonce, and takes effect once."""

from __future__ import annotations

import pytest

from tests.operations.conftest import Desk
from tests.operations.test_resuming import StopAt, Stopped
from tidan_node.domain.identifiers import OperationId
from tidan_node.ledger.signed import read_transaction
from tidan_node.ledger.signer import LocalSigner
from tidan_node.operations.operation import AttemptState, OperationStatus

PENDING = OperationStatus.PENDING
SUCCEEDED = OperationStatus.SUCCEEDED
FAILED = OperationStatus.FAILED
LIVE = AttemptState.LIVE
REPLACED = AttemptState.REPLACED
INCLUDED = AttemptState.INCLUDED
SPENT = AttemptState.SPENT


def at_price(desk: Desk, gas_price: int) -> None:
    """A new process, whose settings say this price."""
    desk.gas_price = gas_price
    desk.restart()


async def states(desk: Desk, operation: OperationId) -> list[AttemptState]:
    return [attempt.state for attempt in await desk.attempts(operation)]


async def later(desk: Desk) -> None:
    desk.clock.forward(10)
    await desk.round()


@pytest.fixture
async def underpriced(desk: Desk) -> OperationId:
    """An operation that the chain refuses at the price that it was signed at."""
    at_price(desk, 1)
    desk.chain.least_price = 10
    asked = await desk.ask(5)
    await desk.round()
    assert await states(desk, asked) == [LIVE]
    return asked


class TestPrices:
    async def test_at_a_higher_price_the_same_act_is_signed_with_the_same_nonce(
        self, desk: Desk, underpriced: OperationId
    ) -> None:
        at_price(desk, 10)
        await later(desk)
        await later(desk)
        first, second = await desk.attempts(underpriced)
        assert (first.state, second.state) == (SPENT, INCLUDED)
        assert first.nonce == second.nonce
        before, after = (read_transaction(each.raw, 31337) for each in (first, second))
        assert (before.gas_price, after.gas_price) == (1, 10)
        assert (before.to, before.data, before.gas) == (after.to, after.data, after.gas)
        assert await desk.status(underpriced) is SUCCEEDED
        assert desk.chain.anchored == [5]

    async def test_at_the_same_price_or_a_lower_one_it_stays_as_it_is(
        self, desk: Desk, underpriced: OperationId
    ) -> None:
        for price in (1, 0):
            at_price(desk, price)
            await later(desk)
        assert await states(desk, underpriced) == [LIVE]

    @pytest.mark.parametrize(
        "words",
        [
            "tx fee (2.00 ether) exceeds the configured cap (1.00 ether)",
            "insufficient funds for gas * price + value: balance 1, tx cost 2, overshot 1",
        ],
    )
    async def test_what_would_pay_too_much_is_signed_anew_at_a_lower_one(
        self, desk: Desk, words: str
    ) -> None:
        at_price(desk, 10)
        desk.chain.refusal = words
        asked = await desk.ask(5)
        await later(desk)
        await later(desk)
        assert await states(desk, asked) == [LIVE]
        at_price(desk, 1)
        desk.chain.refusal = None
        await later(desk)
        await later(desk)
        assert await states(desk, asked) == [SPENT, INCLUDED]
        assert desk.chain.anchored == [5]

    async def test_what_is_behind_it_in_the_lane_follows(
        self, desk: Desk, underpriced: OperationId
    ) -> None:
        behind = await desk.ask(6)
        await later(desk)
        at_price(desk, 10)
        for _ in range(3):
            await later(desk)
        assert await desk.statuses() == [SUCCEEDED, SUCCEEDED]
        assert desk.chain.anchored == [5, 6]
        assert await states(desk, behind) == [SPENT, INCLUDED]

    async def test_the_former_may_be_the_one_that_a_block_holds(self, desk: Desk) -> None:
        desk.chain.mining = False
        at_price(desk, 1)
        asked = await desk.ask(5)
        await desk.round()
        at_price(desk, 10)
        desk.chain.refusal = "no connection to it just now"
        await later(desk)
        assert await states(desk, asked) == [REPLACED, LIVE]
        desk.chain.mine()
        await later(desk)
        await later(desk)
        assert await states(desk, asked) == [INCLUDED, SPENT]
        assert await desk.status(asked) is SUCCEEDED
        assert desk.chain.anchored == [5]

    async def test_the_former_may_fail_in_its_block(self, desk: Desk) -> None:
        desk.chain.mining = False
        at_price(desk, 1)
        asked = await desk.ask(5)
        await desk.round()
        at_price(desk, 10)
        desk.chain.refusal = "no connection to it just now"
        await later(desk)
        desk.chain.mine_foreign(desk.foreign(0, up_to=9, signer=LocalSigner(b"\x22" * 32)))
        desk.chain.mine()
        await later(desk)
        assert await states(desk, asked) == [INCLUDED, SPENT]
        assert await desk.status(asked) is FAILED

    async def test_a_stranger_may_have_the_nonce_of_both(self, desk: Desk) -> None:
        desk.chain.mining = False
        at_price(desk, 1)
        asked = await desk.ask(5)
        await desk.round()
        at_price(desk, 10)
        await later(desk)
        desk.chain.lose_pool()
        desk.chain.mine_foreign(desk.foreign(nonce=0))
        desk.chain.mining = True
        await later(desk)
        await later(desk)
        assert await states(desk, asked) == [SPENT, SPENT, INCLUDED]
        assert await desk.status(asked) is SUCCEEDED
        assert desk.chain.anchored == [5]

    async def test_a_price_may_rise_more_than_once(
        self, desk: Desk, underpriced: OperationId
    ) -> None:
        for price in (2, 4, 10):
            at_price(desk, price)
            await later(desk)
        await later(desk)
        assert await states(desk, underpriced) == [SPENT, SPENT, SPENT, INCLUDED]
        assert desk.chain.anchored == [5]

    async def test_only_the_last_is_sent_again(self, desk: Desk) -> None:
        desk.chain.mining = False
        at_price(desk, 1)
        asked = await desk.ask(5)
        await desk.round()
        at_price(desk, 10)
        desk.chain.wire.clear()
        for _ in range(3):
            await later(desk)
        _, last = await desk.attempts(asked)
        assert {sent.raw for sent in desk.chain.wire} == {last.raw}

    async def test_a_process_that_stood_by_raises_what_another_has_signed_meanwhile(
        self, desk: Desk
    ) -> None:
        desk.chain.mining = False
        at_price(desk, 10)
        standing_by = desk.dispatcher
        desk.clock.forward(5)
        at_price(desk, 1)
        asked = await desk.ask(5)
        await desk.round()
        desk.dispatcher = standing_by
        await desk.dispatcher.take_over()
        await desk.round()
        assert await states(desk, asked) == [REPLACED, LIVE]

    async def test_nobody_signs_anew_for_what_may_still_be_included(self, desk: Desk) -> None:
        """The successor is spent by what the indexer has not read yet."""
        desk.depth = 2
        desk.chain.mine(3)
        at_price(desk, 1)
        desk.chain.mining = False
        asked = await desk.ask(5)
        await desk.round()
        at_price(desk, 10)
        await later(desk)
        desk.chain.mine()
        for _ in range(3):
            await later(desk)
        assert await states(desk, asked) == [REPLACED, LIVE]
        assert await desk.status(asked) is PENDING
        desk.chain.mine(2)
        await later(desk)
        await later(desk)
        assert await states(desk, asked) == [SPENT, INCLUDED]


class TestReorganisations:
    async def test_of_two_whose_block_is_lost_the_last_is_sent(self, desk: Desk) -> None:
        desk.chain.mining = False
        at_price(desk, 1)
        asked = await desk.ask(5)
        await desk.round()
        at_price(desk, 10)
        desk.chain.refusal = "no connection to it just now"
        await later(desk)
        desk.chain.mine()
        await later(desk)
        await later(desk)
        assert await states(desk, asked) == [INCLUDED, SPENT]
        desk.chain.go_back(1)
        desk.chain.refusal = None
        await later(desk)
        assert await states(desk, asked) == [REPLACED, LIVE]
        desk.chain.mining = True
        await later(desk)
        await later(desk)
        assert await desk.status(asked) is SUCCEEDED
        assert desk.chain.anchored == [5]

    async def test_the_former_may_be_back_in_the_new_branch(self, desk: Desk) -> None:
        desk.chain.mining = False
        at_price(desk, 1)
        asked = await desk.ask(5)
        await desk.round()
        at_price(desk, 10)
        await later(desk)
        desk.chain.mine()
        await later(desk)
        await later(desk)
        assert await states(desk, asked) == [SPENT, INCLUDED]
        first, _ = await desk.attempts(asked)
        desk.chain.go_back(1)
        desk.chain.mine_foreign(first.raw)
        await later(desk)
        await later(desk)
        assert await desk.status(asked) is SUCCEEDED
        assert await states(desk, asked) == [INCLUDED, SPENT]


class TestStopping:
    @pytest.mark.parametrize(
        ("moment", "nth"),
        [
            ("operation.replaced", 1),
            ("operation.sent", 1),
            ("index.before-commit", 1),
            ("index.after-commit", 1),
        ],
    )
    @pytest.mark.parametrize("pool_lost", [False, True])
    async def test_at_any_moment_each_takes_effect_once(
        self, desk: Desk, moment: str, nth: int, pool_lost: bool
    ) -> None:
        desk.chain.mining = False
        at_price(desk, 1)
        asked = [await desk.ask(up_to) for up_to in (1, 2, 3)]
        await desk.round()
        desk.gas_price = 10
        desk.chain.mining = True
        desk.clock.forward(10)
        desk.restart(StopAt(moment, nth))
        with pytest.raises(Stopped):
            await desk.round()
        if pool_lost:
            desk.chain.lose_pool()
        desk.restart()
        for _ in range(4):
            await later(desk)
        assert desk.chain.anchored == [1, 2, 3]
        assert await desk.statuses() == [SUCCEEDED] * 3
        for each in asked:
            assert sorted(await states(desk, each)) == [INCLUDED, SPENT]
