"""The revisions make the schema that the code declares, and unmake it."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

import tidan_node
from tests.databases import databases
from tidan_node.storage import migrations
from tidan_node.storage.database import Database
from tidan_node.storage.metadata import metadata
from tidan_node.storage.migrate import downgrade, pending, upgrade

WRITTEN = sorted(each.name[:4] for each in Path(migrations.__path__[0]).glob("versions/[0-9]*.py"))


def _declare_every_table() -> None:
    """Load each module that declares tables, in whichever room it is."""
    for found in pkgutil.walk_packages(tidan_node.__path__, "tidan_node."):
        if found.name.endswith("tables"):
            import_module(found.name)


@pytest.fixture
def url(sql: str, tmp_path: Path) -> str:
    return databases.url(tmp_path / "node.db")


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def _look(url: str) -> tuple[list[object], list[str]]:
    database = Database(url)
    try:
        async with database.reading() as connection:
            differences = await connection.run_sync(_differences)
            names = await connection.run_sync(lambda found: inspect(found).get_table_names())
    finally:
        await database.close()
    return differences, names


async def test_the_revisions_make_what_the_code_declares(url: str) -> None:
    _declare_every_table()
    await upgrade(url)
    differences, names = await _look(url)
    assert differences == []
    assert set(names) - {"alembic_version"} == set(metadata.tables)


async def test_there_is_a_way_back_and_forth_again(url: str) -> None:
    _declare_every_table()
    await upgrade(url)
    await downgrade(url, "base")
    assert (await _look(url))[1] == ["alembic_version"]
    await upgrade(url)
    assert (await _look(url))[0] == []


async def test_what_is_missing_is_named(url: str) -> None:
    assert await pending(url) == WRITTEN
    await upgrade(url)
    assert await pending(url) == []


async def test_upgrading_twice_changes_nothing(url: str) -> None:
    await upgrade(url)
    before = await _look(url)
    await upgrade(url)
    assert await _look(url) == before
