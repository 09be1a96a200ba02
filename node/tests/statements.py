"""Which statements a node has its database do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from tidan_node.storage.database import Database


@contextmanager
def issued(database: Database) -> Iterator[list[str]]:
    """The text of each statement, in order, without its values."""
    statements: list[str] = []

    def note(*told: object) -> None:
        statements.append(str(told[2]))

    engines = {database._reader.sync_engine, database._writer.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
