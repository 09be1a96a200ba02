"""Records that are one row each: read and written by the page, never one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, Generic, TypeVar

from sqlalchemy import RowMapping, Table, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.records.recorded import Recorded, recorded_of

State = TypeVar("State")
After = tuple[int, str]
"""The sort key (the block it began in) and the id of the last record of the page before."""

# well below what any database takes as parameters of one statement
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class RowStore(Generic[State]):
    """The rows of one table, which has the record's id in its column `id`."""

    table: Table
    columns_of: Callable[[State], dict[str, object]]
    state_of: Callable[[RowMapping], State]

    async def load(
        self, connection: AsyncConnection, keys: Iterable[str]
    ) -> dict[str, Recorded[State]]:
        found: dict[str, Recorded[State]] = {}
        for some in chunks(keys):
            rows = await connection.execute(select(self.table).where(self.table.c.id.in_(some)))
            found |= {row["id"]: self.recorded(row) for row in rows.mappings()}
        return found

    def recorded(self, row: RowMapping) -> Recorded[State]:
        return recorded_of(self.state_of(row), row)

    async def insert(
        self, connection: AsyncConnection, records: Mapping[str, Recorded[State]]
    ) -> None:
        if records:
            rows = [{"id": key} | self._columns(record) for key, record in records.items()]
            await connection.execute(insert(self.table), rows)

    async def update(
        self, connection: AsyncConnection, records: Mapping[str, Recorded[State]]
    ) -> None:
        if records:
            rows = [{"key": key} | self._columns(record) for key, record in records.items()]
            statement = update(self.table).where(self.table.c.id == bindparam("key"))
            await connection.execute(statement, rows)

    async def delete(self, connection: AsyncConnection, keys: Iterable[str]) -> None:
        for some in chunks(keys):
            await connection.execute(delete(self.table).where(self.table.c.id.in_(some)))

    async def clear(self, connection: AsyncConnection) -> None:
        await connection.execute(delete(self.table))

    def _columns(self, record: Recorded[State]) -> dict[str, object]:
        return self.columns_of(record.state) | record.place_columns()


Item = TypeVar("Item")


def chunks(items: Iterable[Item]) -> Iterable[list[Item]]:
    """The items in lists that one statement can carry."""
    rest = iter(items)
    while some := list(islice(rest, _CHUNK)):
        yield some
