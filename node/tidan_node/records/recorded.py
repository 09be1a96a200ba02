"""A record as it stands, with where its history begins and ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Generic, NamedTuple, TypeVar

from tidan_node.domain.events import Origin

State = TypeVar("State")
_LONGEST_FAULT: Final = 500


class Place(NamedTuple):
    """Where an event stands on the chain, and the time of its block (seconds)."""

    block: int
    log: int
    time: int

    @classmethod
    def of(cls, origin: Origin) -> Place:
        return cls(origin.block_number, origin.log_index, origin.block_time)


class Recorded(NamedTuple, Generic[State]):
    """What the node knows of a record.

    `fault` says that events are missing, so that the state is an older one than the chain's: it is
    shown, not hidden, and a reindex heals it.
    """

    state: State
    first: Place
    last: Place
    fault: str | None = None

    def moved_to(self, state: State, place: Place) -> Recorded[State]:
        return Recorded(state, self.first, place, self.fault)

    def broken(self, why: str) -> Recorded[State]:
        return self._replace(fault=why[:_LONGEST_FAULT])

    def places(self) -> tuple[int | str | None, ...]:
        """The values of `PLACES`."""
        return (*self.first, *self.last, self.fault)


PLACES: Final = (
    *("first_block", "first_log", "first_time"),
    *("last_block", "last_log", "last_time"),
    "fault",
)
"""The columns in which every record ends."""


def recorded_of(state: State, row: Sequence[Any]) -> Recorded[State]:
    """The record of this state, whose places stand last in the row (Any: SQLAlchemy's gap)."""
    places: tuple[Any, ...] = tuple(row)[-len(PLACES) :]
    return Recorded(state, Place(*places[:3]), Place(*places[3:6]), places[6])
