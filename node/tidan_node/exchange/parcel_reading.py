"""Parcels of both directions, as those who work at this node see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import RowMapping, Select, literal, null, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parcels import ParcelId, ParcelStatus
from tidan_node.exchange.parcel_schemas import ParcelAnswer, ParcelFilter, ParcelPage
from tidan_node.exchange.problems import ParcelUnknown
from tidan_node.exchange.tables import parcels_outgoing, parcels_received
from tidan_node.records.records import Records
from tidan_node.storage.columns import UtcDateTime
from tidan_node.web.pagination import PageRequest, Position, cursor_of
from tidan_node.web.shapes import Names, PartyName

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

_out, _in = parcels_outgoing.c, parcels_received.c
_OUTGOING: Final = select(
    _out.id,
    literal("out").label("direction"),
    _out.kind,
    _out.record_id,
    _out.recipient.label("party"),
    _out.status,
    _out.attempts,
    _out.next_attempt_at,
    _out.problem,
    _out.rule,
    _out.created_at,
    _out.ended_at,
)
_INCOMING: Final = select(
    _in.id,
    literal("in").label("direction"),
    _in.kind,
    _in.record_id,
    _in.sender.label("party"),
    _in.status,
    literal(1).label("attempts"),
    null().cast(UtcDateTime).label("next_attempt_at"),
    _in.problem,
    _in.rule,
    _in.created_at,
    _in.created_at.label("ended_at"),
)
Rows = Select[Any]  # Any: the types of the columns


class ParcelReader:
    """Parcels, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._records = Records(connection)

    async def page(self, page: PageRequest, wanted: ParcelFilter) -> ParcelPage:
        """The newest first."""
        both = [
            _filtered(rows, wanted)
            for direction, rows in (("out", _OUTGOING), ("in", _INCOMING))
            if wanted.direction in (None, direction)
        ]
        parcels = union_all(*both).subquery()
        place = tuple_(parcels.c.created_at, parcels.c.id)
        asked = select(parcels).order_by(parcels.c.created_at.desc(), parcels.c.id.desc())
        if page.after is not None:
            after = _EPOCH + page.after.key * _MICROSECOND
            asked = asked.where(place < tuple_(literal(after, UtcDateTime), literal(page.after.id)))
        found = (await self._connection.execute(asked.limit(page.limit + 1))).mappings().all()
        rows, more = found[: page.limit], len(found) > page.limit
        names = await self._names(rows)
        cursor = None
        if more:
            last = rows[-1]
            cursor = cursor_of(Position((last["created_at"] - _EPOCH) // _MICROSECOND, last["id"]))
        return ParcelPage(items=[_answer(row, names) for row in rows], next_cursor=cursor)

    async def by_id(self, parcel_id: ParcelId) -> ParcelAnswer:
        """The parcel of this name: one's own before any that came."""
        for rows, name in ((_OUTGOING, _out.id), (_INCOMING, _in.id)):
            found = await self._connection.execute(rows.where(name == parcel_id).limit(1))
            row = found.mappings().first()
            if row is not None:
                return _answer(row, await self._names([row]))
        raise ParcelUnknown(f"there is no parcel {parcel_id}", field="parcel")

    async def _names(self, rows: Any) -> Names:  # Any: a sequence of rows
        return await self._records.party_names({PartyIndex(row["party"]) for row in rows})


def _filtered(rows: Rows, wanted: ParcelFilter) -> Rows:
    columns = rows.selected_columns
    if wanted.record is not None:
        rows = rows.where(columns.record_id == wanted.record)
    if wanted.status is not None:
        rows = rows.where(columns.status == wanted.status)
    return rows


def _answer(row: RowMapping, names: Names) -> ParcelAnswer:
    return ParcelAnswer(
        id=row["id"],
        direction=row["direction"],
        kind=row["kind"],
        record=row["record_id"],
        party=PartyName.of(PartyIndex(row["party"]), names),
        status=ParcelStatus(row["status"]),
        attempts=row["attempts"],
        next_attempt_at=row["next_attempt_at"],
        problem=row["problem"],
        rule=row["rule"],
        created_at=row["created_at"],
        ended_at=row["ended_at"],
    )
