"""One act of a record as the chain told it: what makes a history, whatever the record is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

from tidan_node.domain.events import ChainEvent, Event, Origin
from tidan_node.domain.history import Act
from tidan_node.problems import Problem

State = TypeVar("State")


class HistoryBroken(Problem):
    """Events of one record that do not follow from one another: one is missing, or out of order."""

    status, slug, title = (
        500,
        "history-broken",
        "The events of this record do not make up its history",
    )


class Step(NamedTuple, Generic[State]):
    """An act, the event that told of it, where that stands, and the record after it."""

    act: Act
    event: Event
    origin: Origin
    after: State


def steps_of(
    advance: Callable[[State | None, ChainEvent], Step[State]], events: Iterable[ChainEvent]
) -> tuple[Step[State], ...]:
    """The history that the events of one record make, the first of which made the record."""
    steps: list[Step[State]] = []
    state: State | None = None
    for happened in events:
        step = advance(state, happened)
        steps.append(step)
        state = step.after
    return tuple(steps)


def require_next(record: str, *, seq: int, expected: int) -> None:
    """An act raises the record's seq by one; another number means that events are missing."""
    if seq != expected:
        raise HistoryBroken(
            f"an event of {record} has seq {seq} where seq {expected} comes next",
            record=record,
            seq=seq,
            expectedSeq=expected,
        )
