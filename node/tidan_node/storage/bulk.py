"""Many rows at once by the driver's own `executemany`, with a statement that is compiled once.

SQLAlchemy's own way works on each row for longer than the database does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Dialect, Insert, Table, Update, bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

Row = tuple[Any, ...]  # Any: what the columns hold


async def insert_rows(
    connection: AsyncConnection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    ready: Sequence[str] = (),
) -> None:
    """Add rows of these columns; `ready` are those whose values the driver takes as they are."""
    if rows:
        statement = _insertion(connection.dialect, table, tuple(columns), tuple(ready))
        await statement.execute(connection, rows)


async def update_rows(
    connection: AsyncConnection, table: Table, columns: Sequence[str], key: str, rows: Sequence[Row]
) -> None:
    """Write these columns of the rows that the key names; its value stands last in each."""
    if rows:
        statement = _change(connection.dialect, table, tuple(columns), key)
        await statement.execute(connection, rows)


@dataclass(frozen=True, slots=True)
class _Statement:
    text: str
    order: tuple[int, ...] | None
    """Where in a row each value stands that the statement takes; None: as they come."""
    binds: tuple[tuple[int, Callable[[Any], Any]], ...]
    """What the driver wants made of which values."""

    async def execute(self, connection: AsyncConnection, rows: Sequence[Row]) -> None:
        if self.binds:
            rows = [self._bound(row) for row in rows]
        if self.order is not None:
            rows = [tuple([row[at] for at in self.order]) for row in rows]
        await connection.exec_driver_sql(self.text, list(rows))

    def _bound(self, row: Row) -> Row:
        values = list(row)
        for at, bind in self.binds:
            values[at] = bind(values[at])
        return tuple(values)


@lru_cache(maxsize=64)
def _insertion(
    dialect: Dialect, table: Table, columns: tuple[str, ...], ready: tuple[str, ...]
) -> _Statement:
    values = {
        name: bindparam(f"v_{at}", None, table.c[name].type) for at, name in enumerate(columns)
    }
    # nobody asks for the numbers that the database gives
    return _compiled(insert(table).values(values).inline(), dialect, table, columns, ready)


@lru_cache(maxsize=256)
def _change(dialect: Dialect, table: Table, columns: tuple[str, ...], key: str) -> _Statement:
    values = {
        name: bindparam(f"v_{at}", None, table.c[name].type) for at, name in enumerate(columns)
    }
    named = bindparam(f"v_{len(columns)}", None, table.c[key].type)
    statement = update(table).where(table.c[key] == named).values(values)
    return _compiled(statement, dialect, table, (*columns, key), ())


def _value(table: Table, column: str, at: int) -> BindParameter[Any]:
    """What stands at this place of a row."""
    return bindparam(f"v_{at}", None, table.c[column].type)


def _compiled(
    statement: Insert | Update,
    dialect: Dialect,
    table: Table,
    names: tuple[str, ...],
    ready: tuple[str, ...],
) -> _Statement:
    compiled: Any = statement.compile(dialect=dialect)  # Any: only SQL compilers have positions
    order = tuple(int(name.removeprefix("v_")) for name in compiled.positiontup)
    binds = []
    for at, name in enumerate(names):
        bind = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if bind is not None and name not in ready:
            binds.append((at, bind))
    in_order = order == tuple(range(len(names)))
    return _Statement(str(compiled), None if in_order else order, tuple(binds))
