"""A document's content root, and the disclosures that its holder can make from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.proofs.disclosure import DisclosedField, Disclosure, Proof
from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.leaves import (
    absent_value_hash,
    figure_value_hash,
    leaf_hash,
    text_value_hash,
)
from tidan_node.domain.proofs.placement import Absent, Content, Document, Placement, place
from tidan_node.domain.proofs.problems import NotCommitted
from tidan_node.domain.proofs.salts import Salts
from tidan_node.domain.proofs.schema import Position, Schema
from tidan_node.domain.proofs.shapes import ScalarShape
from tidan_node.domain.proofs.tree import Tree, is_at_or_below


@dataclass(frozen=True, slots=True)
class _Leaf:
    position: Position
    content: Content
    salt: bytes


class Commitment:
    """All of a document, committed to under one root."""

    def __init__(self, schema: Schema, tree: Tree, leaves: dict[int, _Leaf]) -> None:
        self._schema = schema
        self._tree = tree
        self._leaves = leaves

    @property
    def root(self) -> bytes:
        """The content root: 32 bytes, all that the chain learns of the document."""
        return self._tree.root

    def disclose(self, paths: Iterable[str], *, absent: Iterable[str] = ()) -> Disclosure:
        """Show what stands at `paths`, and that nothing stands at `absent`.

        The path of an object or an array shows all the fields in it. The unit of a figure is shown
        with the figure, which states it anyhow.
        """
        shown: dict[int, _Leaf] = {}
        for path in paths:
            for leaf in self._values_under(self._schema.locate(path)):
                shown[leaf.position.index] = leaf
                unit = self._unit_of(leaf)
                if unit is not None:
                    shown[unit.position.index] = unit
        for path in absent:
            leaf = self._absence_over(self._schema.locate(path))
            shown[leaf.position.index] = leaf
        fields, absences = [], []
        for index, leaf in sorted(shown.items()):
            proof = Proof(leaf.position.path, index, leaf.salt, self._tree.prove(index))
            if isinstance(leaf.content, Absent):
                absences.append(proof)
            else:
                fields.append(DisclosedField(proof, leaf.content))
        return Disclosure(self._schema.number, tuple(fields), tuple(absences))

    def prove_absent(self, path: str) -> Disclosure:
        """Show that nothing stands at `path`, nor below it, and nothing else."""
        return self.disclose((), absent=(path,))

    def _values_under(self, position: Position) -> list[_Leaf]:
        exactly = self._leaves.get(position.index)
        found = [exactly] if exactly else self._leaves_below(position.index)
        values = [leaf for leaf in found if not isinstance(leaf.content, Absent)]
        if not values:
            raise NotCommitted("the document has no such field", field=position.path)
        return values

    def _leaves_below(self, ancestor: int) -> list[_Leaf]:
        return [leaf for index, leaf in self._leaves.items() if is_at_or_below(ancestor, index)]

    def _unit_of(self, leaf: _Leaf) -> _Leaf | None:
        path = self._schema.unit_path(leaf.position.path)
        return None if path is None else self._leaves[self._schema.locate(path).index]

    def _absence_over(self, position: Position) -> _Leaf:
        index = position.index
        while index:
            leaf = self._leaves.get(index)
            if leaf is not None and isinstance(leaf.content, Absent):
                return leaf
            index >>= 1
        raise NotCommitted("the document has this field", field=position.path)


def commit(document: Document, schema: Schema, *, secret: bytes, version: int) -> Commitment:
    """Commit to every field of the document, and to the absence of every other."""
    salts = Salts(secret, version)
    leaves: dict[int, _Leaf] = {}
    hashes: dict[int, bytes] = {}
    for placement in place(document, schema):
        leaf, value_hash = _salted(placement, schema, salts)
        position = placement.position
        leaves[position.index] = leaf
        hashes[position.index] = leaf_hash(schema.number, position.index, position.path, value_hash)
    return Commitment(schema, Tree(hashes, salts.padding), leaves)


def _salted(placement: Placement, schema: Schema, salts: Salts) -> tuple[_Leaf, bytes]:
    position, content = placement.position, placement.content
    if isinstance(content, Figure):
        salt = salts.of_figure(position.path)
        rule = position.shape.figure if isinstance(position.shape, ScalarShape) else None
        tag = rule.tag if rule else 0
        value_hash = figure_value_hash(salt, content, schema=schema.number, tag=tag)
    else:
        salt = salts.of_text(position.path)
        if isinstance(content, Absent):
            value_hash = absent_value_hash(salt)
        else:
            value_hash = text_value_hash(salt, canonical_bytes(content))
    return _Leaf(position, content, salt), value_hash
