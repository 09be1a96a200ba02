"""Records that are one row each: read and written by the page, never one at a time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import compress, islice
from operator import ne
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ARRAY, Row, Select, String, Table, any_, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.records.recorded import Recorded, recorded_of
from tidan_node.storage.bulk import insert_rows, update_rows

State = TypeVar("State")
After = tuple[int, str]
"""The sort key (the block it began in) and the id of the last record of the page before."""

# well below what any database takes as parameters of one statement
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class RowStore(Generic[State]):
    """The rows of one table. It begins with the record's id in its column `id`, then has the state,
    and ends with the places."""

    table: Table
    values_of: Callable[[State], tuple[Any, ...]]  # Any: what the columns hold
    state_of: Callable[[Row[Any]], State]  # Any: SQLAlchemy cannot say what a row holds

    async def load(
        self, connection: AsyncConnection, keys: Iterable[str]
    ) -> dict[str, Recorded[State]]:
        found: dict[str, Recorded[State]] = {}
        wanted = _wanted(self.table, connection.dialect.name)
        as_json = connection.dialect.name == "sqlite"
        for some in chunks(keys):
            rows = await connection.execute(wanted, {"keys": json.dumps(some) if as_json else some})
            for row in rows.all():
                found[row[0]] = self.recorded(row)
        return found

    def recorded(self, row: Row[Any]) -> Recorded[State]:
        """The record in a row of the whole table."""
        return recorded_of(self.state_of(row), row)

    async def insert(
        self, connection: AsyncConnection, records: Mapping[str, Recorded[State]]
    ) -> None:
        rows = [(key, *self._values(record)) for key, record in records.items()]
        await insert_rows(connection, self.table, ("id", *self._names), rows)

    async def update(
        self,
        connection: AsyncConnection,
        records: Mapping[str, Recorded[State]],
        before: Mapping[str, Recorded[State]],
    ) -> None:
        """Write what has changed alone: an index that names none of it has no work."""
        every = self._names
        changes: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
        for key, record in records.items():
            old, new = self._values(before[key]), self._values(record)
            others = list(map(ne, new, old))
            changed = tuple(compress(every, others))
            changes[changed].append((*compress(new, others), key))
        for names, rows in changes.items():
            await update_rows(connection, self.table, names, "id", rows)

    async def delete(self, connection: AsyncConnection, keys: Iterable[str]) -> None:
        for some in chunks(keys):
            await connection.execute(delete(self.table).where(self.table.c.id.in_(some)))

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.table.columns)[1:]

    def _values(self, record: Recorded[State]) -> tuple[Any, ...]:
        return (*self.values_of(record.state), *record.places())


@cache
def _wanted(table: Table, dialect: str) -> Select[Any]:
    """The rows of these keys, which are one parameter: a statement with one for each would be
    written anew for every search."""
    if dialect == "sqlite":
        each = func.json_each(bindparam("keys", type_=String)).table_valued("value")
        return select(table).where(table.c.id.in_(select(each.c.value)))
    return select(table).where(table.c.id == any_(bindparam("keys", type_=ARRAY(String))))


Item = TypeVar("Item")


def chunks(items: Iterable[Item]) -> Iterable[list[Item]]:
    """The items in lists that one statement can carry."""
    rest = iter(items)
    while some := list(islice(rest, _CHUNK)):
        yield some
