"""Single statements, made once and asked of the driver itself; and whether anything was written.

SQLAlchemy takes many times as long to ask for a row as a database takes to find it. What is read
more than anything else is read here: one statement is one view of the database, so it needs no
transaction around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Dialect, Select

Version = tuple[object, ...]
"""Equal to another one of the same reader only if nothing at all was committed in between."""

Values = tuple[Any, ...]
"""A row; Any: what its columns hold."""


class NotQuick(Exception):
    """It cannot be had in this way just now; the ordinary way says why, or waits."""


class Prepared:
    """A search for one row, by values that are text. Its forms are made once."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._forms: dict[str, Form] = {}

    def on(self, dialect: Dialect, *more: ColumnElement[Any]) -> Form:
        """As this kind of database has it, which says these, too."""
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _form(self._statement.add_columns(*more), dialect)
        return form


@dataclass(frozen=True, slots=True)
class Form:
    """What one kind of database is asked, and how its answer is read."""

    text: str
    order: Sequence[str]
    readers: Sequence[tuple[int, Callable[[Any], Any]]]  # Any: as drivers and types have it

    def parameters(self, values: Mapping[str, str]) -> list[str]:
        return [values[name] for name in self.order]

    def read(self, raw: Sequence[Any]) -> Values:
        values = list(raw)
        for place, reader in self.readers:
            values[place] = reader(values[place])
        return tuple(values)


class QuickReader(Protocol):
    """Beside a database's other connections, with one or a few of its own."""

    async def version(self) -> Version:
        """As of a moment after the call."""
        ...

    async def row(
        self, wanted: Prepared, values: Mapping[str, str]
    ) -> tuple[Version, Values] | None:
        """The one row that there is for these values, and a version that it is no older than."""
        ...

    async def close(self) -> None: ...


def _form(statement: Select[Any], dialect: Dialect) -> Form:
    compiled = statement.compile(dialect=dialect)
    readers = []
    for place, column in enumerate(statement.selected_columns):
        reader = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if reader is not None:
            readers.append((place, reader))
    return Form(str(compiled), tuple(compiled.positiontup or ()), readers)
