"""Projections that each hear of the kinds of events that are theirs, and of no others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.events import ChainEvent, Event
from tidan_node.indexer.projections import Projection


class ProjectionOfKinds(Projection, Protocol):
    """One that says which events are its own."""

    @property
    def kinds(self) -> frozenset[type[Event]]: ...


class RoutedProjections:
    """Several as one: a page is looked through once, and not once for each of them."""

    def __init__(self, projections: Sequence[ProjectionOfKinds]) -> None:
        self._projections = projections
        self._of_kind: Mapping[type[Event], Sequence[int]] = {
            kind: [at for at, each in enumerate(projections) if kind in each.kinds]
            for kind in frozenset[type[Event]]().union(*(each.kinds for each in projections))
        }

    async def apply(self, connection: AsyncConnection, events: Sequence[ChainEvent]) -> None:
        for at, ours in self._sorted(events):
            await self._projections[at].apply(connection, ours)

    async def rewind(self, connection: AsyncConnection, removed: Sequence[ChainEvent]) -> None:
        for at, ours in self._sorted(removed):
            await self._projections[at].rewind(connection, ours)

    def _sorted(self, events: Sequence[ChainEvent]) -> list[tuple[int, list[ChainEvent]]]:
        """What each has to hear of, in the order of the projections."""
        ours: dict[int, list[ChainEvent]] = defaultdict(list)
        for happened in events:
            for at in self._of_kind.get(type(happened.event), ()):
                ours[at].append(happened)
        return sorted(ours.items())
