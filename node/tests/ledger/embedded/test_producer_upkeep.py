"""The chain's clock, and the snapshots that are kept while it goes on."""

from __future__ import annotations

import errno

import pytest

from tests.ledger.embedded.chains import Account
from tests.ledger.embedded.senders import OpenChain, blocks, read, submit

TO = "0x" + "22" * 20
NOW = 1_900_000_000


class SetClock:
    """A machine's clock that stands still until it is set."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now + 0.9


class TestTime:
    async def test_blocks_of_one_second_share_its_timestamp(self, open_chain: OpenChain) -> None:
        account = Account(1)
        async with open_chain(clock=SetClock()) as chain:
            for _ in range(5):
                await submit(chain, account.signed(TO))
            made = await blocks(chain)
            assert [int(block["timestamp"], 16) for block in made[1:]] == [NOW] * 5

    async def test_a_clock_that_goes_back_does_not_take_the_chain_with_it(
        self, open_chain: OpenChain
    ) -> None:
        account, clock = Account(1), SetClock()
        async with open_chain(clock=clock) as chain:
            await submit(chain, account.signed(TO))
            clock.now = NOW - 5000
            await submit(chain, account.signed(TO))
            before = await blocks(chain)
            assert int(before[2]["timestamp"], 16) == NOW
        async with open_chain(clock=clock) as chain:
            await submit(chain, account.signed(TO))
            made = await blocks(chain)
            assert made[:3] == before
            assert int(made[3]["timestamp"], 16) == NOW

    async def test_time_put_forward_stays_put_forward(self, open_chain: OpenChain) -> None:
        account, clock = Account(1), SetClock()
        async with open_chain(clock=clock) as chain:
            await chain.advance_time(1000)
            await chain.advance_time(24)
        clock.now += 7
        async with open_chain(clock=clock) as chain:
            await submit(chain, account.signed(TO))
            made = await blocks(chain)
            times = [int(block["timestamp"], 16) - NOW for block in made[1:]]
            assert times == [1000, 1024, 1031]

    async def test_estimates_after_a_restart_are_made_at_the_time_of_the_next_block(
        self, open_chain: OpenChain
    ) -> None:
        async with open_chain(clock=SetClock()) as chain:
            await submit(chain, Account(1).signed(TO))
        async with open_chain(clock=SetClock(NOW + 86_400)) as chain:
            pending = await read(chain, "eth_getBlockByNumber", "pending", False)
            assert 0 <= int(pending["timestamp"], 16) - NOW - 86_400 < 300


class TestSnapshots:
    async def test_a_snapshot_is_kept_every_so_many_blocks_and_two_stay(
        self, open_chain: OpenChain
    ) -> None:
        account = Account(1)
        async with open_chain(snapshot_every=3) as chain:
            for _ in range(10):
                await submit(chain, account.signed(TO))
            heights = [kept.height for kept in chain.snapshots.newest_first()]
            assert heights == [9, 6]
            assert chain.journal.begins_at == 2 * 6 + 1

    async def test_stopping_keeps_a_snapshot_of_the_last_block(self, open_chain: OpenChain) -> None:
        async with open_chain(stop=True) as chain:
            await submit(chain, Account(1).signed(TO))
        assert [kept.height for kept in chain.snapshots.newest_first()] == [1]
        async with open_chain(stop=True) as chain:
            pass
        assert [kept.height for kept in chain.snapshots.newest_first()] == [1]

    async def test_a_full_disk_leaves_the_chain_without_a_snapshot_but_running(
        self, open_chain: OpenChain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = Account(1)
        async with open_chain(snapshot_every=1) as chain:

            def full(snapshot: object) -> int:
                raise OSError(errno.ENOSPC, "No space left on device")

            monkeypatch.setattr(chain.snapshots, "write", full)
            for _ in range(2):
                (answer,) = await submit(chain, account.signed(TO))
                assert answer.startswith("0x")
            assert chain.snapshots.newest_first() == []
            before = await blocks(chain)
        async with open_chain() as chain:
            assert await blocks(chain) == before
