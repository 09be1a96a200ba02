"""Five parties, of whom the first three are the Council; the nodes of four of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.council_acts import found, wait
from tests.office import Consortium, Office, opened
from tests.story import Story
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import Role


@dataclass
class Membership:
    """P1 carries, P2 is a bank, P3 a regulator: two of them decide. P4 and P5 only belong."""

    consortium: Consortium
    carrier: Office
    bank: Office
    regulator: Office
    trader: Office

    @property
    def story(self) -> Story:
        return self.consortium.story

    async def proposed(self, body: dict[str, Any], by: Office | None = None) -> int:
        """The number of what the carrier, or another, has proposed."""
        office = by or self.carrier
        answer = await office.post("/v1/council/proposals", {"reason": "it is time", **body})
        assert answer.status_code == 202, answer.text
        await office.carry_out()
        return len(self.story.council.proposals)

    async def approved(self, number: int, *members: Office) -> None:
        for member in members:
            answer = await member.post(f"/v1/council/proposals/{number}/approval")
            assert answer.status_code == 202, answer.text
            await member.carry_out()

    async def decided(self, body: dict[str, Any]) -> int:
        """What carrier and bank have decided, and all could see coming."""
        number = await self.proposed(body)
        await self.approved(number, self.bank)
        await self.later()
        answer = await self.trader.post(f"/v1/council/proposals/{number}/execution")
        assert answer.status_code == 202, answer.text
        await self.trader.carry_out()
        return number

    async def later(self, seconds: int = 86_400) -> None:
        wait(self.story, seconds)
        await self.consortium.publish()


@pytest.fixture
async def unfounded(tmp_path: Path) -> AsyncIterator[Membership]:
    consortium = Consortium(tmp_path)
    roles = (Role.CARRIER, Role.BANK, Role.REGULATOR, Role.TRADER, Role.CARRIER)
    parties = [consortium.enrol(role) for role in roles]
    async with AsyncExitStack() as stack:
        offices = [
            await stack.enter_async_context(opened(consortium, party)) for party in parties[:4]
        ]
        await consortium.publish()
        yield Membership(consortium, *offices)


@pytest.fixture
async def members(unfounded: Membership) -> Membership:
    found(unfounded.story, *(PartyIndex(index) for index in (1, 2, 3)))
    await unfounded.consortium.publish()
    return unfounded
