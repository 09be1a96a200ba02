"""A chain that is really there, for the length of a test."""

from __future__ import annotations

import asyncio
import re
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import IO

from tidan_node.domain.identifiers import Address, PartyIndex
from tidan_node.domain.parties import Role
from tidan_node.ledger.administration import Administration
from tidan_node.ledger.deployment import deploy
from tidan_node.ledger.embedded.anvil import find_anvil
from tidan_node.ledger.embedded.processes import dying_with_parent
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Json, Rpc
from tidan_node.ledger.signer import LocalSigner

_OPTIONS = (
    *("--port", "0"),
    *("--hardfork", "london", "--base-fee", "0", "--gas-price", "0"),
    "--disable-min-priority-fee",
)


@dataclass(frozen=True)
class Anvil:
    """A running anvil with the contracts on it. The first of its accounts is the authority's."""

    url: str
    keys: tuple[bytes, ...]
    manifest: Manifest
    process: subprocess.Popen[str]


@dataclass(frozen=True)
class LiveChain:
    """A chain of one's own for the length of a test."""

    url: str
    rpc: Rpc
    gateway: Gateway
    manifest: Manifest
    signers: tuple[LocalSigner, ...]
    administration: Administration

    async def enrol(self, roles: Role, account: Address) -> PartyIndex:
        return await self.administration.enrol(
            roles=roles, account=account, profile=b"{}", rulebook="rules-1", governing_law="SG"
        )

    async def mine(self, count: int = 1) -> None:
        await self.rpc.call("anvil_mine", hex(count))

    async def snapshot(self) -> Json:
        return await self.rpc.call("evm_snapshot")

    async def go_back_to(self, snapshot: Json) -> None:
        """The chain as it was then, with none of the blocks since; its pool is emptied, too."""
        assert await self.rpc.call("evm_revert", snapshot)
        await self.rpc.call("anvil_dropAllTransactions")

    async def stop_mining(self) -> None:
        """Transactions wait in the pool until `mine`."""
        await self.rpc.call("evm_setAutomine", False)


@contextmanager
def running_anvil(home: Path, chain_id: int) -> Iterator[Anvil]:
    """A chain of its own, until the block ends."""
    with subprocess.Popen(
        [find_anvil(environ), *_OPTIONS, "--chain-id", str(chain_id)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**environ, "HOME": str(home)},
        preexec_fn=dying_with_parent(),  # noqa: PLW1509  # other threads only read
    ) as process:
        assert process.stdout is not None
        keys, url = _introduction(process.stdout)
        # What it says from now on is of no interest, but must not fill the pipe.
        drain = threading.Thread(target=process.stdout.read, daemon=True)
        drain.start()
        try:
            yield Anvil(url, keys, asyncio.run(_deploy(url, keys[0])), process)
        finally:
            process.kill()
            drain.join()


@asynccontextmanager
async def lived_on(anvil: Anvil) -> AsyncIterator[LiveChain]:
    """What is done to it until the block ends is undone then."""
    rpc = Rpc(anvil.url)
    signers = tuple(LocalSigner(key) for key in anvil.keys)
    before = await rpc.call("evm_snapshot")
    yield LiveChain(
        url=anvil.url,
        rpc=rpc,
        gateway=Gateway(rpc, anvil.manifest),
        manifest=anvil.manifest,
        signers=signers,
        administration=Administration(rpc, anvil.manifest, signers[0]),
    )
    await rpc.call("evm_revert", before)
    await rpc.call("anvil_dropAllTransactions")
    await rpc.call("evm_setAutomine", True)
    await rpc.close()


def _introduction(said: IO[str]) -> tuple[tuple[bytes, ...], str]:
    """What anvil says about itself before it listens: its keys, and then where."""
    keys: list[bytes] = []
    for line in said:
        if key := re.fullmatch(r"\(\d\) 0x([0-9a-f]{64})\n", line):
            keys.append(bytes.fromhex(key[1]))
        if place := re.fullmatch(r"Listening on (\S+)\n", line):
            return tuple(keys), f"http://{place[1]}"
    raise AssertionError("anvil did not start")


async def _deploy(url: str, key: bytes) -> Manifest:
    rpc = Rpc(url)
    try:
        return await deploy(rpc, LocalSigner(key), gas_price=0)
    finally:
        await rpc.close()
