"""A small schema that has everything a schema can have, documents of it, and one that is fixed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from tidan_node.domain.proofs.canonical import JsonValue, nfc
from tidan_node.domain.proofs.commitment import Commitment, commit
from tidan_node.domain.proofs.schema import Schema

VECTORS = Path(__file__).resolve().parents[4] / "chaincode_tests" / "vectors" / "field_proof.json"
SECRET = bytes(range(32))

STRING = {"type": "string"}
LINE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "name": {"x-slot": 0, **STRING},
        "quantity": {
            "x-slot": 1,
            "type": "number",
            "x-figure": {"tag": 3, "unit": {"property": "unit"}, "scale": 3},
        },
        "unit": {"x-slot": 2, **STRING},
        "tags": {"x-slot": 3, "type": "array", "x-capacity": 4, "items": STRING},
    },
}
JSON_SCHEMA: dict[str, Any] = {
    "x-schema": {"number": 65000, "name": "trial", "version": "1"},
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "title": {"x-slot": 0, **STRING},
        "flag": {"x-slot": 1, "type": "boolean"},
        "note": {"x-slot": 2, "type": ["string", "null"]},
        "count": {"x-slot": 3, "type": "integer"},
        "ratio": {"x-slot": 4, "type": "number"},
        # slot 5 is free, and stays so
        "price": {"x-slot": 6, "$ref": "#/$defs/Price"},
        "weight": {
            "x-slot": 7,
            "type": "number",
            "x-figure": {"tag": 2, "unit": {"constant": "KGM"}, "scale": 3},
        },
        "lines": {"x-slot": 8, "type": "array", "x-capacity": 8, "items": LINE},
        "box": {
            "x-slot": 9,
            "type": "object",
            "additionalProperties": False,
            "properties": {"only": {"x-slot": 0, **STRING}},
        },
        "a/b~c": {"x-slot": 10, **STRING},
    },
    "$defs": {
        "Price": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "amount": {
                    "x-slot": 0,
                    "type": "number",
                    "x-figure": {"tag": 1, "unit": {"property": "currency"}, "scale": "currency"},
                },
                "currency": {"x-slot": 1, **STRING},
            },
        }
    },
}


@dataclass(frozen=True)
class Trial:
    """A document of the small schema."""

    fields: dict[str, JsonValue]


FIXED = Trial(
    {
        "title": "MSC Gülsün",
        "flag": False,
        "note": None,
        "count": 0,
        "price": {"amount": 1250.5, "currency": "EUR"},
        "weight": 12000,
        "lines": [
            {"name": "", "quantity": 1.5, "unit": "TNE", "tags": ["one", "two"]},
            {"name": "second", "quantity": 7},
            {"tags": []},
        ],
        "box": {},
        "a/b~c": "escaped",
    }
)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12).map(nfc)
THOUSANDTHS = st.integers(-(10**9), 10**9).map(lambda amount: amount / 1000)


def some_of(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=parts)


LINES = some_of(
    name=TEXT,
    quantity=THOUSANDTHS,
    unit=st.sampled_from(["KGM", "C62", "TNE"]),
    tags=st.lists(TEXT, max_size=4),
)
DOCUMENTS = some_of(
    **{
        "title": TEXT,
        "flag": st.booleans(),
        "note": st.none() | TEXT,
        "count": st.integers(-(2**53) + 1, 2**53 - 1),
        "ratio": st.floats(allow_nan=False, allow_infinity=False).filter(
            lambda ratio: not ratio.is_integer()
        ),
        "price": st.fixed_dictionaries(
            {
                "amount": st.integers(0, 10**9).map(lambda cents: cents / 100),
                "currency": st.sampled_from(["EUR", "CNY", "BHD"]),
            }
        ),
        "weight": THOUSANDTHS,
        "lines": st.lists(LINES, max_size=8),
        "box": some_of(only=TEXT),
        "a/b~c": TEXT,
    }
).map(Trial)

PATHS = [
    *("/title", "/flag", "/note", "/count", "/ratio", "/price", "/price/amount"),
    *("/price/currency", "/weight", "/lines", "/lines/0", "/lines/0/name", "/lines/0/quantity"),
    *("/lines/2/unit", "/lines/3", "/lines/5/tags", "/lines/7/tags/3", "/lines/1/tags/0"),
    *("/box", "/box/only", "/a~1b~0c", "/lines/0/unit", "/lines/2/tags/1"),
]


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema.of(JSON_SCHEMA)


@pytest.fixture(scope="session")
def documents() -> st.SearchStrategy[Trial]:
    """Any document of the small schema."""
    return DOCUMENTS


@pytest.fixture(scope="session")
def paths() -> list[str]:
    """Paths of the small schema, of every kind."""
    return PATHS


@pytest.fixture(scope="session")
def fixed() -> Trial:
    return FIXED


@pytest.fixture(scope="session")
def commitment(schema: Schema) -> Commitment:
    """The fixed document, committed to."""
    return commit(FIXED, schema, secret=SECRET, version=1)


@pytest.fixture
def json_schema() -> dict[str, Any]:
    """A copy of the small schema, to be changed at will."""
    copy: dict[str, Any] = json.loads(json.dumps(JSON_SCHEMA))
    return copy


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    """What FieldProof.sol is tested with too."""
    found: dict[str, Any] = json.loads(VECTORS.read_text(encoding="utf-8"))
    return found
