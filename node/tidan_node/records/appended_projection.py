"""Events that are a row each and never change it: anchors of trails, links of invoices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Table, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.events import ChainEvent, Event, InvoiceLinked, TrailAnchored
from tidan_node.records.row_store import chunks
from tidan_node.records.tables import anchors, invoice_links
from tidan_node.storage.bulk import insert_rows

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class AppendedProjection:
    """The rows that events of one kind are, named by the primary key of their table."""

    table: Table
    kinds: frozenset[type[Event]]
    row_of: Callable[[ChainEvent], Row]

    async def apply(self, connection: AsyncConnection, events: Sequence[ChainEvent]) -> None:
        rows = self._rows(events)
        for some in chunks(rows):
            kept = await connection.execute(
                select(*self.table.primary_key).where(tuple_(*self.table.primary_key).in_(some))
            )
            known = {tuple(row) for row in kept}
            new = [rows[key] for key in some if key not in known]
            names = [column.name for column in self.table.columns]
            values = [tuple([row[name] for name in names]) for row in new]
            await insert_rows(connection, self.table, names, values)

    async def rewind(self, connection: AsyncConnection, removed: Sequence[ChainEvent]) -> None:
        for some in chunks(self._rows(removed)):
            await connection.execute(
                delete(self.table).where(tuple_(*self.table.primary_key).in_(some))
            )

    def _rows(self, events: Iterable[ChainEvent]) -> dict[tuple[object, ...], Row]:
        rows = [self.row_of(each) for each in events if type(each.event) in self.kinds]
        names = [column.name for column in self.table.primary_key]
        return {tuple(row[name] for name in names): row for row in rows}


def anchor_row(happened: ChainEvent) -> Row:
    event, origin = happened.event, happened.origin
    assert isinstance(event, TrailAnchored)  # noqa: S101 - the projection has filtered
    return {
        "party": event.party,
        "up_to": event.up_to,
        "checkpoint": event.checkpoint,
        "previous_up_to": event.previous_up_to,
        "block_number": origin.block_number,
        "block_time": origin.block_time,
        "tx_hash": origin.tx_hash,
    }


def link_row(happened: ChainEvent) -> Row:
    event = happened.event
    assert isinstance(event, InvoiceLinked)  # noqa: S101 - the projection has filtered
    return {"invoice": event.id, "seq": event.seq, "title": event.title}


ANCHORS = AppendedProjection(anchors, frozenset({TrailAnchored}), anchor_row)
INVOICE_LINKS = AppendedProjection(invoice_links, frozenset({InvoiceLinked}), link_row)
