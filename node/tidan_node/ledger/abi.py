"""The contracts' ABI, indexed by what comes over the wire: selectors, topics, names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from eth_abi.codec import ABICodec
from eth_abi.decoding import StringDecoder
from eth_abi.registry import ABIRegistry, registry
from eth_hash.auto import keccak

from tidan_contracts import load_artifact
from tidan_node.domain.identifiers import to_bytes, to_hex

CONTRACTS: Final = (
    "Authority",
    "PartyRegistry",
    "PlatformRegistry",
    "GatewayRegistry",
    "Council",
    "BankGate",
    "TitleRegistry",
    "InvoiceRegistry",
    "PolicyRegistry",
    "TrailAnchor",
)
"""In the order of their deployment."""

AbiEntry = Mapping[str, Any]  # JSON of the compiler
Value = Any  # what eth-abi makes of an argument; the ABI says what that is


def _codec() -> ABICodec:
    """eth-abi's, but text that is no UTF-8 is read as it can be.

    The contracts do not check text: it must not be able to stop every node that reads it.
    """
    forgiving: ABIRegistry = registry.copy()  # type: ignore[no-untyped-call]  # eth-abi's gap
    forgiving.unregister_decoder("string")
    forgiving.register_decoder("string", _text)
    return ABICodec(forgiving)


_text = StringDecoder(handle_string_errors="replace")  # type: ignore[no-untyped-call]  # as above

CODEC: Final = _codec()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument, with the type as the ABI encodes it and as the contract calls it."""

    name: str
    type: str
    declared: str
    indexed: bool

    def plain(self, value: Value) -> Value:
        """The value as the node writes it: words and accounts as lower-case hex."""
        return _plain(self.type, value)


@dataclass(frozen=True, slots=True)
class Signature:
    """A function, event or error: its name, what it takes and, for a function, what it returns."""

    name: str
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]
    hash: bytes

    @property
    def selector(self) -> bytes:
        return self.hash[:4]

    def decode(self, data: bytes) -> dict[str, Value]:
        """The arguments in this data, by name."""
        values = CODEC.decode([each.type for each in self.inputs], data)
        return {
            each.name: each.plain(value) for each, value in zip(self.inputs, values, strict=True)
        }


def signatures(contract: str, kind: str) -> list[Signature]:
    """All functions, events or errors of a contract."""
    return [_signature(entry) for entry in load_artifact(contract).abi if entry["type"] == kind]


def encode(types: Sequence[str], values: Sequence[object]) -> bytes:
    """ABI encoding, where hex strings may stand for bytes."""
    return CODEC.encode(
        types, [_bytes_for(kind, value) for kind, value in zip(types, values, strict=True)]
    )


def snake_case(name: str) -> str:
    """The name as the domain writes it."""
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda found: "_" + found[0].lower(), name)


def canonical(entry: AbiEntry) -> str:
    """The type as signatures and encodings name it: a struct by its members."""
    kind: str = entry["type"]
    if not kind.startswith("tuple"):
        return kind
    members = ",".join(canonical(member) for member in entry["components"])
    return f"({members}){kind.removeprefix('tuple')}"


def _signature(entry: AbiEntry) -> Signature:
    inputs = tuple(_parameter(each) for each in entry["inputs"])
    text = f"{entry['name']}({','.join(each.type for each in inputs)})"
    return Signature(
        name=entry["name"],
        inputs=inputs,
        outputs=tuple(_parameter(each) for each in entry.get("outputs", ())),
        hash=keccak(text.encode()),
    )


def _parameter(entry: AbiEntry) -> Parameter:
    return Parameter(
        name=entry["name"],
        type=canonical(entry),
        declared=entry.get("internalType", entry["type"]),
        indexed=entry.get("indexed", False),
    )


def _bytes_for(kind: str, value: object) -> object:
    if kind.endswith("[]") and isinstance(value, (tuple, list)):
        return [_bytes_for(kind.removesuffix("[]"), each) for each in value]
    if kind.startswith("bytes") and isinstance(value, str):
        value = to_bytes(value)
    if isinstance(value, bytes) and kind not in ("bytes", f"bytes{len(value)}"):
        raise ValueError(f"{len(value)} bytes are no {kind}")  # eth-abi would fill it up
    if kind.startswith("(") and kind.endswith(")") and isinstance(value, (tuple, list)):
        return tuple(_bytes_for(*each) for each in zip(_members(kind), value, strict=True))
    return value


def _plain(kind: str, value: Value) -> Value:
    if kind.endswith("[]"):
        return tuple(_plain(kind.removesuffix("[]"), each) for each in value)
    if kind == "address":
        return value.lower()
    if kind.startswith("bytes") and kind != "bytes":
        return to_hex(value)
    if kind.startswith("(") and kind.endswith(")"):
        return tuple(_plain(*each) for each in zip(_members(kind), value, strict=True))
    return value


def _members(kind: str) -> list[str]:
    """The types in a tuple's type. The contracts' structs hold no structs."""
    return kind[1:-1].split(",")
