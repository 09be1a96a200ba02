"""Quick reads of a SQLite file, in the loop itself: a row by its key takes ten microseconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.dialects import sqlite

from tidan_node.storage.quick import NotQuick, Prepared, Values, Version

_DIALECT: Final = sqlite.dialect()
_VERSION: Final = "PRAGMA data_version"


class QuickSqlite:
    """`data_version` is another number for this connection once any other one has committed, of
    this process or another (https://sqlite.org/pragma.html#pragma_data_version)."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    async def version(self) -> Version:
        return tuple(self._ask(_VERSION))

    async def row(
        self, wanted: Prepared, values: Mapping[str, str]
    ) -> tuple[Version, Values] | None:
        form = wanted.on(_DIALECT)
        version = tuple(self._ask(_VERSION))  # first: what is committed after it makes another
        raw = self._ask(form.text, form.parameters(values))
        return None if raw is None else (version, form.read(raw))

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, text: str, parameters: Any = ()) -> Any:  # Any: as sqlite3 has it
        try:
            if self._connection is None:
                self._connection = self._opened()
            return self._connection.execute(text, parameters).fetchone()
        except sqlite3.Error as error:
            raise NotQuick from error

    def _opened(self) -> sqlite3.Connection:
        """Never to wait, since the loop would: who reads has to while a log is recovered alone."""
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        connection.execute("PRAGMA query_only = ON")
        return connection
