"""The sparse tree and its paths."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.proofs.tree import (
    Tree,
    depth_of,
    fold,
    is_at_or_below,
    keccak256,
    node_hash,
)

LEAF, OTHER = keccak256(b"leaf"), keccak256(b"other")
POSITIONS = st.integers(2, 2**12 - 1)


def padding(index: int) -> bytes:
    return keccak256(b"padding" + index.to_bytes(32, "big"))


@st.composite
def leaf_positions(draw: st.DrawFn) -> list[int]:
    """Positions of which none lies under another."""
    kept: list[int] = []
    for index in draw(st.lists(POSITIONS, min_size=1, max_size=12)):
        if not any(is_at_or_below(index, other) or is_at_or_below(other, index) for other in kept):
            kept.append(index)
    return kept


class TestKeccak256:
    def test_it_is_ethereums_hash(self) -> None:
        # keccak256 of nothing, as in the yellow paper's empty code hash
        assert keccak256(b"").hex() == (
            "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
        )


class TestRoot:
    def test_of_two_leaves_is_the_hash_of_both_in_their_order(self) -> None:
        tree = Tree({2: LEAF, 3: OTHER}, padding)
        assert tree.root == node_hash(LEAF, OTHER) != node_hash(OTHER, LEAF)

    def test_of_a_lonely_leaf_is_built_with_padding(self) -> None:
        tree = Tree({5: LEAF}, padding)
        assert tree.root == node_hash(node_hash(padding(4), LEAF), padding(3))

    def test_of_the_leaf_at_the_root_is_the_leaf(self) -> None:
        assert Tree({1: LEAF}, padding).root == LEAF

    @pytest.mark.parametrize("leaves", [{}, {0: LEAF}, {-1: LEAF}, {1 << 256: LEAF}])
    def test_of_positions_that_do_not_exist_is_refused(self, leaves: dict[int, bytes]) -> None:
        with pytest.raises(ValueError, match="a tree needs leaves"):
            Tree(leaves, padding)

    @pytest.mark.parametrize("below", [6, 13, 1 << 200 | 1 << 199])
    def test_of_a_leaf_above_another_is_refused(self, below: int) -> None:
        above = 3
        with pytest.raises(ValueError, match="above another"):
            Tree({above: LEAF, below: OTHER}, padding)


class TestProve:
    @settings(deadline=None)
    @given(leaf_positions())
    def test_every_leaf_folds_to_the_root(self, positions: list[int]) -> None:
        leaves = {index: keccak256(index.to_bytes(32, "big")) for index in positions}
        tree = Tree(leaves, padding)
        for index, leaf in leaves.items():
            assert fold(leaf, index, tree.prove(index)) == tree.root

    @settings(deadline=None)
    @given(leaf_positions(), st.data())
    def test_no_other_leaf_and_no_other_position_folds_to_it(
        self, positions: list[int], data: st.DataObject
    ) -> None:
        leaves = {index: keccak256(index.to_bytes(32, "big")) for index in positions}
        tree = Tree(leaves, padding)
        index = data.draw(st.sampled_from(positions))
        siblings = tree.prove(index)
        assert fold(OTHER, index, siblings) != tree.root
        elsewhere = index ^ 1 << data.draw(st.integers(0, depth_of(index) - 1))
        assert fold(leaves[index], elsewhere, siblings) != tree.root

    def test_the_deepest_position_has_255_siblings(self) -> None:
        index = (1 << 256) - 1
        tree = Tree({index: LEAF}, padding)
        siblings = tree.prove(index)
        assert len(siblings) == 255
        assert fold(LEAF, index, siblings) == tree.root


class TestFold:
    @pytest.mark.parametrize("siblings", [(), (OTHER,), (OTHER,) * 3])
    def test_needs_as_many_siblings_as_the_position_is_deep(
        self, siblings: tuple[bytes, ...]
    ) -> None:
        with pytest.raises(ValueError, match="one sibling for each level"):
            fold(LEAF, 5, siblings)


class TestIsAtOrBelow:
    def test_a_position_is_below_itself_and_its_ancestors_only(self) -> None:
        assert [ancestor for ancestor in range(1, 16) if is_at_or_below(ancestor, 13)] == [
            1,
            3,
            6,
            13,
        ]
