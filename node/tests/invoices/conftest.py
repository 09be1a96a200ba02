"""A trader, its buyer, a bank and an insurer, each with a node."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.office import Consortium, Office, opened
from tests.papers import invoice
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import Role


@dataclass
class Trade:
    """The parties of a sale: P1 lends, P2 sells, P3 insures and trades, P4 buys."""

    consortium: Consortium
    bank: Office
    seller: Office
    insurer: Office
    buyer: Office

    async def registered(self, number: str = "INV-1") -> str:
        """The id of an invoice that the seller has registered for the buyer."""
        wish = {"document": invoice(number), "buyer": "4"}
        answer = await self.seller.post("/v1/invoices", wish)
        assert answer.status_code == 202, answer.text
        await self.seller.carry_out()
        return str(answer.json()["invoice"])

    async def received(self, number: str = "INV-1") -> str:
        """The same, and the buyer's node holds its content."""
        registered = await self.registered(number)
        package = await self.seller.get(f"/v1/invoices/{registered}/package")
        answer = await self.buyer.post_file("/v1/packages", package.content)
        assert answer.status_code == 201, answer.text
        return registered

    async def title(self) -> str:
        """The id of a title that a carrier has issued to the seller."""
        carrier = self.consortium.enrol(Role.CARRIER)
        title = self.consortium.story.issue(carrier, PartyIndex(2))
        await self.consortium.publish()
        return title

    async def act(self, office: Office, invoice: str, act: str, **wish: Any) -> None:
        """An act that is wanted and carried out."""
        answer = await office.post(f"/v1/invoices/{invoice}/{act}", wish)
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
