"""What is done to a node's database from outside: migrated, or read anew from the chain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tidan_cli.home_lock import sole_reindex, sole_user
from tidan_cli.node_settings import settings_of, settings_wrong
from tidan_node.app import Node
from tidan_node.domain.checkpoints import NoCheckpoints
from tidan_node.settings import Settings, SettingsRefused
from tidan_node.storage.database import Database
from tidan_node.storage.migrate import pending, upgrade

_SCRATCH: Final = "reindex.db"
Document = dict[str, Any]  # Any: what a command answers, as JSON


def migrate_database(home: Path) -> Document:
    """Apply what is missing, and name it."""
    settings = settings_of(home)
    with sole_user(settings.home):
        return asyncio.run(_migrate(settings.database_url))


def reindex_database(home: Path, progress: Callable[[int, int], None]) -> Document:
    """Read the chain again beside a node that may run; `progress` is told blocks read, of."""
    settings = settings_of(home)
    with sole_reindex(settings.home), scratch_database(settings.home) as scratch:
        return asyncio.run(_reindex(settings, scratch, progress))


async def _migrate(url: str) -> Document:
    applied = await pending(url)
    await upgrade(url)
    return {"applied": applied}


@contextmanager
def scratch_database(home: Path) -> Iterator[str]:
    """A SQLite file for what is needed only meanwhile; what a killed one has left goes first."""
    file = home / _SCRATCH
    _remove(file)
    try:
        yield f"sqlite+aiosqlite:///{file}"
    finally:
        _remove(file)


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


async def _reindex(
    settings: Settings, scratch: str, progress: Callable[[int, int], None]
) -> Document:
    try:
        node = Node(settings, NoCheckpoints())
    except SettingsRefused as refused:
        raise settings_wrong(refused) from refused
    anew = Database(scratch)
    try:
        await node.rebuild.run(anew, progress)
        async with node.database.reading() as connection:
            block = await node.checkpoint.cursor(connection)
    finally:
        await anew.close()
        await node.rpc.close()
        await node.database.close()
    return {"asOf": None if block is None else {"block": block.number, "hash": block.hash}}
