"""A carrier, two traders and a bank, each with its node."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.office import Consortium, Office, opened
from tests.papers import transport_document
from tidan_node.domain.identifiers import RecordId
from tidan_node.domain.parties import Role
from tidan_node.exchange.chain_view import parties_concerned
from tidan_node.records.records import Records


@dataclass
class Trade:
    """The parties of a sale: P1 carries, P2 sells, P3 buys, P4 lends."""

    consortium: Consortium
    carrier: Office
    seller: Office
    buyer: Office
    bank: Office

    async def issued(self, number: str = "TDB-0417", **document: bool) -> str:
        """The id of a title that the carrier has issued to the seller."""
        wish = {"document": transport_document(number, **document), "possessor": "2"}
        if not document.get("blank"):
            wish["titleholder"] = "2"
        answer = await self.carrier.post("/v1/titles", wish)
        assert answer.status_code == 202, answer.text
        await self.carrier.carry_out()
        return str(answer.json()["title"])

    async def offered(self, number: str = "TDB-0417") -> str:
        """The id of a title that the seller has offered to the buyer."""
        title = await self.issued(number)
        answer = await self.seller.post(f"/v1/titles/{title}/offers", {"recipient": "3"})
        assert answer.status_code == 202, answer.text
        await self.seller.carry_out()
        return title

    async def concerned(self, title: str) -> set[int]:
        """Who has a place in the title, and so may be sent its package."""
        async with self.seller.database.reading() as connection:
            found = await parties_concerned(Records(connection), "title", RecordId(title))
        return set(map(int, found))

    async def package(self, title: str) -> bytes:
        """The package of the title, as the carrier makes it."""
        answer = await self.carrier.get(f"/v1/titles/{title}/package")
        assert answer.status_code == 200, answer.text
        return answer.content


@pytest.fixture
async def trade(tmp_path: Path) -> AsyncIterator[Trade]:
    consortium = Consortium(tmp_path)
    carrier = consortium.enrol(Role.CARRIER)
    seller, buyer, bank = (consortium.enrol(role) for role in (Role.TRADER, Role.TRADER, Role.BANK))
    async with AsyncExitStack() as stack:
        offices = [
            await stack.enter_async_context(opened(consortium, party))
            for party in (carrier, seller, buyer, bank)
        ]
        await consortium.publish()
        yield Trade(consortium, *offices)
