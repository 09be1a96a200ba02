"""The schema files: frozen, and where they come from."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tidan_node.domain.proofs.schema import FILES, schema_by_number
from tidan_node.domain.proofs.tree import DEPTH_LIMIT

# The positions, kinds, figure tags, units and scales of all fields. They are what commitments on
# chains mean: a change is a new schema with a new number, and never a change of these.
OUTLINES = {
    1: "051dfb4a2ba855ff57d89e66b279c6284b943d5ebe6599ed183563e8faf2dcd1",
    2: "34d5d964a309dac2dd4117e832a0f7015529f68a4d52e6b53208908167c5de85",
    3: "a36aadcf42defef1204f4f182a6ff41d8a1f8f9bb0fa880c53fe4cb1611bf2af",
}


def tool(repository: Path) -> ModuleType:
    path = repository / "tools" / "derive_transport_document_schema.py"
    spec = importlib.util.spec_from_file_location("derive_transport_document_schema", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("number", FILES)
class TestEverySchema:
    def test_its_positions_and_figures_are_frozen(self, number: int) -> None:
        outline = "\n".join(schema_by_number(number).outline())
        assert hashlib.sha256(outline.encode()).hexdigest() == OUTLINES[number]

    def test_it_is_a_json_schema(self, number: int) -> None:
        Draft202012Validator.check_schema(schema_by_number(number).json_schema)

    def test_it_leaves_room_in_depth(self, number: int) -> None:
        depths = [len(line.split()[1]) for line in schema_by_number(number).outline()]
        assert max(depths) <= DEPTH_LIMIT

    def test_arrays_take_no_more_items_than_have_a_position(self, number: int) -> None:
        def arrays(schema: Any) -> list[dict[str, Any]]:
            if isinstance(schema, list):
                return [found for part in schema for found in arrays(part)]
            if not isinstance(schema, dict):
                return []
            below = [found for part in schema.values() for found in arrays(part)]
            return [*below, schema] if schema.get("type") == "array" else below

        found = arrays(schema_by_number(number).json_schema)
        assert found
        assert all(array["maxItems"] <= array["x-capacity"] for array in found)


class TestTransportDocument:
    def test_it_is_what_the_tool_derives_from_dcsas_file(
        self, repository: Path, standards: Path
    ) -> None:
        source = yaml.safe_load((standards / "dcsa/ebl/EBL_v3.0.4.yaml").read_text("utf-8"))
        derived = tool(repository).derive(source["components"]["schemas"])
        assert json.loads(json.dumps(derived)) == schema_by_number(1).json_schema
