"""A database that has no room left to write in, as SQLite and PostgreSQL say it."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError

from tidan_node.problems import Problem

_NO_ROOM: Final = (
    sqlite3.SQLITE_FULL,
    # under a quota, and for the file that readers and writers share
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_SHMSIZE,
)
_SQLSTATE: Final = "53100"


class DiskFull(Problem):
    """Nothing of it was kept. Make room where the database is; then the same request goes through
    under the same key, and what is under way goes on by itself."""

    status, slug, title = 507, "disk-full", "There is no room left for the node's database"

    def __init__(self) -> None:
        super().__init__(
            "nothing of this was kept: make room on the disk of the node's database, and send it"
            " again under the same key",
            rule="disk",
        )


def is_full(error: BaseException) -> bool:
    """Whether the database refused this for want of room."""
    said = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(said, sqlite3.Error):
        return getattr(said, "sqlite_errorcode", None) in _NO_ROOM
    return getattr(said, "sqlstate", None) == _SQLSTATE
