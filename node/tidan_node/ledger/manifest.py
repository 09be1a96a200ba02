"""The contracts of a consortium and their chain: written by a deployment, read by every node."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.identifiers import Address, BlockHash, hex_20, hex_32
from tidan_node.problems import InvalidInput, Problem

_FORMAT: Final = 1


class ManifestUnreadable(Problem):
    status, slug, title = 422, "manifest-unreadable", "The manifest of the contracts cannot be read"


@dataclass(frozen=True, slots=True)
class Deployed:
    """One contract: where it is, and the keccak256 of the code that created it."""

    address: Address
    artifact_hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contracts of a consortium. `block` is the first that can hold one of their events.
    `paper_delay` is TitleRegistry's, in seconds; 0 where it is not stated, so that the registry
    alone refuses what is too early. `block_period` is how many seconds after a block the next one
    comes, with transactions or without; 0 where blocks are made of transactions alone."""

    chain_id: int
    genesis_hash: BlockHash
    block: int
    contracts: Mapping[str, Deployed]
    gas_price: int = 0
    finality_depth: int = 0
    paper_delay: int = 0
    block_period: int = 0

    def address_of(self, contract: str) -> Address:
        """Where this contract is, or the Problem that the manifest lacks it."""
        if contract not in self.contracts:
            raise ManifestUnreadable(f"the manifest lacks {contract}", field="contracts")
        return self.contracts[contract].address

    def to_json(self) -> str:
        document = {
            "format": _FORMAT,
            "chainId": self.chain_id,
            "genesisHash": self.genesis_hash,
            "block": self.block,
            "contracts": {
                name: {"address": deployed.address, "artifactHash": deployed.artifact_hash}
                for name, deployed in self.contracts.items()
            },
            "gasPrice": self.gas_price,
            "finalityDepth": self.finality_depth,
            "paperDelay": self.paper_delay,
            "blockPeriod": self.block_period,
        }
        return json.dumps(document, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """The manifest in this text; what is wrong with it is named by its field."""
        try:
            document = json.loads(text)
        except ValueError as error:
            raise ManifestUnreadable("the manifest is not JSON") from error
        if not isinstance(document, dict) or document.get("format") != _FORMAT:
            raise ManifestUnreadable(f"the manifest is not of format {_FORMAT}", field="format")
        contracts = document.get("contracts")
        if not isinstance(contracts, dict):
            raise ManifestUnreadable("the manifest names no contracts", field="contracts")
        return cls(
            chain_id=_number(document, "chainId", least=1),
            genesis_hash=BlockHash(_hex_32(document, "genesisHash", "genesisHash")),
            block=_number(document, "block"),
            contracts={name: _deployed(name, entry) for name, entry in contracts.items()},
            gas_price=_number(document, "gasPrice"),
            finality_depth=_number(document, "finalityDepth"),
            paper_delay=_number({"paperDelay": 0} | document, "paperDelay"),
            block_period=_number({"blockPeriod": 0} | document, "blockPeriod"),
        )


def _deployed(name: str, entry: object) -> Deployed:
    place = f"contracts.{name}"
    if not isinstance(entry, dict):
        raise ManifestUnreadable("must be an object", field=place)
    try:
        found = Address(hex_20(str(entry.get("address")), f"{place}.address"))
    except InvalidInput as error:
        raise ManifestUnreadable(error.detail, field=error.field) from error
    return Deployed(found, _hex_32(entry, "artifactHash", f"{place}.artifactHash"))


def _hex_32(entry: Mapping[str, object], key: str, field: str) -> str:
    try:
        return hex_32(str(entry.get(key)), field)
    except InvalidInput as error:
        raise ManifestUnreadable(error.detail, field=error.field) from error


def _number(document: Mapping[str, object], key: str, least: int = 0) -> int:
    value = document.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ManifestUnreadable(f"must be a whole number of at least {least}", field=key)
    return value
