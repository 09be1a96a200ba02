"""What our compose file uses of the Compose Specification, and nothing beside it.

A name that is mistyped is no name of it."""

from __future__ import annotations

from typing import Any, Final

Schema = dict[str, Any]  # Any: JSON Schema

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_SPAN: Schema = {"type": "string", "pattern": r"^[0-9]+[sm]$"}
_BIND: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["type", "source", "target"],
    "properties": {
        "type": {"const": "bind"},
        "source": _TEXT,
        "target": _TEXT,
        "read_only": {"type": "boolean"},
        "bind": {"type": "object", "properties": {"create_host_path": {"type": "boolean"}}},
    },
}
_SERVICE: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["image", "user", "restart", "networks", "volumes", "cap_drop", "read_only"],
    "properties": {
        "image": _TEXT,
        "build": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"context": _TEXT, "dockerfile": _TEXT},
        },
        "command": _TEXTS,
        "user": _TEXT,
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "read_only": {"type": "boolean"},
        "tmpfs": _TEXTS,
        "cap_drop": _TEXTS,
        "security_opt": _TEXTS,
        "stop_grace_period": _SPAN,
        "environment": {"type": "object", "additionalProperties": _TEXT},
        "secrets": _TEXTS,
        "ports": _TEXTS,
        "volumes": {"type": "array", "items": {"anyOf": [_TEXT, _BIND]}},
        "networks": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"ipv4_address": {"type": "string", "format": "ipv4"}},
            },
        },
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {"condition": {"enum": ["service_started", "service_healthy"]}},
            },
        },
        "healthcheck": {
            "type": "object",
            "additionalProperties": False,
            "required": ["test", "interval", "timeout", "retries"],
            "properties": {
                "test": _TEXTS,
                "interval": _SPAN,
                "timeout": _SPAN,
                "start_period": _SPAN,
                "retries": {"type": "integer"},
            },
        },
    },
}
SCHEMA: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "services", "networks", "secrets"],
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": _TEXT,
        "services": {"type": "object", "additionalProperties": _SERVICE},
        "networks": {"type": "object"},
        "secrets": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["file"],
                "properties": {"file": _TEXT},
            },
        },
    },
}
