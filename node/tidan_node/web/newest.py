"""The newest event, asked of SQL once for all who were woken by the same news."""

from __future__ import annotations

import asyncio

from tidan_node.indexer.places import EventPlace, newest_place
from tidan_node.storage.database import Database


class Newest:
    """Answers from memory until there is other news."""

    def __init__(self) -> None:
        self._asking = asyncio.Lock()
        self._at: int | None = None
        self._place: EventPlace | None = None

    async def place(self, database: Database, chain_id: int, count: int) -> EventPlace:
        """Where the last event stands, as of the news of this count or later."""
        async with self._asking:
            if self._place is None or self._at is None or self._at < count:
                async with database.reading() as connection:
                    self._place = await newest_place(connection, chain_id)
                self._at = count
            return self._place
