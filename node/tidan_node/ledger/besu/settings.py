"""A Besu validator's settings file: TOML, whose names are Besu's long options without dashes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

P2P_PORT: Final = 30303
HTTP_PORT: Final = 8545
WS_PORT: Final = 8546
APIS: Final = ("ETH", "NET", "WEB3")
"""What nodes ask. QBFT and ADMIN are not among them: whoever reaches them votes validators in."""

Value = str | int | bool | list[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one validator is, and under which names its RPC may be asked for."""

    number: int
    address: str

    @property
    def name(self) -> str:
        return f"validator-{self.number}"

    @property
    def hosts(self) -> list[str]:
        return ["localhost", "127.0.0.1", self.address, self.name]


def validator_settings(place: Place, subnet: str) -> dict[str, Value]:
    """The settings of one validator, by Besu's names. Paths are those in its container."""
    return {
        "data-path": "/data",
        "genesis-file": "/network/genesis.json",
        "node-private-key-file": "/validator/key",
        "static-nodes-file": "/validator/static-nodes.json",
        "pid-path": "/tmp/besu.pid",  # noqa: S108  in a container of its own
        # Every old state stays, for proofs of what was at any block.
        "data-storage-format": "FOREST",
        "sync-mode": "FULL",
        "discovery-enabled": False,
        "nat-method": "NONE",
        "p2p-host": place.address,
        "p2p-port": P2P_PORT,
        "net-restrict": [subnet],
        "min-gas-price": 0,
        # A node sends hundreds of transactions of one account at once; the usual share of the
        # pool for one account is a thousandth.
        "tx-pool": "sequenced",
        "tx-pool-max-size": 65_536,
        "tx-pool-limit-by-account-percentage": 1,
        "host-allowlist": place.hosts,
        "rpc-http-enabled": True,
        "rpc-http-host": "0.0.0.0",  # noqa: S104  its container is on the consortium's network alone
        "rpc-http-port": HTTP_PORT,
        "rpc-http-api": list(APIS),
        "rpc-ws-enabled": True,
        "rpc-ws-host": "0.0.0.0",  # noqa: S104  as above
        "rpc-ws-port": WS_PORT,
        "rpc-ws-api": list(APIS),
    }


def as_toml(settings: dict[str, Value]) -> str:
    """The text of the file; strings, numbers, booleans and lists are written as JSON has them."""
    lines = (f"{name} = {json.dumps(value)}" for name, value in settings.items())
    return "\n".join(lines) + "\n"
