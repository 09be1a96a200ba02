"""A database of its own for every test of this room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.databases import databases
from tests.people.clock import Clock
from tidan_node.storage.database import Database


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(sql: str, tmp_path: Path) -> AsyncIterator[Database]:
    database = databases.opened(tmp_path / "node.db")
    yield database
    await database.close()
