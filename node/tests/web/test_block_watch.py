"""A chain that should make blocks all the time, and does not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tidan_node.domain.identifiers import BlockHash
from tidan_node.ledger.blocks import BlockRef
from tidan_node.web.block_watch import BlockWatch
from tidan_node.web.health import NotReady


@dataclass
class Standing:
    """A chain and a clock that go on when they are told to."""

    number: int = 7
    now: float = 0.0

    async def head(self) -> BlockRef:
        name = BlockHash(f"0x{self.number:064x}")
        return BlockRef(self.number, name, BlockHash(f"0x{self.number - 1:064x}"), 0)

    def watch(self, period: int) -> BlockWatch:
        return BlockWatch(self.head, period, lambda: self.now)


async def test_a_chain_that_has_stood_still_for_long_is_named_with_its_last_block() -> None:
    chain = Standing()
    watch = chain.watch(1)
    await watch.look()
    chain.now = 20.0
    with pytest.raises(NotReady, match="7 has been the last for 20 s"):
        await watch.look()


async def test_a_block_that_is_only_late_is_waited_for() -> None:
    chain = Standing()
    watch = chain.watch(1)
    await watch.look()
    chain.now = 14.0
    await watch.look()


async def test_a_slower_chain_is_given_more_time() -> None:
    chain = Standing()
    watch = chain.watch(5)
    await watch.look()
    chain.now = 49.0
    await watch.look()
    chain.now = 51.0
    with pytest.raises(NotReady):
        await watch.look()


async def test_one_that_goes_on_again_is_well_again() -> None:
    chain = Standing()
    watch = chain.watch(1)
    await watch.look()
    chain.now, chain.number = 20.0, 8
    await watch.look()
    chain.now = 30.0
    await watch.look()


async def test_one_that_makes_blocks_of_transactions_alone_has_never_halted() -> None:
    chain = Standing()
    watch = chain.watch(0)
    await watch.look()
    chain.now = 1e6
    await watch.look()
