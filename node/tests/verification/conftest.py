"""A trade whose parties have nodes; and the standards, which the repository does not contain."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.office import Consortium, opened
from tests.verification.dossiers import STANDARDS
from tests.verification.trades import Trade, own_dossier
from tidan_node.domain.parties import Role


@pytest.fixture(scope="session")
def standards() -> Path:
    if not STANDARDS.is_dir():
        pytest.skip("../shared/standards is not beside the repository")
    return STANDARDS


@pytest.fixture
async def trade(tmp_path: Path) -> AsyncIterator[Trade]:
    consortium = Consortium(tmp_path)
    roles = (Role.CARRIER, Role.TRADER, Role.INSURER, Role.BANK)
    parties = [consortium.enrol(role) for role in roles]
    async with AsyncExitStack() as stack:
        offices = [await stack.enter_async_context(opened(consortium, each)) for each in parties]
        await consortium.publish()
        yield Trade(consortium, *offices, own_dossier())
