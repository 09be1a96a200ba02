"""What a lane has to sign for: what it has taken, and what it takes of that which is nobody's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address
from tidan_node.ledger.blocks import BlockRef
from tidan_node.operations.chain import IndexedBlocks
from tidan_node.operations.lane_looks import Glance, LaneLooks
from tidan_node.operations.lane_rows import LaneRows, Ready
from tidan_node.operations.sending import Sending
from tidan_node.operations.taking import give_up, take, to_take
from tidan_node.storage.database import Database

AT_ONCE: Final = 100
"""How many are taken, signed in one commit, and leave in one batch."""

MaySign = Callable[[AsyncConnection, Address], Awaitable[bool]]
"""Whether an account acts for the node's party, as far as the chain has been read."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The operations of one account that wait for signatures. All of it is SQL, no chain."""

    database: Database
    indexed: IndexedBlocks
    looks: LaneLooks
    sending: Sending
    kinds: Collection[str]
    turn: asyncio.Lock
    """Of all lanes one at a time reaches for what is free: the others then see that it is gone."""
    clock: Callable[[], datetime]
    may_sign: MaySign | None = None
    is_former: bool = False
    """Nothing can be signed with the account any more."""

    async def look(self, now: datetime) -> tuple[BlockRef | None, Glance]:
        """The block that was read last, and what there is to do; what is free is taken as far as
        there is room, and what was not signed in time is over, whether the chain answers or not."""
        async with self.turn:
            async with self.database.reading() as connection:
                cursor = await self.indexed.cursor(connection)
                seen = await self.looks.glance(connection, now, self.sending)
            if seen.is_overdue:
                await self._undo_overdue(now)
            taken = await self._reach(seen.room) if seen.has_free else 0
        return cursor, replace(seen, unsigned=seen.unsigned + taken)

    async def ready(self) -> list[Ready]:
        """Operations of this lane that can be signed now, as many as it has room for."""
        if not await self._acts():
            await self.give_up()
            return []
        async with self.database.reading() as connection:
            rows = self._rows(connection)
            unconfirmed = await rows.unconfirmed(self.sending.used)
            room = min(AT_ONCE, self.looks.in_flight - unconfirmed)
            return [] if room <= 0 else await rows.ready(self.kinds, room)

    async def give_up(self) -> None:
        """Leave what is not signed to the lanes that can."""
        chain_id, now = self.looks.chain_id, self.clock()
        async with self.database.writing() as connection:
            await give_up(connection, self.looks.account, chain_id=chain_id, now=now)

    async def _reach(self, room: int) -> int:
        """So many were taken."""
        room = min(AT_ONCE, room)
        if room <= 0 or self.is_former or not await self._acts():
            return 0
        async with self.database.reading() as connection:
            wanted = await to_take(
                connection, chain_id=self.looks.chain_id, kinds=self.kinds, limit=room
            )
        if not wanted:
            return 0
        async with self.database.writing() as connection:
            return await take(connection, self.looks.account, wanted)

    async def _undo_overdue(self, now: datetime) -> None:
        async with self.database.reading() as connection:
            overdue = await self._rows(connection).overdue(now)
        if overdue:
            async with self.database.writing() as connection:
                await self._rows(connection).undo(overdue, now)

    async def _acts(self) -> bool:
        """Whether the account may sign for the party now; the node's own is always tried."""
        if self.may_sign is None:
            return True
        async with self.database.reading() as connection:
            return await self.may_sign(connection, self.looks.account)

    def _rows(self, connection: AsyncConnection) -> LaneRows:
        return LaneRows(connection, chain_id=self.looks.chain_id, account=self.looks.account)
