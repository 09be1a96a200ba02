"""A trader, its buyer, a bank and an insurer, each with a node."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.office import Consortium, Office, opened
from tests.papers import policy
from tidan_node.domain.parties import Role


@dataclass
class Trade:
    """The parties of a sale: P1 lends, P2 sells, P3 insures and trades, P4 buys."""

    consortium: Consortium
    bank: Office
    seller: Office
    insurer: Office
    buyer: Office

    async def issued(self, number: str = "POL-1") -> str:
        """The id of a policy by which the insurer covers the seller."""
        wish = {"document": policy(number), "insured": "2"}
        answer = await self.insurer.post("/v1/policies", wish)
        assert answer.status_code == 202, answer.text
        await self.insurer.carry_out()
        return str(answer.json()["policy"])

    async def received(self, number: str = "POL-1") -> str:
        """The same, and the insured's node holds its content."""
        issued = await self.issued(number)
        package = await self.insurer.get(f"/v1/policies/{issued}/package")
        answer = await self.seller.post_file("/v1/packages", package.content)
        assert answer.status_code == 201, answer.text
        return issued

    async def act(self, office: Office, policy: str, act: str, **wish: Any) -> None:
        """An act that is wanted and carried out."""
        answer = await office.post(f"/v1/policies/{policy}/{act}", wish)
        assert answer.status_code == 202, answer.text
        await office.carry_out()


@pytest.fixture
async def trade(tmp_path: Path) -> AsyncIterator[Trade]:
    consortium = Consortium(tmp_path)
    roles = (Role.BANK, Role.TRADER, Role.INSURER | Role.TRADER, Role.TRADER)
    parties = [consortium.enrol(role) for role in roles]
    async with AsyncExitStack() as stack:
        offices = [await stack.enter_async_context(opened(consortium, party)) for party in parties]
        await consortium.publish()
        yield Trade(consortium, *offices)
