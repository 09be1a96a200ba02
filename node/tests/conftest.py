"""What the tests share: databases of both kinds, and a real chain, one anvil a worker."""

from __future__ import annotations

import asyncio
import re
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from os import environ
from typing import IO

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import ALL_ON, POSTGRESQL, SQLITE, databases
from tests.live_chain import Anvil, LiveChain
from tests.openid import RunningProvider, running_provider
from tidan_node.ledger.administration import Administration
from tidan_node.ledger.deployment import deploy
from tidan_node.ledger.embedded.anvil import find_anvil
from tidan_node.ledger.embedded.processes import dying_with_parent
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Rpc
from tidan_node.ledger.signer import LocalSigner

# A busy machine is slow; that is no fault of what is tested.
# A busy machine is slow, not wrong.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

_OPTIONS = (
    *("--port", "0", "--chain-id", "31337"),
    *("--hardfork", "london", "--base-fee", "0", "--gas-price", "0"),
    "--disable-min-priority-fee",
)


@pytest.fixture(scope="session", autouse=True)
def _postgres_ends() -> Iterator[None]:
    yield
    databases.close()


@pytest.fixture(autouse=True)
def _databases_end_with_their_test() -> Iterator[None]:
    before = databases.places()
    yield
    databases.drop(databases.places() - before)


@pytest.fixture(params=[ALL_ON] if ALL_ON else [SQLITE, POSTGRESQL])
def sql(request: pytest.FixtureRequest) -> Iterator[str]:
    """The kind of database that this test runs on: who asks for it runs on each."""
    former, databases.kind = databases.kind, request.param
    yield request.param
    databases.kind = former


@pytest.fixture(scope="session")
def anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Anvil]:
    home = tmp_path_factory.mktemp("anvil")
    with subprocess.Popen(
        [find_anvil(environ), *_OPTIONS],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**environ, "HOME": str(home)},
        preexec_fn=dying_with_parent(),  # noqa: PLW1509  # no thread runs yet
    ) as process:
        assert process.stdout is not None
        keys, url = _introduction(process.stdout)
        # What it says from now on is of no interest, but must not fill the pipe.
        drain = threading.Thread(target=process.stdout.read, daemon=True)
        drain.start()
        try:
            yield Anvil(url, keys, asyncio.run(_deploy(url, keys[0])))
        finally:
            process.kill()
            drain.join()


@pytest.fixture(scope="session")
def openid_provider() -> Iterator[RunningProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
async def live_chain(anvil: Anvil) -> AsyncIterator[LiveChain]:
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
