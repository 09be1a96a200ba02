"""A trader, its buyer and an insurer, each with a node."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.office import Consortium, Office, opened
from tidan_node.domain.parties import Role


@dataclass
class Trade:
    """The parties of a sale: P1 looks on, P2 sells, P3 insures and trades, P4 buys."""

    consortium: Consortium
    bank: Office
    seller: Office
    insurer: Office


@pytest.fixture
async def trade(tmp_path: Path) -> AsyncIterator[Trade]:
    consortium = Consortium(tmp_path)
    roles = (Role.BANK, Role.TRADER, Role.INSURER | Role.TRADER, Role.TRADER)
    parties = [consortium.enrol(role) for role in roles]
    async with AsyncExitStack() as stack:
        offices = [
            await stack.enter_async_context(opened(consortium, party)) for party in parties[:3]
        ]
        await consortium.publish()
        yield Trade(consortium, *offices)
