"""What leaves are made of."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.leaves import (
    FIELD_ORDER,
    absent_value_hash,
    figure_value_hash,
    leaf_hash,
    poseidon,
    text_value_hash,
)
from tidan_node.domain.proofs.tree import keccak256

LIGHT_POSEIDON = bytes(
    [
        *(13, 84, 225, 147, 143, 138, 140, 28, 125, 235, 94, 3, 85, 242, 99, 25),
        *(32, 123, 132, 254, 156, 162, 206, 27, 38, 231, 53, 200, 41, 130, 25, 144),
    ]
)
SALT = bytes(31) + b"\x07"


class TestPoseidon:
    @pytest.mark.parametrize(
        ("left", "right", "expected"),
        [
            # circomlibjs, test/poseidon.js: poseidon([1, 2])
            (1, 2, 7853200120776062878684798364095072458815029376092732009249414926327459813530),
            # light-poseidon, docs.rs, PoseidonBytesHasher: [1u8; 32] and [2u8; 32], big-endian
            (
                int.from_bytes(b"\x01" * 32, "big"),
                int.from_bytes(b"\x02" * 32, "big"),
                int.from_bytes(LIGHT_POSEIDON, "big"),
            ),
            # Z_1 of zk-kit's IncrementalBinaryTree.sol
            (0, 0, 14744269619966411208579211824598458697587494354926760081771325075741142829156),
        ],
    )
    def test_published_vectors(self, left: int, right: int, expected: int) -> None:
        assert poseidon(left, right) == expected

    @pytest.mark.parametrize(
        ("left", "right"), [(FIELD_ORDER, 1), (1, FIELD_ORDER), (FIELD_ORDER + 1, 2), (-1, 2)]
    )
    def test_a_second_name_of_an_element_is_refused(self, left: int, right: int) -> None:
        with pytest.raises(ValueError, match="scalar field"):
            poseidon(left, right)

    def test_the_largest_element_is_no_other_one(self) -> None:
        assert len({poseidon(FIELD_ORDER - 1, 2), poseidon(0, 2), poseidon(1, 2)}) == 3


class TestLeafHash:
    def test_it_hashes_what_abi_encode_gives_twice(self) -> None:
        path, value_hash, index = "/charges/0/currencyAmount", keccak256(b"value"), 1 << 200 | 5
        encoded = encode(
            ["uint16", "uint256", "bytes32", "bytes32"],
            [1, index, keccak256(path.encode()), value_hash],
        )
        assert leaf_hash(1, index, path, value_hash) == keccak256(keccak256(encoded))

    def test_schema_index_path_and_value_all_count(self) -> None:
        value = keccak256(b"value")
        hashes = {
            leaf_hash(1, 5, "/a", value),
            leaf_hash(2, 5, "/a", value),
            leaf_hash(1, 4, "/a", value),
            leaf_hash(1, 5, "/b", value),
            leaf_hash(1, 5, "/a", keccak256(value)),
        }
        assert len(hashes) == 5


class TestValueHashes:
    @settings(deadline=None)
    @given(st.binary(max_size=80), st.binary(max_size=80))
    def test_an_absence_is_no_text_whatever_the_text(self, text: bytes, salt: bytes) -> None:
        # Salts have 32 bytes; even one of another length would not bring the two together.
        assert absent_value_hash(salt + text) != text_value_hash(salt, text)

    def test_a_text_of_a_figure_is_no_figure(self) -> None:
        figure = Figure(5, "EUR", 2)
        assert figure_value_hash(SALT, figure, schema=1, tag=1) != text_value_hash(SALT, b"0.05")

    def test_everything_in_a_figure_counts(self) -> None:
        hashes = {
            figure_value_hash(SALT, Figure(5, "EUR", 2), schema=1, tag=1),
            figure_value_hash(SALT, Figure(-5, "EUR", 2), schema=1, tag=1),
            figure_value_hash(SALT, Figure(5, "EUR", 3), schema=1, tag=1),
            figure_value_hash(SALT, Figure(5, "USD", 2), schema=1, tag=1),
            figure_value_hash(SALT, Figure(5, "EUR", 2), schema=2, tag=1),
            figure_value_hash(SALT, Figure(5, "EUR", 2), schema=1, tag=2),
            figure_value_hash(bytes(31) + b"\x08", Figure(5, "EUR", 2), schema=1, tag=1),
        }
        assert len(hashes) == 7
