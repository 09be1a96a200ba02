"""The home of a node that reads other chains beside its own, and what it tells of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.databases import databases
from tests.live_chain import Anvil, LiveChain
from tests.node_home import until
from tidan_node.ledger.manifest import Manifest
from tidan_node.records.followed_chain import FollowedChain
from tidan_node.records.records import Records
from tidan_node.settings import Settings

Chain = dict[str, Any]  # Any: JSON
SHANGHAI = "shanghai"


@dataclass(frozen=True)
class Home:
    """The home of a node whose own chain is there."""

    folder: Path
    chain: LiveChain

    def settings(
        self, linked: Mapping[str, tuple[str, Manifest]], *, poll_interval: float = 0.05
    ) -> Settings:
        """Those of a node that reads these chains, too."""
        (self.folder / "manifest.json").write_text(self.chain.manifest.to_json())
        lines = [
            f'chain_url = "{self.chain.url}"',
            'keystore_password_file = "keystore.password"',
            f"poll_interval = {poll_interval}",
            f'database_url = "{databases.url(self.folder / "node.db")}"',
        ]
        for name, (url, manifest) in linked.items():
            (self.folder / f"{name}.json").write_text(manifest.to_json())
            lines += [
                "[[linked_chains]]",
                f'name = "{name}"',
                f'manifest = "{name}.json"',
                f'chain_url = "{url}"',
                f'database_url = "{databases.url(self.folder / f"chain-{name}.db")}"',
            ]
        (self.folder / "node.toml").write_text("\n".join(lines))
        return Settings.load(self.folder)

    def linked_to(self, other: LiveChain | Anvil, *, poll_interval: float = 0.05) -> Settings:
        linked = {SHANGHAI: (other.url, other.manifest)}
        return self.settings(linked, poll_interval=poll_interval)


def chains_of(client: httpx.AsyncClient) -> list[FollowedChain]:
    transport = client._transport
    assert isinstance(transport, httpx.ASGITransport)
    return [watch.chain for watch in transport.app.state.node.chains]  # type: ignore[attr-defined]


def by_name(answer: Mapping[str, Any]) -> dict[str, Chain]:
    return {each["name"]: each for each in answer["items"]}


async def read_to_end(client: httpx.AsyncClient, **blocks: int) -> dict[str, Chain]:
    """What is told of the chains once each of these was read up to this block."""

    def is_read(answer: dict[str, Any]) -> bool:
        chains = by_name(answer)
        return all(
            chains[name]["asOf"] is not None and chains[name]["asOf"]["block"] == block
            for name, block in blocks.items()
        )

    return by_name(await until(client, "/v1/chains", is_read))


async def told_of(client: httpx.AsyncClient, problem: str | None) -> Chain:
    """What is told of the linked chain once this is wrong with it."""

    def is_so(answer: dict[str, Any]) -> bool:
        told = by_name(answer)[SHANGHAI]["problem"]
        return told is None if problem is None else told is not None and problem in told

    return by_name(await until(client, "/v1/chains", is_so))[SHANGHAI]


async def height(chain: LiveChain) -> int:
    return (await chain.gateway.head()).number


@asynccontextmanager
async def records_of(chain: FollowedChain) -> AsyncIterator[Records]:
    async with chain.database.reading() as connection:
        yield Records(connection)


async def count_of(chain: FollowedChain) -> int:
    async with records_of(chain) as records:
        return len(await records.parties(limit=100))
