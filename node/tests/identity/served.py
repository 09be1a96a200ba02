"""Nodes of parties on ports of this machine, at the addresses that their profiles name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

from tests.office import Consortium, Office, opened
from tests.on_loopback import served
from tests.story import hex_of
from tidan_node.domain import events as told
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import Role


def says(consortium: Consortium, party: PartyIndex, **members: Any) -> None:
    """The party's profile is another from the next block on, of a node without TLS on this very
    machine; Any: members of a profile."""
    plain = replace(consortium.story.profile_of(party), tls_certificates=())
    raw = replace(plain, **members).canonical()
    consortium.story.emit(told.ProfileChanged(party, hex_of(raw), raw))


@asynccontextmanager
async def served_offices(consortium: Consortium, *roles: Role) -> AsyncIterator[list[Office]]:
    """A party of each role, whose node other nodes reach."""
    parties = [consortium.enrol(role) for role in roles]
    async with AsyncExitStack() as stack:
        offices = [
            await stack.enter_async_context(opened(consortium, party)) for party in parties
        ]  # fmt: skip
        for office in offices:
            url = await stack.enter_async_context(served(office.app))
            says(consortium, office.party, node_url=url)
        await consortium.publish()
        yield offices
