"""What the compiler made of one contract, read from the package's own files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from Crypto.Hash import keccak


class ArtifactUnknown(LookupError):
    """No contract of this name is shipped."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """One deployable contract; `artifact_hash` is keccak256 of its creation bytecode."""

    name: str
    abi: tuple[Mapping[str, Any], ...]  # JSON of the compiler, as web3 and eth-abi take it
    bytecode: bytes
    deployed_bytecode: bytes
    artifact_hash: str


def artifact_names() -> list[str]:
    """The names of all contracts that `load_artifact` knows."""
    files = (resources.files(__package__) / "artifacts").iterdir()
    return sorted(file.name.removesuffix(".json") for file in files if file.name.endswith(".json"))


@cache
def load_artifact(name: str) -> Artifact:
    """The artifact of the contract that the sources call by this name."""
    if name not in artifact_names():
        raise ArtifactUnknown(f"No contract {name!r}; there are {', '.join(artifact_names())}")
    file = resources.files(__package__) / "artifacts" / f"{name}.json"
    return artifact_from_json(name, file.read_text(encoding="utf-8"))


def artifact_from_json(name: str, text: str) -> Artifact:
    """An artifact from the text of its file."""
    content = json.loads(text)
    bytecode = bytes.fromhex(content["bytecode"].removeprefix("0x"))
    return Artifact(
        name=name,
        abi=tuple(content["abi"]),
        bytecode=bytecode,
        deployed_bytecode=bytes.fromhex(content["deployedBytecode"].removeprefix("0x")),
        artifact_hash="0x" + keccak.new(digest_bits=256, data=bytecode).hexdigest(),
    )
