"""A block as far as the node cares: its number, its hash, the one before it, its time."""

from __future__ import annotations

from dataclasses import dataclass

from tidan_node.domain.identifiers import BlockHash


@dataclass(frozen=True, slots=True)
class BlockRef:
    """Which block, by number and by hash: reads say it, so that they can be checked."""

    number: int
    hash: BlockHash
    parent_hash: BlockHash
    timestamp: int
