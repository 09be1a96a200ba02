"""What a real geth says of transactions that pay too little or too much."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.operations.on_geth.desk import BASE_FEE, PRICE, STUCK_AFTER, GethDesk
from tidan_node.operations.operation import AttemptState
from tidan_node.operations.stuck import IN_NO_BLOCK

pytestmark = pytest.mark.system

LIVE = AttemptState.LIVE
REPLACED = AttemptState.REPLACED
INCLUDED = AttemptState.INCLUDED
SPENT = AttemptState.SPENT

DEAREST = 10**8
ENOUGH = 10**15


class TestPrices:
    async def test_below_what_the_validator_wants_it_is_told_and_signed_anew_at_its_price(
        self, desk: GethDesk
    ) -> None:
        desk.geth.want(30)
        asked = await desk.ask(5)
        await desk.round()
        reason, helps = await desk.told(asked)
        assert reason == "transaction underpriced: gas tip cap 20, minimum needed 30"
        assert "raise `gas_price`" in helps

        desk.at_price(30 + BASE_FEE)

        await desk.until_states(asked, SPENT, INCLUDED)
        await desk.assert_done_once(asked, 5)

    async def test_what_a_raised_price_drops_from_the_pool_is_found_and_signed_anew(
        self, desk: GethDesk
    ) -> None:
        await desk.geth.stop_sealing()
        asked = await desk.ask(5)
        await desk.round()
        assert await desk.told(asked) == ("", "")
        (sent,) = await desk.attempts(asked)
        assert desk.geth.knows(sent.tx_hash)

        desk.geth.want(30)
        assert not desk.geth.knows(sent.tx_hash)
        await desk.round()
        assert "underpriced" in (await desk.told(asked))[0]
        desk.at_price(30 + BASE_FEE)
        desk.geth.go_on_sealing()

        await desk.until_states(asked, SPENT, INCLUDED)
        await desk.assert_done_once(asked, 5)

    async def test_by_less_than_a_tenth_it_is_not_replaced_and_by_a_tenth_it_is(
        self, desk: GethDesk
    ) -> None:
        await desk.geth.stop_sealing()
        asked = await desk.ask(5)
        await desk.round()
        desk.at_price(21)
        await desk.round()
        reason, helps = await desk.told(asked)
        assert reason == "replacement transaction underpriced"
        assert "by a tenth" in helps

        desk.at_price(22)
        await desk.round()
        assert await desk.told(asked) == ("", "")
        assert await desk.states(asked) == [REPLACED, REPLACED, LIVE]
        desk.geth.go_on_sealing()

        await desk.until_states(asked, SPENT, SPENT, INCLUDED)
        await desk.assert_done_once(asked, 5)

    async def test_where_the_former_is_the_one_that_the_block_holds_it_is_the_one(
        self, desk: GethDesk
    ) -> None:
        await desk.geth.stop_sealing()
        asked = await desk.ask(5)
        await desk.round()
        desk.at_price(21)
        await desk.round()
        assert await desk.states(asked) == [REPLACED, LIVE]
        desk.geth.go_on_sealing()

        await desk.until_states(asked, INCLUDED, SPENT)
        await desk.assert_done_once(asked, 5)

    async def test_below_the_base_fee_it_is_taken_and_in_no_block_until_it_pays_more(
        self, new_desk: Callable[..., Awaitable[GethDesk]]
    ) -> None:
        desk = await new_desk(BASE_FEE - 1)
        asked = await desk.ask(5)
        await desk.round()
        assert await desk.told(asked) == ("", "")
        desk.clock.now += STUCK_AFTER
        await desk.round()
        reason, helps = await desk.told(asked)
        assert reason == IN_NO_BLOCK
        assert "`gas_price`" in helps

        desk.at_price(PRICE)

        await desk.until_states(asked, SPENT, INCLUDED)
        await desk.assert_done_once(asked, 5)

    async def test_above_what_the_validator_lets_anybody_pay_it_is_told_and_signed_anew_for_less(
        self, new_desk: Callable[..., Awaitable[GethDesk]]
    ) -> None:
        desk = await new_desk(DEAREST)
        asked = await desk.ask(5)
        await desk.round()
        reason, helps = await desk.told(asked)
        assert reason == "tx fee (0.00 ether) exceeds the configured cap (0.00 ether)"
        assert "lower `gas_price`" in helps

        desk.at_price(PRICE)

        await desk.until_states(asked, SPENT, INCLUDED)
        await desk.assert_done_once(asked, 5)


class TestMoney:
    async def test_an_account_without_any_waits_and_goes_on_when_it_has_some(
        self, new_desk: Callable[..., Awaitable[GethDesk]]
    ) -> None:
        desk = await new_desk(money=0)
        asked = await desk.ask(5)
        await desk.round()
        reason, helps = await desk.told(asked)
        assert reason.startswith("insufficient funds for gas * price + value: balance 0, tx cost")
        assert f"fund {desk.signer.address}" in helps

        await desk.fund(ENOUGH)

        await desk.until_states(asked, INCLUDED)
        await desk.assert_done_once(asked, 5)

    async def test_what_the_pool_has_already_counts_and_what_it_has_no_money_for_waits_behind(
        self, new_desk: Callable[..., Awaitable[GethDesk]]
    ) -> None:
        desk = await new_desk(money=0)
        first, second = await desk.ask(5), await desk.ask(6)
        await desk.round()
        (signed,) = await desk.attempts(first)
        await desk.fund(signed.gas * PRICE)
        await desk.geth.stop_sealing()
        await desk.round()
        assert await desk.told(first) == ("", "")
        reason, helps = await desk.told(second)
        assert "insufficient funds" in reason
        assert "queued cost" in reason
        assert "fund" in helps
        desk.geth.go_on_sealing()
        await desk.fund(ENOUGH)

        await desk.until_states(second, INCLUDED)
        await desk.assert_done_once(second, 6)
