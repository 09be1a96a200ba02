"""A real geth for the tests of this folder, and nodes on it.

Its validator keeps no journal and treats nobody's transactions better than others', and its blocks
have a base fee, which with their gas limit neither rises nor falls.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.databases import databases
from tests.geth import geth_or_skip
from tests.operations.on_geth.desk import BASE_FEE, PRICE, Geth, GethDesk, Mistaken
from tidan_node.domain.parties import Role
from tidan_node.ledger.administration import Administration
from tidan_node.ledger.clique import chain, home, validator
from tidan_node.ledger.clique.genesis import confirmations
from tidan_node.ledger.deployment import deploy
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Rpc
from tidan_node.ledger.signer import LocalSigner

BANK = LocalSigner(b"\x41" * 32)
KEYS = (number.to_bytes(32) for number in itertools.count(1_000))
ENOUGH = 10**15


@pytest.fixture(scope="package")
def options() -> list[str]:
    """What geth is told besides; the last word of an option counts."""
    return ["--txpool.nolocals"]


@contextmanager
def so_started(options: list[str]) -> Iterator[None]:
    """While this holds, geth starts with these options; never while others' tests run, since the
    chain of this folder outlives its tests."""
    usual = validator.command
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(validator, "command", lambda *of: [*usual(*of), *options])
        yield


@pytest.fixture(autouse=True)
def _as_told(geth: Geth, options: list[str]) -> Iterator[None]:
    with so_started(options):
        yield


@pytest.fixture(scope="package")
def geth(tmp_path_factory: pytest.TempPathFactory, options: list[str]) -> Iterator[Geth]:
    geth_or_skip()
    path = tmp_path_factory.mktemp("chain")
    usual = home.genesis
    try:
        with so_started(options), pytest.MonkeyPatch.context() as patched:
            patched.setattr(
                home,
                "genesis",
                lambda *words: {
                    **usual(*words),
                    "baseFeePerGas": hex(BASE_FEE),
                    "alloc": {BANK.address: {"balance": hex(10**24)}},
                },
            )
            chain.start(path, chain.Wanted(validators=1))
        yield Geth(path)
    finally:
        chain.stop(path)


@pytest.fixture(scope="package")
def manifest(geth: Geth) -> Manifest:
    async def deployed() -> Manifest:
        rpc = Rpc(geth.url)
        try:
            return await deploy(rpc, BANK, PRICE // 2, finality_depth=confirmations(1))
        finally:
            await rpc.close()

    return asyncio.run(deployed())


@pytest.fixture
async def new_desk(
    geth: Geth, manifest: Manifest, tmp_path: Path
) -> AsyncIterator[Callable[..., Awaitable[GethDesk]]]:
    """Makes a node of a party with an account of its own, which has so much money."""
    if not geth.runs:
        geth.start()  # the test before has failed
    rpc = Rpc(geth.url)
    database = databases.opened(tmp_path / "node.db")

    async def make(gas_price: int = PRICE, *, money: int = ENOUGH) -> GethDesk:
        signer = LocalSigner(next(KEYS))
        gateway = Mistaken(rpc, manifest)
        administration = Administration(rpc, manifest, BANK)
        party = await administration.enrol(
            roles=Role.TRADER,
            account=signer.address,
            profile=b"{}",
            rulebook="rules-1",
            governing_law="SG",
        )
        desk = GethDesk(database, geth, rpc, gateway, signer, party, BANK, gas_price)
        if money:
            await desk.fund(money)
        return desk

    yield make
    geth.want(1)
    geth.go_on_sealing()
    await database.close()
    await rpc.close()


@pytest.fixture
async def desk(new_desk: Callable[[], Awaitable[GethDesk]]) -> GethDesk:
    return await new_desk()
