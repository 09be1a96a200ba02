"""The vectors that FieldProof.sol is tested with too."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.leaves import (
    absent_value_hash,
    figure_value_hash,
    leaf_hash,
    text_value_hash,
)
from tidan_node.domain.proofs.tree import fold, is_at_or_below, keccak256


def unhex(value: str) -> bytes:
    return bytes.fromhex(value.removeprefix("0x"))


class TestVectors:
    def test_the_file_is_what_its_tool_writes(self, vectors: dict[str, Any]) -> None:
        tool = Path(__file__).resolve().parents[4] / "tools" / "write_field_proof_vectors.py"
        spec = importlib.util.spec_from_file_location("write_field_proof_vectors", tool)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert json.loads(json.dumps(module.vectors())) == vectors

    def test_texts(self, vectors: dict[str, Any]) -> None:
        for text in vectors["texts"]:
            salt, canonical = unhex(text["salt"]), canonical_bytes(text["value"])
            assert canonical == unhex(text["canonical"])
            assert text_value_hash(salt, canonical) == unhex(text["textHash"])
            assert absent_value_hash(salt) == unhex(text["absentHash"])

    def test_fields_and_absences(self, vectors: dict[str, Any]) -> None:
        for field in vectors["fields"] + vectors["absences"]:
            index, value_hash = int(field["index"], 16), unhex(field["valueHash"])
            leaf = leaf_hash(field["schema"], index, field["path"], value_hash)
            siblings = [unhex(sibling) for sibling in field["siblings"]]
            assert keccak256(field["path"].encode()) == unhex(field["pathHash"])
            assert leaf == unhex(field["leaf"])
            assert fold(leaf, index, siblings) == unhex(field["root"])

    def test_absences_stand_over_what_was_asked_for(self, vectors: dict[str, Any]) -> None:
        for absence in vectors["absences"]:
            assert absent_value_hash(unhex(absence["salt"])) == unhex(absence["valueHash"])
            assert is_at_or_below(int(absence["index"], 16), int(absence["wanted"], 16))

    def test_figures(self, vectors: dict[str, Any]) -> None:
        figures = [field for field in vectors["fields"] if "figure" in field]
        assert len(figures) == 2
        for field in figures:
            stated = field["figure"]
            figure = Figure(int(stated["amount"]), stated["unit"], stated["scale"])
            schema, tag = field["schema"], field["tag"]
            assert figure.packed(schema=schema, tag=tag) == int(field["packed"], 16)
            value_hash = figure_value_hash(unhex(field["salt"]), figure, schema=schema, tag=tag)
            assert value_hash == unhex(field["valueHash"])
