"""What a session of a foreign platform's user lives by, asked anew in every request."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.authentication import not_authenticated
from tidan_node.people.caller import Caller


class SessionGuard(Protocol):
    """Whether the recognition that a session names (`Caller.anchor_id`) still stands."""

    async def admit(self, connection: AsyncConnection, caller: Caller) -> Caller:
        """The caller, with no more than the recognition covers now; NotAuthenticated where it
        stands no more."""
        ...


class NothingRecognised:
    """For a node that recognises no platform: no such session opens anything."""

    async def admit(self, connection: AsyncConnection, caller: Caller) -> Caller:
        raise not_authenticated()
