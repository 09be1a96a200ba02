"""A database with the indexer's tables and the projected ones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.view import fresh_view
from tidan_node.storage.database import Database


@pytest.fixture
async def database(sql: str, tmp_path: Path) -> AsyncIterator[Database]:
    database = await fresh_view(tmp_path / "node.db")
    yield database
    await database.close()
