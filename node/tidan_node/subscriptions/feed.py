"""The chain's events in their order, from any place on: what streams and deliveries read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.events import ChainEvent
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.event_rows import event_of
from tidan_node.indexer.places import BEFORE_ALL, EventPlace, newest_place
from tidan_node.indexer.tables import chain_events
from tidan_node.subscriptions.cloud_events import ALARM
from tidan_node.subscriptions.problems import PositionUnknown
from tidan_node.subscriptions.tables import parted_blocks

PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events a reader asked for; None lets all through."""

    events: tuple[str, ...] | None = None
    records: tuple[str, ...] | None = None

    @property
    def alarms(self) -> bool:
        """Whether it also wants the alarms about these records."""
        return self.events is None or ALARM in self.events

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.events is not None:
            found.append(chain_events.c.name.in_(self.events))
        if self.records is not None:
            found.append(chain_events.c.record.in_(self.records))
        return found


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Events, the place up to which all that were wanted have been read, and whether it ends."""

    events: Sequence[ChainEvent]
    up_to: EventPlace
    more: bool


class Feed:
    """Reads one chain's events, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection, chain_id: int) -> None:
        self._connection = connection
        self._chain_id = chain_id

    async def newest(self) -> EventPlace:
        return await newest_place(self._connection, self._chain_id)

    async def resolved(self, place: EventPlace) -> EventPlace | None:
        """Where a reader of this event goes on: behind it, or where the chain has left it since.

        None: the node, which may be reading everything anew, has not come that far.
        """
        if place == BEFORE_ALL or await self._is_there(place):
            return place
        parted_at = await self._connection.scalar(
            select(parted_blocks.c.parted_at).where(
                parted_blocks.c.chain_id == self._chain_id, parted_blocks.c.hash == place.hash
            )
        )
        if parted_at is not None:
            return EventPlace.after_block(parted_at)
        cursor = await Checkpoint(self._chain_id).cursor(self._connection)
        if cursor is None or cursor.number < place.block:
            return None
        raise PositionUnknown("the node has never read this event", field="after")

    async def page(self, after: EventPlace, wanted: Wanted, *, limit: int = PAGE) -> FeedPage:
        """The next events that are wanted, oldest first."""
        at = tuple_(chain_events.c.block_number, chain_events.c.log_index)
        rows = await self._connection.execute(
            select(chain_events)
            .where(
                chain_events.c.chain_id == self._chain_id,
                chain_events.c.block_number >= after.block,
                at > tuple_(literal(after.block), literal(after.log)),
                *wanted.conditions(),
            )
            .order_by(chain_events.c.block_number, chain_events.c.log_index)
            .limit(limit)
        )
        events = [event_of(row) for row in rows]
        if len(events) == limit:
            return FeedPage(events, EventPlace.of(events[-1].origin), more=True)
        return FeedPage(events, await self.newest(), more=False)

    async def _is_there(self, place: EventPlace) -> bool:
        found = await self._connection.scalar(
            select(chain_events.c.id).where(
                chain_events.c.chain_id == self._chain_id,
                chain_events.c.block_hash == place.hash,
                chain_events.c.log_index == place.log,
            )
        )
        return found is not None
