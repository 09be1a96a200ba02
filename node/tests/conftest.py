"""What the tests share: databases of both kinds, and a real chain, one anvil a worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import ALL_ON, POSTGRESQL, SQLITE, databases
from tests.live_chain import Anvil, LiveChain, lived_on, running_anvil
from tests.openid import RunningProvider, running_provider

# A busy machine is slow, not wrong.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


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
    with running_anvil(tmp_path_factory.mktemp("anvil"), 31337) as anvil:
        yield anvil


@pytest.fixture(scope="session")
def other_anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Anvil]:
    with running_anvil(tmp_path_factory.mktemp("other-anvil"), 31338) as anvil:
        yield anvil


@pytest.fixture(scope="session")
def openid_provider() -> Iterator[RunningProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
async def live_chain(anvil: Anvil) -> AsyncIterator[LiveChain]:
    async with lived_on(anvil) as chain:
        yield chain


@pytest.fixture
async def other_chain(other_anvil: Anvil) -> AsyncIterator[LiveChain]:
    """Of another consortium, beside the one of `live_chain`."""
    async with lived_on(other_anvil) as chain:
        yield chain
