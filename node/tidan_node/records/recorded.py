"""A record as it stands, with where its history begins and ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from sqlalchemy import RowMapping

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
        return replace(self, state=state, last=place)

    def broken(self, why: str) -> Recorded[State]:
        return replace(self, fault=why[:_LONGEST_FAULT])

    def place_columns(self) -> dict[str, object]:
        return {
            "first_block": self.first.block,
            "first_log": self.first.log,
            "first_time": self.first.time,
            "last_block": self.last.block,
            "last_log": self.last.log,
            "last_time": self.last.time,
            "fault": self.fault,
        }


def recorded_of(state: State, row: RowMapping) -> Recorded[State]:
    """The record of this state whose other columns are in the row."""
    return Recorded(
        state=state,
        first=Place(row["first_block"], row["first_log"], row["first_time"]),
        last=Place(row["last_block"], row["last_log"], row["last_time"]),
        fault=row["fault"],
    )
