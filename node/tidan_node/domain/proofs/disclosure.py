"""What a holder shows of a document, and how it is checked against the content root."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tidan_node.domain.proofs.canonical import Scalar, canonical_bytes, is_nfc
from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.leaves import (
    FIELD_ORDER,
    absent_value_hash,
    figure_value_hash,
    leaf_hash,
    text_value_hash,
)
from tidan_node.domain.proofs.problems import PathUnknown, ProofRefused
from tidan_node.domain.proofs.schema import Position, Schema
from tidan_node.domain.proofs.shapes import ScalarShape
from tidan_node.domain.proofs.tree import depth_of, fold, is_at_or_below

_HASH_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Proof:
    """Where a leaf stands, its salt, and the siblings that lead from it to the root.

    On its own it proves an absence: that nothing stands at the path, nor below it.
    """

    path: str
    index: int
    salt: bytes
    siblings: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class DisclosedField:
    """A value, and the proof that it stands at its path."""

    proof: Proof
    value: Scalar | Figure


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Fields and absences of one document, each with its own proof, in the order of positions."""

    schema: int
    fields: tuple[DisclosedField, ...]
    absences: tuple[Proof, ...]

    def verify(self, root: bytes, schema: Schema) -> Disclosed:
        """What is proven under `root`; refuses the whole when one part of it does not hold."""
        if self.schema != schema.number:
            raise ProofRefused(f"is for schema {self.schema}, not {schema.number}", rule="schema")
        _in_order(field.proof for field in self.fields)
        _in_order(self.absences)
        values: dict[str, Scalar | Figure] = {}
        for field in self.fields:
            position = _position(field.proof, schema)
            _leads_to(root, field.proof, schema, _value_hash(field, position, schema))
            values[position.path] = field.value
        absences = []
        for absence in self.absences:
            absences.append(_position(absence, schema))
            _leads_to(root, absence, schema, absent_value_hash(absence.salt))
        disclosed = Disclosed(schema, MappingProxyType(values), tuple(absences))
        disclosed.check_units()
        return disclosed


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What a verified disclosure says."""

    schema: Schema
    values: Mapping[str, Scalar | Figure]
    absences: tuple[Position, ...]

    def is_absent(self, path: str) -> bool:
        """Whether it is proven that nothing stands at `path`; False says nothing was proven."""
        index = self.schema.locate(path).index
        return any(is_at_or_below(absence.index, index) for absence in self.absences)

    def check_units(self) -> None:
        """A figure must come with the field that names its unit, and the two must agree."""
        for path, value in self.values.items():
            if not isinstance(value, Figure):
                continue
            unit_path = self.schema.unit_path(path)
            if unit_path is None:
                continue
            stated = "" if self.is_absent(unit_path) else self.values.get(unit_path)
            if stated != value.unit:
                raise ProofRefused(
                    f"is in {value.unit!r}, which {unit_path} does not confirm",
                    field=path,
                    rule="unit",
                )


def _in_order(proofs: Iterable[Proof]) -> None:
    for before, after in itertools.pairwise(proofs):
        if before.index >= after.index:
            raise ProofRefused(
                "is there twice, or not in the order of positions", field=after.path, rule="order"
            )


def _position(proof: Proof, schema: Schema) -> Position:
    try:
        position = schema.locate(proof.path)
    except PathUnknown as problem:
        raise ProofRefused(problem.detail, field=proof.path, rule="path") from problem
    depth = depth_of(position.index)
    if proof.index != position.index:
        raise ProofRefused("has the index of another path", field=proof.path, rule="index")
    if len(proof.salt) != _HASH_BYTES:
        raise ProofRefused("has a salt that is not 32 bytes", field=proof.path, rule="salt")
    if len(proof.siblings) != depth:
        raise ProofRefused(
            f"has {len(proof.siblings)} siblings where its position needs {depth}",
            field=proof.path,
            rule="siblings",
        )
    if any(len(sibling) != _HASH_BYTES for sibling in proof.siblings):
        raise ProofRefused("has a sibling that is not 32 bytes", field=proof.path, rule="siblings")
    return position


def _value_hash(field: DisclosedField, position: Position, schema: Schema) -> bytes:
    proof, value, shape = field.proof, field.value, position.shape
    if not isinstance(shape, ScalarShape):
        raise ProofRefused("has parts, and no value of its own", field=proof.path, rule="kind")
    rule = shape.figure
    if rule is not None:
        if not isinstance(value, Figure) or not rule.admits(value):
            raise ProofRefused("is not a figure of this field", field=proof.path, rule="kind")
        if int.from_bytes(proof.salt, "big") >= FIELD_ORDER:
            raise ProofRefused("has a salt outside the field", field=proof.path, rule="salt")
        return figure_value_hash(proof.salt, value, schema=schema.number, tag=rule.tag)
    if isinstance(value, Figure) or not shape.admits(value):
        raise ProofRefused("is not of the schema's type", field=proof.path, rule="kind")
    if isinstance(value, str) and not is_nfc(value):
        raise ProofRefused("is not in normalisation form C", field=proof.path, rule="value")
    return text_value_hash(proof.salt, canonical_bytes(value))


def _leads_to(root: bytes, proof: Proof, schema: Schema, value_hash: bytes) -> None:
    leaf = leaf_hash(schema.number, proof.index, proof.path, value_hash)
    if fold(leaf, proof.index, proof.siblings) != root:
        raise ProofRefused("does not lead to the content root", field=proof.path, rule="root")
