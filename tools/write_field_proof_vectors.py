"""Write the vectors that FieldProof.sol and `domain/proofs` are both tested with.

    python tools/write_field_proof_vectors.py > chaincode_tests/vectors/field_proof.json

The file is checked in; a change of it is a change of what every commitment made so far means.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Final

from tidan_node.domain.documents.policy import SCHEMA, read_policy
from tidan_node.domain.proofs.canonical import Scalar, canonical_bytes
from tidan_node.domain.proofs.commitment import commit
from tidan_node.domain.proofs.disclosure import Proof
from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.leaves import (
    absent_value_hash,
    figure_value_hash,
    leaf_hash,
    text_value_hash,
)
from tidan_node.domain.proofs.schema import schema_by_number
from tidan_node.domain.proofs.shapes import ScalarShape
from tidan_node.domain.proofs.tree import fold, keccak256

ROOT: Final = Path(__file__).resolve().parent.parent
POLICY: Final = ROOT / "node/tests/domain/documents/data/cargo-policy.json"
SECRET: Final = bytes(range(32))
VERSION: Final = 1

TEXTS: Final[tuple[Scalar, ...]] = (
    None, "", False, True, 0, "0", "null", -1, 0.5, 1e21,
    "MSC Gülsün", "提单", '"\\\n\u0007', "x" * 500,
)  # fmt: skip
SHOWN: Final = ("/policyNumber", "/sumInsured/amount", "/goods/0/grossWeight/value")
ABSENT: Final = (
    "/lossPayee/identifiers/3/value",
    "/endorsementNumber",
    "/goods/1",
    "/invoices/63/amount/currency",
    "/clauses/2/text",
)

Vector = dict[str, object]


def vectors() -> Vector:
    """All vectors, in the form of the file."""
    return {
        "about": "Written by tools/write_field_proof_vectors.py; do not edit.",
        "texts": [_text(value, place) for place, value in enumerate(TEXTS)],
        "fields": [*_shown(), _deepest()],
        "absences": _absences(),
    }


def _text(value: Scalar, place: int) -> Vector:
    salt, canonical = _sample(f"text {place}"), canonical_bytes(value)
    return {
        "value": value,
        "canonical": _hex(canonical),
        "salt": _hex(salt),
        "textHash": _hex(text_value_hash(salt, canonical)),
        "absentHash": _hex(absent_value_hash(salt)),
    }


def _shown() -> list[Vector]:
    schema = schema_by_number(SCHEMA)
    commitment = commit(read_policy(POLICY.read_bytes()), schema, secret=SECRET, version=VERSION)
    found = []
    for field in commitment.disclose(SHOWN).fields:
        proof, value = field.proof, field.value
        shape = schema.locate(proof.path).shape
        if isinstance(value, Figure):
            rule = shape.figure if isinstance(shape, ScalarShape) else None
            tag = rule.tag if rule else 0
            value_hash = figure_value_hash(proof.salt, value, schema=SCHEMA, tag=tag)
            stated: Vector = {
                "figure": {"amount": str(value.amount), "unit": value.unit, "scale": value.scale},
                "tag": tag,
                "packed": hex(value.packed(schema=SCHEMA, tag=tag)),
            }
        else:
            value_hash = text_value_hash(proof.salt, canonical_bytes(value))
            stated = {"value": value}
        found.append(_field(commitment.root, proof, value_hash) | stated)
    return found


def _absences() -> list[Vector]:
    schema = schema_by_number(SCHEMA)
    commitment = commit(read_policy(POLICY.read_bytes()), schema, secret=SECRET, version=VERSION)
    found = []
    for path in ABSENT:
        (proof,) = commitment.prove_absent(path).absences
        wanted = {"wantedPath": path, "wanted": hex(schema.locate(path).index)}
        found.append(_field(commitment.root, proof, absent_value_hash(proof.salt)) | wanted)
    return found


def _deepest() -> Vector:
    """A leaf 255 levels below the root: as deep as a position of 256 bits can be."""
    index = (1 << 255) | int.from_bytes(_sample("index"), "big") >> 1
    siblings = tuple(_sample(f"sibling {level}") for level in range(255))
    salt = _sample("salt")
    value_hash = text_value_hash(salt, canonical_bytes("deep"))
    root = fold(leaf_hash(SCHEMA, index, "/deep", value_hash), index, siblings)
    return _field(root, Proof("/deep", index, salt, siblings), value_hash) | {"value": "deep"}


def _field(root: bytes, proof: Proof, value_hash: bytes) -> Vector:
    return {
        "root": _hex(root),
        "schema": SCHEMA,
        "path": proof.path,
        "pathHash": _hex(keccak256(proof.path.encode())),
        "index": hex(proof.index),
        "salt": _hex(proof.salt),
        "valueHash": _hex(value_hash),
        "leaf": _hex(leaf_hash(SCHEMA, proof.index, proof.path, value_hash)),
        "siblings": [_hex(sibling) for sibling in proof.siblings],
    }


def _sample(name: str) -> bytes:
    return hashlib.sha256(f"tidan field proof vector: {name}".encode()).digest()


def _hex(data: bytes) -> str:
    return f"0x{data.hex()}"


if __name__ == "__main__":
    json.dump(vectors(), sys.stdout, indent=1, ensure_ascii=True)
    sys.stdout.write("\n")
