"""Places inside of a transaction to go back to; each act of a batch has one, so they are cheap."""

from __future__ import annotations

import sqlite3
from typing import Any, cast

from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection


async def set_savepoint(connection: AsyncConnection, name: str) -> None:
    """What is written from here on can be taken back alone."""
    await _say(connection, f"SAVEPOINT {name}")


async def go_back(connection: AsyncConnection, name: str) -> None:
    """What was written since then was not, and the place is gone."""
    await _say(connection, f"ROLLBACK TO SAVEPOINT {name}")
    await release(connection, name)


async def release(connection: AsyncConnection, name: str) -> None:
    """What was written since then stays with the transaction."""
    await _say(connection, f"RELEASE SAVEPOINT {name}")


async def _say(connection: AsyncConnection, words: str) -> None:
    # Any: SQLAlchemy knows no driver's own. SQLite does it in two microseconds, SQLAlchemy asks it
    # to in thirty.
    driver: Any = cast(Connection, connection.sync_connection).connection.dbapi_connection
    if isinstance(driver, sqlite3.Connection):
        sqlite3.Cursor(driver).execute(words)
    else:
        await connection.exec_driver_sql(words)
