"""Blocks: what is in them, when they are made, and what senders are told."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
from pathlib import Path

import pytest

from tests.ledger.embedded.chains import Account
from tests.ledger.embedded.senders import OpenChain, blocks, create_logger, submit, word
from tests.ledger.embedded.waiting import wait_until_ended
from tidan_node.ledger.embedded import mining
from tidan_node.ledger.embedded.home import ChainHome
from tidan_node.ledger.embedded.rpc import RpcError

TO = "0x" + "22" * 20


class KillsAnvil:
    """Kills the anvil of a home when a moment is reached for the n-th time."""

    def __init__(self, home: Path, moment: str, *, nth: int) -> None:
        self._pin = home / "anvil.json"
        self._moment = moment
        self.left = nth

    def reached(self, moment: str) -> None:
        if moment == self._moment:
            self.left -= 1
            if self.left == 0:
                os.kill(json.loads(self._pin.read_text())["pid"], signal.SIGKILL)


class CountedFsyncs:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self._real = os.fsync
        monkeypatch.setattr(os, "fsync", self)

    def __call__(self, handle: int) -> None:
        self.count += 1
        self._real(handle)


class TestSubmit:
    async def test_transactions_handed_over_together_make_one_block_in_their_order(
        self, open_chain: OpenChain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        accounts = [Account(1 + number) for number in range(8)]
        async with open_chain() as chain:
            address = await create_logger(chain, accounts[0])
            raws = [accounts[at % 8].signed(address, word(at)) for at in range(200)]
            fsyncs = CountedFsyncs(monkeypatch)
            answers = await submit(chain, *raws)
            assert fsyncs.count == 1
            assert chain.tip.height == 2
            assert [one["hash"] for one in (await blocks(chain))[2]["transactions"]] == answers

    async def test_transactions_that_come_one_by_one_at_once_share_blocks(
        self, open_chain: OpenChain
    ) -> None:
        accounts = [Account(1 + number) for number in range(50)]
        async with open_chain() as chain:
            answers = await asyncio.gather(
                *(submit(chain, account.signed(TO)) for account in accounts)
            )
            assert all(answer[0].startswith("0x") for answer in answers)
            assert chain.tip.height <= 10

    async def test_more_gas_than_a_block_has_goes_into_the_next_ones(
        self, open_chain: OpenChain
    ) -> None:
        account = Account(1)
        async with open_chain() as chain:
            gas = chain.rules.gas_limit // 3
            answers = await submit(chain, *(account.signed(TO, gas=gas) for _ in range(7)))
            made = await blocks(chain)
            assert [len(block["transactions"]) for block in made] == [0, 3, 3, 1]
            included = [one["hash"] for block in made for one in block["transactions"]]
            assert included == answers

    async def test_full_blocks_never_ask_for_a_price(self, open_chain: OpenChain) -> None:
        account = Account(1)
        endless = bytes.fromhex("5b600056")
        async with open_chain() as chain:
            for _ in range(3):
                raw = account.signed(None, endless, gas=chain.rules.gas_limit)
                (answer,) = await submit(chain, raw)
                assert answer.startswith("0x")
            (last,) = await submit(chain, account.signed(TO))
            assert last.startswith("0x")
            made = await blocks(chain)
            assert {block["baseFeePerGas"] for block in made} == {"0x0"}
            assert made[1]["gasUsed"] == made[1]["gasLimit"]

    async def test_a_later_nonce_is_answered_at_once_and_mined_after_the_earlier_one(
        self, open_chain: OpenChain
    ) -> None:
        account = Account(1)
        first, second = account.signed(TO), account.signed(TO)
        async with open_chain() as chain:
            (later,) = await submit(chain, second)
            assert later.startswith("0x")
            assert chain.tip.height == 0
            assert chain.waiting == 1
            (earlier,) = await submit(chain, first)
            made = await blocks(chain)
            assert [one["hash"] for one in made[1]["transactions"]] == [earlier, later]
            assert chain.waiting == 0

    @pytest.mark.parametrize("stop", [True, False])
    async def test_a_waiting_transaction_survives_a_restart(
        self, open_chain: OpenChain, stop: bool
    ) -> None:
        account = Account(1)
        first, second, third = (account.signed(TO) for _ in range(3))
        async with open_chain(stop=stop) as chain:
            await submit(chain, Account(2).signed(TO))
            (late,) = await submit(chain, third)
        async with open_chain(stop=stop) as chain:
            assert chain.waiting == 1
            assert await submit(chain, third) == ["already known"]
        async with open_chain() as chain:
            answers = await submit(chain, first, second)
            last = (await blocks(chain))[-1]
            assert [one["hash"] for one in last["transactions"]] == [*answers, late]

    async def test_what_was_mined_is_refused_when_it_comes_again(
        self, open_chain: OpenChain
    ) -> None:
        raw = Account(1).signed(TO)
        async with open_chain() as chain:
            await submit(chain, raw)
            assert await submit(chain, raw) == ["nonce too low: next nonce 1, tx nonce 0"]

    async def test_the_same_one_twice_in_one_batch_is_taken_once(
        self, open_chain: OpenChain
    ) -> None:
        raw = Account(1).signed(TO)
        async with open_chain() as chain:
            first, second = await submit(chain, raw, raw)
            assert first.startswith("0x")
            assert second == "already known"
            assert len((await blocks(chain))[1]["transactions"]) == 1

    async def test_who_cannot_pay_is_refused_and_no_block_is_made(
        self, open_chain: OpenChain
    ) -> None:
        async with open_chain() as chain:
            refusal = "insufficient funds for gas * price + value"
            assert await submit(chain, Account(1).signed(TO, value=1)) == [refusal]
            assert await submit(chain, Account(1).signed(TO, gas_price=1)) == [refusal]
            assert chain.tip.height == 0

    async def test_what_stands_behind_one_that_cannot_be_executed_goes_on_waiting(
        self, open_chain: OpenChain
    ) -> None:
        account = Account(1)
        async with open_chain() as chain:
            await chain.set_balance(account.address, 100)
            spends_most = account.signed(TO, value=80)
            spends_more_than_is_left = account.signed(TO, value=80)
            stands_behind = account.signed(TO)
            answers = await submit(chain, spends_most, spends_more_than_is_left, stands_behind)
            assert answers[0].startswith("0x")
            assert answers[1] == "the transaction could not be executed"
            assert answers[2].startswith("0x")
            assert chain.waiting == 1
        async with open_chain() as chain:
            assert chain.waiting == 1
            (instead,) = await submit(chain, account.signed(TO, nonce=1))
            last = (await blocks(chain))[-1]
            assert [one["hash"] for one in last["transactions"]] == [instead, answers[2]]

    async def test_a_full_disk_refuses_and_changes_nothing(
        self, open_chain: OpenChain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = Account(1)
        first, second = account.signed(TO), account.signed(TO)
        async with open_chain() as chain:
            await submit(chain, first)

            def full(handle: int, data: bytes) -> int:
                raise OSError(errno.ENOSPC, "No space left on device")

            with monkeypatch.context() as disk:
                disk.setattr(os, "write", full)
                (answer,) = await submit(chain, second)
                assert "cannot be written: No space left on device" in answer
                with pytest.raises(RpcError, match="No space left"):
                    await chain.set_balance(TO, 1)
            assert len(await blocks(chain)) == 2
            (answer,) = await submit(chain, second)
            assert answer.startswith("0x")
            before = await blocks(chain)
        async with open_chain() as chain:
            assert await blocks(chain) == before

    async def test_a_killed_anvil_costs_nobody_an_answer(self, open_chain: OpenChain) -> None:
        accounts = [Account(1 + number) for number in range(20)]
        async with open_chain() as chain:
            await submit(chain, accounts[0].signed(TO))
            before = await blocks(chain)
            pid = chain.keeper.anvil_pid
            os.kill(pid, 9)
            await asyncio.to_thread(wait_until_ended, pid)
            answers = await asyncio.gather(
                *(submit(chain, account.signed(TO)) for account in accounts)
            )
            assert all(answer[0].startswith("0x") for answer in answers)
            assert (await blocks(chain))[:2] == before
            assert chain.keeper.anvil_pid != pid

    @pytest.mark.parametrize("moment", [mining.FORWARDED, mining.MINED])
    async def test_an_anvil_killed_within_a_block_costs_nobody_an_answer(
        self, open_chain: OpenChain, tmp_path: Path, moment: str
    ) -> None:
        account, killing = Account(1), KillsAnvil(tmp_path, moment, nth=3)
        async with open_chain(checkpoints=killing) as chain:
            answers = [(await submit(chain, account.signed(TO)))[0] for _ in range(5)]
            made = await blocks(chain)
            assert [one["hash"] for block in made for one in block["transactions"]] == answers
            assert [len(block["transactions"]) for block in made] == [0, 1, 1, 1, 1, 1]
        assert killing.left < 0

    async def test_an_anvil_killed_while_the_chain_is_rebuilt_is_started_again(
        self, open_chain: OpenChain, tmp_path: Path
    ) -> None:
        account = Account(1)
        async with open_chain() as chain:
            for _ in range(5):
                await submit(chain, account.signed(TO))
            before = await blocks(chain)
        killing = KillsAnvil(tmp_path, mining.FORWARDED, nth=3)
        async with open_chain(checkpoints=killing) as chain:
            assert await blocks(chain) == before
            assert chain.rebuilt.blocks == 5
        assert killing.left < 0
        assert ChainHome(tmp_path).files_set_aside() == []
