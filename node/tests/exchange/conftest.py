"""A carrier, a seller, an insurer and a buyer, whose nodes hand one another packages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.roads import Roads
from tests.office import Consortium, Office, opened
from tests.papers import invoice, policy, transport_document
from tidan_node.domain.identifiers import RecordId
from tidan_node.domain.packages import Package, RecordKind
from tidan_node.domain.parties import Role
from tidan_node.exchange.packing import package_of


@dataclass
class Dealings:
    """P1 carries, P2 sells, P3 insures, P4 buys."""

    consortium: Consortium
    carrier: Office
    seller: Office
    insurer: Office
    buyer: Office

    async def record(self, kind: RecordKind, number: str = "TDB-0417") -> tuple[Office, RecordId]:
        """A record on the chain, and the office that made it and holds its content."""
        office, path, body = {
            "title": (self.carrier, "/v1/titles", self._title(number)),
            "invoice": (self.seller, "/v1/invoices", {"document": invoice(number), "buyer": "4"}),
            "policy": (self.insurer, "/v1/policies", {"document": policy(number), "insured": "2"}),
        }[kind]
        answer = await office.post(path, body)
        assert answer.status_code == 202, answer.text
        await office.carry_out()
        return office, RecordId(answer.json()[kind])

    async def package(self, kind: RecordKind, number: str = "TDB-0417") -> Package:
        """The package of such a record."""
        office, record = await self.record(kind, number)
        return await packed(office, kind, record)

    def _title(self, number: str) -> dict[str, Any]:  # Any: JSON
        return {"document": transport_document(number), "possessor": "2", "titleholder": "2"}


async def packed(office: Office, kind: RecordKind, record: RecordId) -> Package:
    """What this office makes of a record that it holds the content of."""
    async with office.database.reading() as connection:
        package = await package_of(connection, office.app.state.node, kind, record)
    assert package is not None
    return package


@pytest.fixture
async def dealings(tmp_path: Path) -> AsyncIterator[Dealings]:
    consortium = Consortium(tmp_path)
    parties = [
        consortium.enrol(role) for role in (Role.CARRIER, Role.TRADER, Role.INSURER, Role.TRADER)
    ]
    async with AsyncExitStack() as stack:
        offices = [await stack.enter_async_context(opened(consortium, party)) for party in parties]
        await consortium.publish()
        yield Dealings(consortium, *offices)


@pytest.fixture
def roads(dealings: Dealings) -> Roads:
    """The roads between the four offices."""
    return Roads(dealings.consortium.offices)
