"""A sparse binary tree whose every position has one number: the root is 1, its children 2 and 3."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from Crypto.Hash import keccak

ROOT: Final = 1
DEPTH_LIMIT: Final = 255
"""A position is a uint256 on the chain, so that a leaf stands at most this deep."""


def keccak256(data: bytes) -> bytes:
    return keccak.new(digest_bits=256, data=data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node. Its input has 64 bytes, a leaf's has 32: neither passes for the
    other."""
    return keccak256(left + right)


def depth_of(index: int) -> int:
    return index.bit_length() - 1


def is_at_or_below(ancestor: int, index: int) -> bool:
    """Whether `index` is `ancestor` itself or lies in the subtree under it."""
    below = depth_of(index) - depth_of(ancestor)
    return below >= 0 and index >> below == ancestor


def fold(leaf: bytes, index: int, siblings: Sequence[bytes]) -> bytes:
    """The root that follows from a leaf, its position, and the siblings from the leaf upwards."""
    if len(siblings) != depth_of(index):
        raise ValueError("a path has one sibling for each level of its position")
    node = leaf
    for sibling in siblings:
        node = node_hash(sibling, node) if index & 1 else node_hash(node, sibling)
        index >>= 1
    return node


class Tree:
    """All nodes that the given leaves and their siblings need; the rest is padding, never built."""

    def __init__(self, leaves: Mapping[int, bytes], padding: Callable[[int], bytes]) -> None:
        self._nodes = dict(leaves)
        levels: dict[int, set[int]] = defaultdict(set)
        for index in leaves:
            levels[depth_of(index)].add(index)
        deepest = max(levels, default=0)
        if not leaves or min(leaves) < ROOT or deepest > DEPTH_LIMIT:
            raise ValueError("a tree needs leaves, none of them above the root or too deep")
        for depth in range(deepest, 0, -1):
            for parent in {index >> 1 for index in levels[depth]}:
                if parent in self._nodes:
                    raise ValueError("a leaf stands above another leaf")
                children = (2 * parent, 2 * parent + 1)
                for child in children:
                    if child not in self._nodes:
                        self._nodes[child] = padding(child)
                self._nodes[parent] = node_hash(*(self._nodes[child] for child in children))
                levels[depth - 1].add(parent)

    @property
    def root(self) -> bytes:
        return self._nodes[ROOT]

    def prove(self, index: int) -> tuple[bytes, ...]:
        """The siblings of a node that was built, from its own level upwards."""
        siblings = []
        while index > ROOT:
            siblings.append(self._nodes[index ^ 1])
            index >>= 1
        return tuple(siblings)
