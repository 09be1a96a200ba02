"""The block that an answer says it was true at, and whether this chain has that block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.findings import Behind
from tidan_node.audit.node import Answer
from tidan_node.domain.events import ChainEvent
from tidan_node.ledger.blocks import BlockRef


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a node says that it stands."""

    block: int
    hash: str


def stand_of(said: Answer | None, otherwise: Answer | None = None) -> Stand | None:
    """The block that the answer names; that of another answer where this one is missing."""
    as_of = otherwise if said is None else said.get("asOf")
    if not isinstance(as_of, Mapping):
        return None
    block = as_of.get("block")
    return Stand(block, str(as_of.get("hash"))) if type(block) is int else None


def behind(events: Iterable[ChainEvent], stand: Stand | None, head: BlockRef) -> Behind | None:
    """How far a node that stands there is behind these events; None where it misses none."""
    if stand is None:
        return None
    unseen = sum(each.origin.block_number > stand.block for each in events)
    return Behind(head.number - stand.block, unseen) if unseen else None


async def elsewhere(chain: AuditedChain, stands: Iterable[Stand], head: BlockRef) -> set[Stand]:
    """Those that are none of this chain. The head was asked for after the node: a block above it is
    none of this chain either."""
    asked = set(stands)
    possible = sorted({each.block for each in asked if 0 <= each.block <= head.number})
    there = dict(zip(possible, await chain.blocks(possible), strict=True))
    hashes = {number: None if block is None else block.hash for number, block in there.items()}
    return {each for each in asked if hashes.get(each.block) != each.hash}
