"""What a real geth says of nonces, gas and its pool, and what the node makes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.operations.on_geth.desk import PRICE, Geth, GethDesk, restarted
from tidan_node.ledger.clique.genesis import GAS_LIMIT
from tidan_node.operations.operation import AttemptState
from tidan_node.operations.stuck import has_no_room, is_used_up

pytestmark = pytest.mark.system

INCLUDED = AttemptState.INCLUDED
SPENT = AttemptState.SPENT


class TestPool:
    async def test_what_it_has_already_is_refused_by_no_word(self, desk: GethDesk) -> None:
        await desk.geth.stop_sealing()
        asked = await desk.ask(5)
        for _ in range(3):
            await desk.round()
        assert await desk.told(asked) == ("", "")
        (sent,) = await desk.attempts(asked)
        assert sent.refusal is None
        assert await desk.gateway.send([sent.raw]) == [None]
        desk.geth.go_on_sealing()

        await desk.until_states(asked, INCLUDED)
        await desk.assert_done_once(asked, 5)

    async def test_what_a_killed_validator_has_lost_is_sent_again_as_it_was(
        self, desk: GethDesk
    ) -> None:
        await desk.geth.stop_sealing()
        asked = await desk.ask(5)
        await desk.round()
        (sent,) = await desk.attempts(asked)
        assert desk.geth.knows(sent.tx_hash)
        desk.geth.kill()

        desk.geth.start()

        assert not desk.geth.knows(sent.tx_hash)
        await desk.until_states(asked, INCLUDED)
        assert [each.raw for each in await desk.attempts(asked)] == [sent.raw]
        await desk.assert_done_once(asked, 5)

    async def test_where_it_is_full_of_what_pays_as_much_it_goes_on_when_there_is_room(
        self, desk: GethDesk, options: list[str]
    ) -> None:
        small = ("--txpool.globalslots", "1", "--txpool.globalqueue", "1")
        with restarted(desk.geth, options, *small):
            await desk.geth.stop_sealing()
            await desk.send_by_hand(desk.bank, [desk.bank.address] * 2, gas_price=PRICE)
            asked = await desk.ask(5)
            await desk.round()
            reason, helps = await desk.told(asked)
            assert reason == "transaction underpriced"
            assert "by itself" in helps
            desk.geth.go_on_sealing()

            await desk.until_states(asked, INCLUDED)
            await desk.assert_done_once(asked, 5)


class TestNonces:
    async def test_one_that_somebody_else_used_is_spent_and_the_next_attempt_is_the_one(
        self, desk: GethDesk
    ) -> None:
        await desk.geth.stop_sealing()
        await desk.send_by_hand(desk.signer, [desk.signer.address], gas_price=2 * PRICE)
        asked = await desk.ask(5)
        await desk.round()
        assert (await desk.told(asked))[0] == "replacement transaction underpriced"
        (first,) = await desk.attempts(asked)
        desk.geth.go_on_sealing()

        await desk.until_states(asked, SPENT, INCLUDED)
        await desk.assert_done_once(asked, 5)
        (refused,) = await desk.gateway.send([first.raw])
        assert refused == "nonce too low: next nonce 2, tx nonce 0"
        assert is_used_up(refused)


class TestGas:
    async def test_with_more_than_a_block_has_it_is_signed_anew_with_what_one_has(
        self, new_desk: Callable[..., Awaitable[GethDesk]], geth: Geth, options: list[str]
    ) -> None:
        with restarted(geth, options, "--rpc.txfeecap", "0"):
            desk = await new_desk(money=10**20)
            desk.gateway.needed = desk.gateway.room = 2 * GAS_LIMIT
            asked = await desk.ask(5)
            await desk.round()
            reason, _ = await desk.told(asked)
            assert reason == "exceeds block gas limit"
            assert has_no_room(reason)
            desk.gateway.room = None

            await desk.until_states(asked, SPENT, INCLUDED)
            _, last = await desk.attempts(asked)
            assert last.gas == GAS_LIMIT
            await desk.assert_done_once(asked, 5)

    async def test_with_less_than_it_takes_to_begin_it_is_signed_anew_with_more(
        self, desk: GethDesk
    ) -> None:
        desk.gateway.needed = 10_600
        asked = await desk.ask(5)
        await desk.round()
        reason, _ = await desk.told(asked)
        assert reason.startswith("intrinsic gas too low: gas 21200, minimum needed 21")
        desk.gateway.needed = None

        await desk.until_states(asked, SPENT, INCLUDED, INCLUDED)
        await desk.assert_done_once(asked, 5)
