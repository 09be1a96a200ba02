"""Values, logs and entries of the contracts' ABI, made without the code under test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tidan_contracts import load_artifact
from tidan_node.ledger.abi import AbiEntry, Value


def entries_of(contract: str, kind: str) -> list[AbiEntry]:
    return [entry for entry in load_artifact(contract).abi if entry["type"] == kind]


def topic_of(entry: AbiEntry) -> str:
    types = ",".join(each["type"] for each in entry["inputs"])
    return "0x" + keccak(text=f"{entry['name']}({types})").hex()


_SAMPLES: Final[Mapping[str, Value]] = {
    "bytes32": b"\x07" * 32,
    "bytes4": b"\x07" * 4,
    "bytes": b"\x01\x02",
    "string": "text",
    "address": "0x" + "ab" * 20,
    "uint32[]": (1, 2),
    "bytes32[]": (b"\x07" * 32, b"\x08" * 32),
}


def sample(parameter: AbiEntry) -> Value:
    """A value that the parameter can have."""
    return _SAMPLES.get(parameter["type"], 1)


def log_of(entry: AbiEntry, values: dict[str, Value]) -> tuple[list[str], str]:
    """Topics and data as the EVM makes them of these values."""
    topics = [topic_of(entry)]
    rest: list[AbiEntry] = []
    for each in entry["inputs"]:
        if each["indexed"]:
            topics.append("0x" + encode([each["type"]], [values[each["name"]]]).hex())
        else:
            rest.append(each)
    data = encode([each["type"] for each in rest], [values[each["name"]] for each in rest])
    return topics, "0x" + data.hex()


def entry_of(contract: str, name: str) -> AbiEntry:
    return next(entry for entry in load_artifact(contract).abi if entry.get("name") == name)
