"""Any record with a history becomes its row: the one way in which projections take events in.

An event that does not follow from what is known marks the record as faulty and leaves the others
alone. Nothing that anybody writes on the chain can stop the node from following it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.events import ChainEvent, Event
from tidan_node.domain.steps import HistoryBroken
from tidan_node.indexer.event_rows import events_of, record_of
from tidan_node.records.recorded import Place, Recorded

State = TypeVar("State")
Key = str
_log = structlog.get_logger(__name__)


class RecordStore(Protocol[State]):
    """The rows of one kind of record. Keys are those of its events."""

    async def load(
        self, connection: AsyncConnection, keys: Iterable[Key]
    ) -> dict[Key, Recorded[State]]: ...

    async def insert(
        self, connection: AsyncConnection, records: Mapping[Key, Recorded[State]]
    ) -> None: ...

    async def update(
        self,
        connection: AsyncConnection,
        records: Mapping[Key, Recorded[State]],
        before: Mapping[Key, Recorded[State]],
    ) -> None:
        """Write these, which were as `before` says."""
        ...

    async def delete(self, connection: AsyncConnection, keys: Iterable[Key]) -> None: ...


@dataclass(frozen=True, slots=True)
class HistoryProjection(Generic[State]):
    """The projection of the records whose events are of these kinds."""

    store: RecordStore[State]
    kinds: frozenset[type[Event]]
    advance: Callable[[State | None, ChainEvent], State]
    key_of: Callable[[Event], Key] = record_of
    """Which row an event belongs to. Where a record has several, it is not the record's own id."""

    async def apply(self, connection: AsyncConnection, events: Sequence[ChainEvent]) -> None:
        """Take events in. Those that a record has taken in before change nothing."""
        ours = self._ours(events)
        if not ours:
            return
        keys = [self.key_of(each.event) for each in ours]
        stored = await self.store.load(connection, frozenset(keys))
        after = self._folded(stored, zip(keys, ours, strict=True))
        new = {key: record for key, record in after.items() if key not in stored}
        changed = {
            key: record
            for key, record in after.items()
            if key in stored and record is not stored[key]
        }
        await self.store.insert(connection, new)
        await self.store.update(connection, changed, stored)

    async def rewind(self, connection: AsyncConnection, removed: Sequence[ChainEvent]) -> None:
        """Rebuild every record that lost events from those that it still has."""
        ours = self._ours(removed)
        touched = {self.key_of(each.event) for each in ours}
        await self.store.delete(connection, touched)
        rebuilt: dict[Key, Recorded[State]] = {}
        for record in sorted({record_of(each.event) for each in ours}):
            # other registries may have a record of the same id, since ids are chosen freely
            left = self._ours(await events_of(connection, record))
            named = [(self.key_of(each.event), each) for each in left]
            rebuilt |= self._folded({}, [each for each in named if each[0] in touched])
        await self.store.insert(connection, rebuilt)

    def _ours(self, events: Iterable[ChainEvent]) -> list[ChainEvent]:
        return [each for each in events if type(each.event) in self.kinds]

    def _folded(
        self, stored: Mapping[Key, Recorded[State]], events: Iterable[tuple[Key, ChainEvent]]
    ) -> dict[Key, Recorded[State]]:
        records = dict(stored)
        for key, happened in events:
            after = self._after(records.get(key), happened)
            if after is not None:
                records[key] = after
        return records

    def _after(
        self, before: Recorded[State] | None, happened: ChainEvent
    ) -> Recorded[State] | None:
        place = Place.of(happened.origin)
        if before is not None and (before.fault is not None or place <= before.last):
            return before
        try:
            state = self.advance(before.state if before else None, happened)
        except HistoryBroken as broken:
            _log.error("record.history-broken", detail=broken.detail, block=place.block)
            return before.broken(broken.detail) if before else None
        return before.moved_to(state, place) if before else Recorded(state, place, place)
