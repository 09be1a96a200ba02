"""A database of its own for every test of this room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.people.clock import Clock
from tidan_node.people.tables import api_keys, sessions, sign_ins, users
from tidan_node.storage.database import Database
from tidan_node.storage.metadata import metadata


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'node.db'}")
    async with database.writing() as connection:
        tables = [api_keys, sessions, sign_ins, users]
        await connection.run_sync(metadata.create_all, tables=tables)
    yield database
    await database.close()
