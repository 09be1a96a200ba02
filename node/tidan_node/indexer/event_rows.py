"""An event of the chain and its row: one from the other, and rows asked for."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.council_fold import COUNCIL, ProposalEvent, SeatEvent, proposal_name
from tidan_node.domain.events import ChainEvent, Event, Origin
from tidan_node.domain.membership_events import (
    AdmissionWithdrawn,
    GatewayAdmitted,
    GatewayDismissed,
    GatewayRecognised,
)
from tidan_node.domain.platform_fold import PlatformEvent
from tidan_node.indexer.tables import chain_events
from tidan_node.ledger.event_types import EventUnreadable, plain_values, typed_event

_IN_ORDER = (chain_events.c.block_number, chain_events.c.log_index)


def record_of(event: Event) -> str:
    """What the event is about: the id of a record or an anchor, the Council or a proposal of it, a
    gateway, or the index of a party as text."""
    if isinstance(event, SeatEvent):
        return COUNCIL
    if isinstance(event, ProposalEvent):
        return proposal_name(event.proposal)
    if isinstance(event, PlatformEvent):
        return event.anchor_id
    if isinstance(event, GatewayRecognised | GatewayDismissed):
        return event.gateway
    if isinstance(event, GatewayAdmitted | AdmissionWithdrawn):
        return str(event.carrier)
    record: str | int = getattr(event, "id", None) or getattr(event, "party")  # noqa: B009
    return str(record)


def row_of(happened: ChainEvent) -> dict[str, object]:
    """The columns of an event."""
    origin = happened.origin
    return {
        "chain_id": origin.chain_id,
        "block_number": origin.block_number,
        "block_hash": origin.block_hash,
        "log_index": origin.log_index,
        "tx_hash": origin.tx_hash,
        "block_time": origin.block_time,
        "contract": origin.contract,
        "name": type(happened.event).__name__,
        "record": record_of(happened.event),
        "data": plain_values(happened.event),
    }


def event_of(row: Row[tuple[object, ...]]) -> ChainEvent:
    """The event that these columns are of."""
    found = row._mapping
    return ChainEvent(
        event=typed_event(found["name"], found["data"]),
        origin=Origin(
            chain_id=found["chain_id"],
            contract=found["contract"],
            block_number=found["block_number"],
            block_hash=found["block_hash"],
            block_time=found["block_time"],
            tx_hash=found["tx_hash"],
            log_index=found["log_index"],
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


def _readable(row: Row[tuple[object, ...]]) -> ChainEvent | None:
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
    new = [each for each in events if (each.origin.block_hash, each.origin.log_index) not in places]
    if new:
        await connection.execute(insert(chain_events), [row_of(each) for each in new])
    return new


async def remove_events_after(
    connection: AsyncConnection, chain_id: int, number: int
) -> list[ChainEvent]:
    """Delete the events above this block, and return them, oldest first."""
    above = (chain_events.c.chain_id == chain_id) & (chain_events.c.block_number > number)
    rows = await connection.execute(select(chain_events).where(above).order_by(*_IN_ORDER))
    removed = [event_of(row) for row in rows]
    await connection.execute(delete(chain_events).where(above))
    return removed


async def forget_events(connection: AsyncConnection, chain_id: int) -> None:
    """Delete all events of a chain."""
    await connection.execute(delete(chain_events).where(chain_events.c.chain_id == chain_id))
