"""Proofs are verified where there is no node: what they import, and what they do not."""

from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import importlib, json, pkgutil, sys
import tidan_node.domain.proofs as proofs
for module in pkgutil.iter_modules(proofs.__path__):
    importlib.import_module(f"{proofs.__name__}.{module.name}")
from tidan_node.domain.proofs.schema import FILES, schema_by_number
for number in FILES:
    schema_by_number(number)
print(json.dumps(sorted(sys.modules)))
"""


def test_proofs_and_their_schemas_need_nothing_of_the_node_but_names_and_problems() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=True)
    modules = set(json.loads(done.stdout))
    ours = {module for module in modules if module.startswith("tidan_")}
    foreign = {module for module in ours if not module.startswith("tidan_node.domain.proofs")}
    assert foreign == {
        "tidan_node",
        "tidan_node.domain",
        "tidan_node.domain.identifiers",
        "tidan_node.problems",
    }
    assert not modules & {"fastapi", "sqlalchemy", "httpx", "jsonschema"}
