"""Brings a database to the schema of this version, or back; what is missing can be asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from tidan_node.storage.database import Database

_FOLDER: Final = Path(__file__).parent / "migrations"


async def upgrade(url: str) -> None:
    """Bring the schema up to this version's; on one that is, nothing happens."""
    await _write(url, lambda config: command.upgrade(config, "head"))


async def downgrade(url: str, to: str) -> None:
    """Take the schema back to a revision, or to `base`, where nothing is left."""
    await _write(url, lambda config: command.downgrade(config, to))


async def pending(url: str) -> list[str]:
    """The revisions that this database lacks, oldest first."""
    database = Database(url)
    try:
        return await missing_from(database)
    finally:
        await database.close()


async def missing_from(database: Database) -> list[str]:
    """The same of a database that is open."""
    async with database.reading() as connection:
        return await connection.run_sync(_missing)


async def _write(url: str, change: Callable[[Config], None]) -> None:
    """All revisions in one transaction: a schema is never left between two."""
    database = Database(url)
    try:
        async with database.writing() as connection:
            await connection.run_sync(lambda synchronous: change(_config(synchronous)))
    finally:
        await database.close()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def _missing(connection: Connection) -> list[str]:
    applied = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(_config())
    return [each.revision for each in scripts.iterate_revisions("head", applied or "base")][::-1]
