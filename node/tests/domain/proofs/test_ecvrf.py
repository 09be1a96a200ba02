"""ECVRF-P256-SHA256-TAI against the vectors of its RFC, and against what is not a proof."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.proofs.ecvrf import (
    ORDER,
    output_of,
    prove,
    public_key_of,
    validate_public_key,
    verify,
)
from tidan_node.domain.proofs.problems import NumberingRefused

PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1


class Vector(NamedTuple):
    secret: int
    public_key: bytes
    alpha: bytes
    proof: bytes
    output: bytes


# RFC 9381 appendix B.1, examples 10, 11 and 12
VECTORS = [
    Vector(
        0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721,
        bytes.fromhex("0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"),
        b"sample",
        bytes.fromhex(
            "035b5c726e8c0e2c488a107c600578ee75cb702343c153cb1eb8dec77f4b5071b4"
            "a53f0a46f018bc2c56e58d383f2305e0"
            "975972c26feea0eb122fe7893c15af376b33edf7de17c6ea056d4d82de6bc02f"
        ),
        bytes.fromhex("a3ad7b0ef73d8fc6655053ea22f9bede8c743f08bbed3d38821f0e16474b505e"),
    ),
    Vector(
        0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721,
        bytes.fromhex("0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"),
        b"test",
        bytes.fromhex(
            "034dac60aba508ba0c01aa9be80377ebd7562c4a52d74722e0abae7dc3080ddb56"
            "c19e067b15a8a8174905b13617804534"
            "214f935b94c2287f797e393eb0816969d864f37625b443f30f1a5a33f2b3c854"
        ),
        bytes.fromhex("a284f94ceec2ff4b3794629da7cbafa49121972671b466cab4ce170aa365f26d"),
    ),
    Vector(
        0x2CA1411A41B17B24CC8C3B089CFD033F1920202A6C0DE8ABB97DF1498D50D2C8,
        bytes.fromhex("03596375e6ce57e0f20294fc46bdfcfd19a39f8161b58695b3ec5b3d16427c274d"),
        b"Example using ECDSA key from Appendix L.4.2 of ANSI.X9-62-2005",
        bytes.fromhex(
            "03d03398bf53aa23831d7d1b2937e005fb0062cbefa06796579f2a1fc7e7b8c667"
            "d091c00b0f5c3619d10ecea44363b5a5"
            "99cadc5b2957e223fec62e81f7b4825fc799a771a3d7334b9186bdbee87316b1"
        ),
        bytes.fromhex("90871e06da5caa39a3c61578ebb844de8635e27ac0b13e829997d0d95dd98c19"),
    ),
]
VECTOR = VECTORS[0]


@pytest.mark.parametrize("vector", VECTORS)
class TestVectors:
    def test_the_key_is_the_rfcs(self, vector: Vector) -> None:
        assert public_key_of(vector.secret) == vector.public_key

    def test_the_proof_is_the_rfcs_to_the_byte(self, vector: Vector) -> None:
        assert prove(vector.secret, vector.alpha) == vector.proof

    def test_the_output_is_the_rfcs(self, vector: Vector) -> None:
        assert verify(vector.public_key, vector.alpha, vector.proof) == vector.output
        assert output_of(vector.proof) == vector.output


class TestVerify:
    @settings(deadline=None, max_examples=30)
    @given(st.integers(1, ORDER - 1), st.binary(max_size=100))
    def test_every_proof_holds_and_there_is_one_for_a_key_and_a_number(
        self, secret: int, alpha: bytes
    ) -> None:
        proof = prove(secret, alpha)
        assert verify(public_key_of(secret), alpha, proof) == output_of(proof)
        assert proof == prove(secret, alpha)

    def test_another_number_is_refused(self) -> None:
        with pytest.raises(NumberingRefused, match="this number"):
            verify(VECTOR.public_key, b"Sample", VECTOR.proof)

    def test_another_key_is_refused(self) -> None:
        with pytest.raises(NumberingRefused, match="this key"):
            verify(VECTORS[2].public_key, VECTOR.alpha, VECTOR.proof)

    def test_every_byte_of_a_proof_counts(self) -> None:
        for at in range(len(VECTOR.proof)):
            altered = bytearray(VECTOR.proof)
            altered[at] ^= 1
            with pytest.raises(NumberingRefused):
                verify(VECTOR.public_key, VECTOR.alpha, bytes(altered))

    @pytest.mark.parametrize("proof", [b"", VECTOR.proof[:-1], VECTOR.proof + b"\x00"])
    def test_a_proof_of_another_length_is_refused(self, proof: bytes) -> None:
        with pytest.raises(NumberingRefused, match="not 81"):
            verify(VECTOR.public_key, VECTOR.alpha, proof)

    def test_a_response_beyond_the_order_is_refused_though_it_is_congruent(self) -> None:
        response = int.from_bytes(VECTOR.proof[49:], "big")
        for beyond in (ORDER, 2**256 - 1, response + ORDER):
            if beyond < 2**256:
                proof = VECTOR.proof[:49] + beyond.to_bytes(32, "big")
                with pytest.raises(NumberingRefused, match="below the order"):
                    verify(VECTOR.public_key, VECTOR.alpha, proof)

    def test_the_negative_of_the_proofs_point_is_refused(self) -> None:
        with pytest.raises(NumberingRefused, match="this key"):
            verify(VECTOR.public_key, VECTOR.alpha, b"\x02" + VECTOR.proof[1:])


class TestPoints:
    @pytest.mark.parametrize(
        ("key", "why"),
        [
            (b"", "compressed"),
            (b"\x00", "compressed"),  # the point at infinity in SEC 1
            (b"\x00" * 33, "compressed"),
            (b"\x04" + VECTOR.public_key[1:], "compressed"),
            (b"\x04" + b"\x01" * 64, "compressed"),
            (VECTOR.public_key[:-1], "compressed"),
            (VECTOR.public_key + b"\x00", "compressed"),
            (b"-----BEGIN PUBLIC KEY-----\n", "compressed"),
            (b"\x02" + (1).to_bytes(32, "big"), "not on the curve"),
            # x = p + 5: the same point as x = 5, which is on the curve
            (b"\x02" + (PRIME + 5).to_bytes(32, "big"), "beyond the field"),
            (b"\x03" + b"\xff" * 32, "beyond the field"),
        ],
    )
    def test_what_is_not_the_one_encoding_of_a_point_is_refused(self, key: bytes, why: str) -> None:
        with pytest.raises(NumberingRefused, match=why):
            validate_public_key(key)
        with pytest.raises(NumberingRefused, match=why):
            verify(key, VECTOR.alpha, VECTOR.proof)
        if len(key) == 33:
            with pytest.raises(NumberingRefused, match=why):
                verify(VECTOR.public_key, VECTOR.alpha, key + VECTOR.proof[33:])

    def test_a_point_is_accepted(self) -> None:
        validate_public_key(b"\x02" + (5).to_bytes(32, "big"))


class TestPublicKeyOf:
    @pytest.mark.parametrize("secret", [0, -1, ORDER, ORDER + 1])
    def test_a_scalar_out_of_range_is_refused(self, secret: int) -> None:
        with pytest.raises(ValueError, match="scalar"):
            public_key_of(secret)
