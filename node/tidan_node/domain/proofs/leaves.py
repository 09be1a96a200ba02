"""What a leaf is made of: text, figures that circuits can open, and absences, never confused."""

from __future__ import annotations

from typing import Final

from light_poseidon_python import poseidon_hash

from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.tree import keccak256

FIELD_ORDER: Final = 21888242871839275222246405745257275088548364400416034343698204186575808495617
"""The order of BN254's scalar field, over which the circuits compute."""

_ABSENT: Final = b"\x00"
_TEXT: Final = b"\x01"


def leaf_hash(schema: int, index: int, path: str, value_hash: bytes) -> bytes:
    """The leaf of a value: keccak(keccak(abi.encode(schema, index, keccak(path), valueHash)))."""
    return keccak256(
        keccak256(
            schema.to_bytes(32, "big")
            + index.to_bytes(32, "big")
            + keccak256(path.encode())
            + value_hash
        )
    )


def text_value_hash(salt: bytes, canonical: bytes) -> bytes:
    """The hash of everything that is no figure: its salt and its RFC 8785 form."""
    return keccak256(_TEXT + salt + canonical)


def absent_value_hash(salt: bytes) -> bytes:
    """The hash that says: nothing stands here, nor anywhere below."""
    return keccak256(_ABSENT + salt)


def figure_value_hash(salt: bytes, figure: Figure, *, schema: int, tag: int) -> bytes:
    """Poseidon over the packed figure and its salt."""
    packed = figure.packed(schema=schema, tag=tag)
    return poseidon(packed, int.from_bytes(salt, "big")).to_bytes(32, "big")


def poseidon(left: int, right: int) -> int:
    """circomlib's Poseidon of two elements. The library would reduce larger numbers in silence, and
    two openings of one commitment would be the result."""
    if not (0 <= left < FIELD_ORDER and 0 <= right < FIELD_ORDER):
        raise ValueError("Poseidon takes elements of the scalar field")
    return int(poseidon_hash([str(left), str(right)]))
