"""How far events and alarms go, asked of SQL once for all who were woken by the same news."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tidan_node.indexer.places import EventPlace, newest_place
from tidan_node.records.surrender_alarms import newest_alarm
from tidan_node.storage.database import Database


@dataclass(frozen=True, slots=True)
class Seen:
    """Where the last event stands, and the number of the last alarm."""

    place: EventPlace
    alarm: int


class Newest:
    """Answers from memory until there is other news."""

    def __init__(self) -> None:
        self._asking = asyncio.Lock()
        self._at: int | None = None
        self._seen: Seen | None = None

    async def seen(self, database: Database, chain_id: int, count: int) -> Seen:
        """What there is, as of the news of this count or later."""
        async with self._asking:
            if self._seen is None or self._at is None or self._at < count:
                async with database.reading() as connection:
                    place = await newest_place(connection, chain_id)
                    self._seen = Seen(place, await newest_alarm(connection))
                self._at = count
            return self._seen
