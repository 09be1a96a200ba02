"""The rows of a table made those of the same table elsewhere, by touching only what differs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    UniqueConstraint,
    delete,
    literal,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.storage.bulk import Row, insert_rows

_AT_ONCE: Final = 500


async def take_over(
    connection: AsyncConnection, other: AsyncConnection, table: Table, *, chain_id: int
) -> None:
    """Make the rows here, of this chain where the table holds several, those that are there."""
    key = _key_of(table)
    given = {column.name for column in table.primary_key}.difference(key)
    names = [column.name for column in table.columns if column.name not in given]
    places = [names.index(name) for name in key]
    wanted = select(*[table.c[name] for name in names])
    of_chain = [table.c.chain_id == chain_id] if "chain_id" in table.c else []

    async for rows in _in_parts(other, wanted.where(*of_chain), table, key):
        there = {tuple([row[at] for at in places]): row for row in rows}
        found = await connection.execute(wanted.where(_is_one_of(table, key, list(there))))
        here = {tuple([row[at] for at in places]): tuple(row) for row in found}
        differing = {named: row for named, row in there.items() if here.get(named) != row}
        stale = [named for named in differing if named in here]
        if stale:
            await connection.execute(delete(table).where(_is_one_of(table, key, stale)))
        await insert_rows(connection, table, names, list(differing.values()))

    gone: list[Row] = []
    keys = select(*[table.c[name] for name in key])
    async for rows in _in_parts(connection, keys.where(*of_chain), table, key):
        kept = await other.execute(keys.where(_is_one_of(table, key, rows)))
        gone += set(rows).difference(map(tuple, kept))
    for start in range(0, len(gone), _AT_ONCE):
        some = gone[start : start + _AT_ONCE]
        await connection.execute(delete(table).where(_is_one_of(table, key, some)))


def _key_of(table: Table) -> list[str]:
    """The columns that name a row wherever it is, as a number that the database gave does not."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and "chain_id" in constraint.columns:
            return [column.name for column in constraint.columns]
    return [column.name for column in table.primary_key]


def _is_one_of(table: Table, key: Sequence[str], rows: Sequence[Row]) -> ColumnElement[bool]:
    return tuple_(*[table.c[name] for name in key]).in_(rows)


async def _in_parts(
    connection: AsyncConnection, wanted: Select[Any], table: Table, key: Sequence[str]
) -> AsyncIterator[list[Row]]:
    """All rows, so many at a time, in the order of their key (Any: those of any columns)."""
    named = [table.c[name] for name in key]
    wanted = wanted.order_by(*named).limit(_AT_ONCE)
    found = await connection.execute(wanted)
    while rows := found.all():
        yield [tuple(row) for row in rows]
        last = [literal(rows[-1]._mapping[column], column.type) for column in named]
        found = await connection.execute(wanted.where(tuple_(*named) > tuple_(*last)))
