"""Alarms about surrenders as callers see them."""

from __future__ import annotations

from tidan_node.records.surrender_alarms import SurrenderAlarm
from tidan_node.web.shapes import AsOf, Moment, Names, PartyName, Shape, moment_of


class AlarmAnswer(Shape):
    """A surrender that is overdue for its answer."""

    title: str
    number: str | None
    """The number of the bill of lading, where its content is held and the key may read it."""
    seq: int
    """Of the request: another surrender of the title has another."""
    status: str
    possessor: PartyName | None
    """Who has asked."""
    awaited: PartyName | None
    """Who should answer: the carrier, or the successor of a revoked one; nobody where that is
    revoked too, or none was named."""
    since: Moment
    due: Moment
    raised_at: Moment

    @classmethod
    def of(cls, alarm: SurrenderAlarm, names: Names, number: str | None) -> AlarmAnswer:
        return cls(
            title=alarm.title,
            number=number,
            seq=alarm.seq,
            status=alarm.status.name,
            possessor=PartyName.or_none(alarm.possessor, names),
            awaited=PartyName.or_none(alarm.awaited, names),
            since=moment_of(alarm.since),
            due=moment_of(alarm.due),
            raised_at=alarm.raised_at,
        )


class AlarmPage(Shape):
    """Alarms that are not over, those raised last first."""

    items: list[AlarmAnswer]
    next_cursor: str | None
    as_of: AsOf
