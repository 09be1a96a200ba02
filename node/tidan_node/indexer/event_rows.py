"""An event of the chain and its row: one from the other, and rows asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Final, get_args

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.council_fold import COUNCIL, ProposalEvent, SeatEvent, proposal_name
from tidan_node.domain.events import ChainEvent, Event, Origin
from tidan_node.indexer.tables import chain_events
from tidan_node.ledger.event_types import EventUnreadable, declared_types, json_of, typed_event
from tidan_node.storage.bulk import Row, insert_rows

_IN_ORDER = (chain_events.c.block_number, chain_events.c.log_index)
COLUMNS: Final = (
    *("chain_id", "block_number", "block_hash", "log_index", "tx_hash", "block_time"),
    *("contract", "name", "record", "data"),
)
"""Those of an event, but for the number that SQL gives."""


def record_of(event: Event) -> str:
    """What the event is about: the id of a record or an anchor, the Council or a proposal of it, a
    gateway, or the index of a party as text."""
    return _RECORDS[type(event)](event)


def _naming(kind: type[Event]) -> Callable[[Any], str]:
    """How an event of this kind names its record (Any: it is of that kind)."""
    if kind in get_args(SeatEvent):
        return lambda _: COUNCIL
    if kind in get_args(ProposalEvent):
        return lambda event: proposal_name(event.proposal)
    for name in ("id", "anchor_id", "party", "carrier", "gateway"):
        declared = declared_types(kind.__name__).get(name)
        if declared is str:
            return attrgetter(name)
        if declared is not None:
            return lambda event: str(getattr(event, name))
    raise TypeError(f"{kind.__name__} names no record")


_RECORDS: Final = {kind: _naming(kind) for kind in get_args(Event)}


def row_of(happened: ChainEvent) -> Row:
    """The values of `COLUMNS`."""
    origin, event = happened.origin, happened.event
    return (
        origin.chain_id,
        origin.block_number,
        origin.block_hash,
        origin.log_index,
        origin.tx_hash,
        origin.block_time,
        origin.contract,
        type(event).__name__,
        record_of(event),
        json_of(event),
    )


def event_of(row: Any) -> ChainEvent:
    """The event that this row is of (Any: SQLAlchemy cannot say what it holds)."""
    return ChainEvent(
        event=typed_event(row.name, row.data),
        origin=Origin(
            chain_id=row.chain_id,
            contract=row.contract,
            block_number=row.block_number,
            block_hash=row.block_hash,
            block_time=row.block_time,
            tx_hash=row.tx_hash,
            log_index=row.log_index,
        ),
    )


async def events_of(
    connection: AsyncConnection, record: str, *, chain_id: int | None = None
) -> list[ChainEvent]:
    """Everything that happened to one record, oldest first."""
    wanted = select(chain_events).where(chain_events.c.record == record)
    if chain_id is not None:
        wanted = wanted.where(chain_events.c.chain_id == chain_id)
    return [event_of(row) for row in await connection.execute(wanted.order_by(*_IN_ORDER))]


async def kept_events(connection: AsyncConnection, record: str) -> list[ChainEvent | None]:
    """As `events_of`, but a row that is no event of the chain is None and hides no other."""
    wanted = select(chain_events).where(chain_events.c.record == record).order_by(*_IN_ORDER)
    return [_readable(row) for row in await connection.execute(wanted)]


def _readable(row: Any) -> ChainEvent | None:
    try:
        return event_of(row)
    except EventUnreadable:
        return None


async def add_events(
    connection: AsyncConnection, events: Sequence[ChainEvent]
) -> Sequence[ChainEvent]:
    """Keep those events that are not kept yet, and say which: a replay adds nothing."""
    if not events:
        return events
    first = events[0].origin
    known = await connection.execute(
        select(chain_events.c.block_hash, chain_events.c.log_index).where(
            chain_events.c.chain_id == first.chain_id,
            chain_events.c.block_number >= first.block_number,
            chain_events.c.block_number <= events[-1].origin.block_number,
        )
    )
    places = {(row.block_hash, row.log_index) for row in known}
    new = events
    if places:
        new = [e for e in events if (e.origin.block_hash, e.origin.log_index) not in places]
    rows = [row_of(each) for each in new]
    await insert_rows(connection, chain_events, COLUMNS, rows, ready=["data"])
    return new


async def events_after(connection: AsyncConnection, chain_id: int, number: int) -> list[ChainEvent]:
    """The events above this block, oldest first."""
    above = (chain_events.c.chain_id == chain_id) & (chain_events.c.block_number > number)
    rows = await connection.execute(select(chain_events).where(above).order_by(*_IN_ORDER))
    return [event_of(row) for row in rows]


async def remove_events_after(
    connection: AsyncConnection, chain_id: int, number: int
) -> list[ChainEvent]:
    """Delete the events above this block, and return them, oldest first."""
    removed = await events_after(connection, chain_id, number)
    above = (chain_events.c.chain_id == chain_id) & (chain_events.c.block_number > number)
    await connection.execute(delete(chain_events).where(above))
    return removed
