"""Derive the schema of transport documents from DCSA's OpenAPI file, with our keywords.

    python tools/derive_transport_document_schema.py EBL_v3.0.4.yaml > transport-document-3.0.4.json

The result is frozen: slots and figure tags are positions and meanings of commitments on chains. A
newer DCSA version gets a schema number of its own, and a file of its own beside this one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

# A YAML document of the OpenAPI form is whatever its keywords say.
Yaml = dict[str, Any]

ROOT: Final = "TransportDocument"
REFERENCE: Final = "#/components/schemas/"
KEPT: Final = ("enum", "minLength", "maxLength", "minItems", "minimum", "maximum")
NESTED: Final = {"InnerPackaging": 3}
"""Components that contain themselves, with the levels that a position is kept for."""

DEFAULT_CAPACITY: Final = 64
CAPACITIES: Final = {
    "consignmentItems": 1024,
    "cargoItems": 4096,
    "utilizedTransportEquipments": 4096,
    "charges": 256,
    "carrierClauses": 256,
    "dangerousGoods": 128,
    "references": 128,
    "customsReferences": 128,
    "feedbacks": 256,
    "purchaseOrderReferences": 256,
}

ONE: Final = {"constant": "C62"}  # UN/ECE Recommendation 20: one
UNIT: Final = {"property": "unit"}
FIGURES: Final = {
    ("TransportDocument", "declaredValue"): (1, {"property": "declaredValueCurrency"}, "currency"),
    ("Charge", "currencyAmount"): (2, {"property": "currencyCode"}, "currency"),
    ("Charge", "unitPrice"): (3, {"property": "currencyCode"}, 6),
    ("Charge", "quantity"): (4, ONE, 6),
    ("CargoGrossWeight", "value"): (5, UNIT, 6),
    ("CargoGrossVolume", "value"): (6, UNIT, 6),
    ("CargoNetWeight", "value"): (7, UNIT, 6),
    ("CargoNetVolume", "value"): (8, UNIT, 6),
    ("OuterPackaging", "numberOfPackages"): (9, ONE, 0),
    ("GrossWeight", "value"): (10, UNIT, 6),
    ("NetWeight", "value"): (11, UNIT, 6),
    ("NetExplosiveContent", "value"): (12, UNIT, 6),
    ("NetVolume", "value"): (13, UNIT, 6),
    ("TareWeight", "value"): (14, UNIT, 6),
    ("InnerPackaging", "quantity"): (15, ONE, 0),
    ("InnerPackaging2", "quantity"): (16, ONE, 0),
    ("InnerPackaging3", "quantity"): (17, ONE, 0),
}


def derive(components: Yaml) -> Yaml:
    """The JSON Schema of a transport document, with `$defs` in the order in which they are met."""
    definitions: Yaml = {}
    document = _object(components[ROOT], ROOT)
    waiting = list(_references(document))
    while waiting:
        name = waiting.pop(0)
        if name in definitions:
            continue
        source, level = _component(name)
        definitions[name] = _object(components[source], name)
        for nested, levels in NESTED.items():
            _unroll(definitions[name], nested, level if source == nested else 0, levels)
        waiting.extend(_references(definitions[name]))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Transport document, after DCSA EBL 3.0.4 (Apache-2.0)",
        "x-schema": {"number": 1, "name": "transport-document", "version": "3.0.4"},
        **document,
        "$defs": definitions,
    }


def _component(name: str) -> tuple[str, int]:
    """`InnerPackaging2` is the second level of `InnerPackaging`."""
    for nested in NESTED:
        if name.startswith(nested):
            return nested, int(name.removeprefix(nested) or 1)
    return name, 1


def _unroll(definition: Yaml, nested: str, level: int, levels: int) -> None:
    """Lead each level of a component to the next one, and the last one to none."""
    if not level:
        return
    for name, part in list(definition["properties"].items()):
        if part.get("items") == {"$ref": f"#/$defs/{nested}"}:
            if level == levels:
                del definition["properties"][name]
            else:
                part["items"]["$ref"] += str(level + 1)


def _object(schema: Yaml, name: str) -> Yaml:
    """An object with all properties of its alternatives, which keep only what they require."""
    properties: Yaml = dict(schema.get("properties", {}))
    conditions: Yaml = {}
    for keyword in ("oneOf", "anyOf"):
        for branch in schema.get(keyword, []):
            properties |= branch["properties"]
            conditions.setdefault(keyword, []).append({"required": branch["required"]})
    parts: Yaml = {}
    for slot, (key, part) in enumerate(properties.items()):
        parts[key] = {"x-slot": slot, **_part(part, key)}
        if (name, key) in FIGURES:
            tag, unit, scale = FIGURES[name, key]
            parts[key]["x-figure"] = {"tag": tag, "unit": unit, "scale": scale}
    required = {"required": schema["required"]} if "required" in schema else {}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": parts,
        **required,
        **conditions,
    }


def _part(schema: Yaml, name: str) -> Yaml:
    if "$ref" in schema:
        return {"$ref": "#/$defs/" + schema["$ref"].removeprefix(REFERENCE)}
    kept: Yaml = {"type": schema["type"]}
    kept |= {keyword: schema[keyword] for keyword in KEPT if keyword in schema}
    if "pattern" in schema:
        # In ECMA 262, which JSON Schema means, \d is ASCII only; elsewhere it is not.
        kept["pattern"] = schema["pattern"].replace("\\d", "[0-9]")
    if (
        schema.get("exclusiveMinimum") is True
    ):  # OpenAPI 3.0 has a flag where JSON Schema has a number
        kept["exclusiveMinimum"] = kept.pop("minimum")
    if schema.get("format") in ("date", "date-time"):
        kept["format"] = schema["format"]
    if schema.get("format") == "int32":
        kept["maximum"] = kept.get("maximum", 2**31 - 1)
        kept["minimum"] = kept.get("minimum", -(2**31))
    if schema["type"] == "array":
        capacity = CAPACITIES.get(name, DEFAULT_CAPACITY)
        if "maxItems" in schema:
            capacity = 1 << max(1, (schema["maxItems"] - 1).bit_length())
        kept["maxItems"] = schema.get("maxItems", capacity)
        kept["x-capacity"] = capacity
        kept["items"] = _part(schema["items"], name)
    return kept


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].removeprefix("#/$defs/")
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


if __name__ == "__main__":
    source = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    json.dump(derive(source["components"]["schemas"]), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
