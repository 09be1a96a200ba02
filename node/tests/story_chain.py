"""The chain of a story, as it is read about records: what it told, what its contracts keep."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.audit.contracts import view
from tests.story import GENESIS_TIME, Story, hex_of
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import BlockHash
from tidan_node.indexer.event_rows import record_of
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call
from tidan_node.ledger.rpc import ChainUnreachable, RpcError


def block_of_story(number: int) -> BlockRef:
    return BlockRef(
        number=number,
        hash=BlockHash(hex_of("main", "block", number)),
        parent_hash=BlockHash(hex_of("main", "block", number - 1)),
        timestamp=GENESIS_TIME + 5 * number,
    )


@dataclass
class RecordsOfStory:
    """All that the story has told up to its last whole block."""

    story: Story
    reachable: bool = True
    remembers_from: int = 0
    """The first block whose state is not forgotten."""
    block_named: Callable[[int], BlockRef] = block_of_story
    kept: Callable[[Call, tuple[Any, ...]], tuple[Any, ...]] = field(default=lambda _, kept: kept)
    """What a contract keeps, in place of what it should (Any: as views answer)."""

    async def head(self) -> BlockRef:
        self._answer()
        return self.block_named(self._last)

    async def blocks(self, numbers: Sequence[int]) -> list[BlockRef | None]:
        self._answer()
        return [self.block_named(each) if each <= self._last else None for each in numbers]

    async def events_in(
        self, numbers: Sequence[int], contract: str, record: str
    ) -> list[ChainEvent]:
        self._answer()
        assert all(0 <= number <= self._last for number in numbers)
        return [
            each
            for each in self._told(self._last)
            if each.origin.block_number in numbers and record_of(each.event) == record
        ]

    async def views(self, calls: Sequence[Call], block: int) -> list[tuple[Any, ...]]:
        self._answer()
        if not self.remembers_from <= block <= self._last:
            raise RpcError(-32000, "missing trie node")
        then = copy.copy(self.story)
        then.events = self._told(block)
        return [self.kept(call, view(then, call)) for call in calls]

    @property
    def _last(self) -> int:
        return self.story.block - 1

    def _told(self, block: int) -> list[ChainEvent]:
        return [each for each in self.story.events if each.origin.block_number <= block]

    def _answer(self) -> None:
        if not self.reachable:
            raise ChainUnreachable("the chain is away")
