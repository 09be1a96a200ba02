"""A record as it stands, with where its history begins and ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Row

from tidan_node.domain.events import Origin

State = TypeVar("State")
_LONGEST_FAULT: Final = 500


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an event stands on the chain, and the time of its block (seconds)."""

    block: int
    log: int
    time: int

    @classmethod
    def of(cls, origin: Origin) -> Place:
        return cls(origin.block_number, origin.log_index, origin.block_time)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[State]):
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
        return replace(self, fault=why[:_LONGEST_FAULT])

    def places(self) -> tuple[int | str | None, ...]:
        """The values of `PLACES`."""
        first, last = self.first, self.last
        return (
            *(first.block, first.log, first.time),
            *(last.block, last.log, last.time),
            self.fault,
        )


PLACES: Final = (
    *("first_block", "first_log", "first_time"),
    *("last_block", "last_log", "last_time"),
    "fault",
)
"""The columns in which every record ends."""


def recorded_of(state: State, row: Row[Any]) -> Recorded[State]:
    """The record of this state, whose places stand last in the row (Any: SQLAlchemy's gap)."""
    places: tuple[Any, ...] = tuple(row)[-len(PLACES) :]
    return Recorded(state, Place(*places[:3]), Place(*places[3:6]), places[6])
