"""One chain and one consortium per test process; every test starts from the same block."""

from collections.abc import Iterator

import pytest

from chaincode_tests.anvil import running_anvil
from chaincode_tests.chain import Chain
from chaincode_tests.consortium import Consortium, found_consortium
from chaincode_tests.trade import Trade


@pytest.fixture(scope="session")
def consortium() -> Iterator[Consortium]:
    with running_anvil() as url, Chain(url) as chain:
        yield found_consortium(chain)


@pytest.fixture
def world(consortium: Consortium) -> Iterator[Consortium]:
    """The consortium as founded: what a test does to it is undone."""
    snapshot = consortium.chain.snapshot()
    yield consortium
    consortium.chain.revert_to(snapshot)


@pytest.fixture
def trade(world: Consortium) -> Trade:
    return Trade(world)
