"""Alarms about surrenders that nobody answers, as far as they are this party's.

An alarm ends by itself: it stands only while its title is as the surrender has left it. So a
rewind, a replay and an answer need nothing done here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import NO_PARTY, Address, ContentRoot, PartyIndex, TitleId
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.titles import TitleStatus
from tidan_node.records.alarm_tables import title_alarms
from tidan_node.records.tables import IS_SURRENDERED, parties, party_accounts, titles

_SUCCESSORS: Final = parties.alias("successors")
_AWAITED: Final = case(
    (parties.c.status != int(PartyStatus.REVOKED), titles.c.issuer),
    (_SUCCESSORS.c.status != int(PartyStatus.REVOKED), _SUCCESSORS.c.id),
    else_=NO_PARTY,
)
"""The carrier; once that is revoked, its successor; once that is revoked too, nobody: the registry
takes no answer of the successor's own successor."""
_ITS_TITLE: Final = and_(titles.c.id == title_alarms.c.title, titles.c.seq == title_alarms.c.seq)


@dataclass(frozen=True, slots=True)
class SurrenderAlarm:
    """A surrender that was due for an answer and has none. Times are the chain's, in seconds."""

    number: int
    title: TitleId
    content_root: ContentRoot
    seq: int
    status: TitleStatus
    possessor: PartyIndex
    """Who has asked."""
    awaited: PartyIndex
    """Who should answer: the carrier, or its successor; nobody where both are revoked, or none was
    named."""
    since: int
    due: int
    raised_at: datetime


class SurrenderAlarms:
    """In the caller's transaction, for the party that the node's account belongs to: none but
    those where it has asked, or should answer."""

    def __init__(self, connection: AsyncConnection, account: Address) -> None:
        self._connection = connection
        own = (
            select(party_accounts.c.party)
            .where(party_accounts.c.account == account, party_accounts.c.active)
            .scalar_subquery()
        )
        self._ours = or_(titles.c.possessor == own, own == _AWAITED)

    async def raise_overdue(
        self, *, now: int, patience: int, raised_at: datetime
    ) -> list[tuple[TitleId, int]]:
        """Keep an alarm for each surrender that has waited so long and has none: which ones."""
        found = (await self._connection.execute(self.overdue(now - patience))).all()
        if found:
            raised = [
                {"title": row.id, "seq": row.seq, "due": row.last_time + patience} for row in found
            ]
            statement = insert(title_alarms).values(raised_at=raised_at)
            await self._connection.execute(statement, raised)
        return [(row.id, row.seq) for row in found]

    def overdue(self, asked_until: int) -> Select[tuple[object, ...]]:
        """What was surrendered so long ago, is unanswered, and has no alarm yet."""
        return (
            select(titles.c.id, titles.c.seq, titles.c.last_time)
            .join(parties, parties.c.id == titles.c.issuer)
            .outerjoin(_SUCCESSORS, _SUCCESSORS.c.id == parties.c.successor)
            .where(
                IS_SURRENDERED,
                titles.c.last_time <= asked_until,
                titles.c.fault.is_(None),
                self._ours,
                ~exists().where(_ITS_TITLE),
            )
            .order_by(titles.c.last_time, titles.c.id)
        )

    async def standing(self, *, limit: int, before: int | None = None) -> list[SurrenderAlarm]:
        """The alarms that are not over, the newest first, from just before this number."""
        wanted = [] if before is None else [title_alarms.c.number < before]
        statement = self._standing(*wanted).order_by(title_alarms.c.number.desc())
        return await self._read(statement.limit(limit))

    async def raised_after(
        self, number: int, records: Sequence[str] | None, *, limit: int
    ) -> list[SurrenderAlarm]:
        """Those that are not over among the alarms after this one, of these titles alone where
        there are any, the oldest first."""
        wanted = [title_alarms.c.number > number]
        if records is not None:
            wanted.append(title_alarms.c.title.in_(records))
        statement = self._standing(*wanted).order_by(title_alarms.c.number)
        return await self._read(statement.limit(limit))

    async def count(self) -> int:
        """How many are not over."""
        standing = self._standing().subquery()
        found = await self._connection.scalar(select(func.count()).select_from(standing))
        return found or 0

    def _standing(self, *wanted: ColumnElement[bool]) -> Select[tuple[object, ...]]:
        return (
            select(
                title_alarms,
                titles.c.content_root,
                titles.c.status,
                titles.c.possessor,
                titles.c.last_time,
                _AWAITED.label("awaited"),
            )
            .select_from(title_alarms)
            .join(titles, _ITS_TITLE)
            .join(parties, parties.c.id == titles.c.issuer)
            .outerjoin(_SUCCESSORS, _SUCCESSORS.c.id == parties.c.successor)
            .where(IS_SURRENDERED, self._ours, *wanted)
        )

    async def _read(self, statement: Select[tuple[object, ...]]) -> list[SurrenderAlarm]:
        rows = await self._connection.execute(statement)
        return [_alarm(row) for row in rows.mappings()]


async def newest_alarm(connection: AsyncConnection) -> int:
    """The number of the alarm that was raised last; 0 before the first."""
    return await connection.scalar(select(func.max(title_alarms.c.number))) or 0


def _alarm(row: RowMapping) -> SurrenderAlarm:
    return SurrenderAlarm(
        number=row["number"],
        title=row["title"],
        content_root=row["content_root"],
        seq=row["seq"],
        status=TitleStatus(row["status"]),
        possessor=row["possessor"],
        awaited=row["awaited"],
        since=row["last_time"],
        due=row["due"],
        raised_at=row["raised_at"],
    )
