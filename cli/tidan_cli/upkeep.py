"""What is done to a node's database from outside: migrated, or read anew from the chain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tidan_cli.home_lock import sole_user
from tidan_cli.node_settings import settings_of, settings_wrong
from tidan_node.app import Node
from tidan_node.domain.checkpoints import NoCheckpoints
from tidan_node.settings import Settings, SettingsRefused
from tidan_node.storage.migrate import pending, upgrade

Document = dict[str, Any]  # Any: what a command answers, as JSON


def migrate_database(home: Path) -> Document:
    """Apply what is missing, and name it."""
    settings = settings_of(home)
    with sole_user(settings.home):
        return asyncio.run(_migrate(settings.database_url))


def reindex_database(home: Path, progress: Callable[[int, int], None]) -> Document:
    """Drop what was read from the chain, and read it again; `progress` is told blocks read, of."""
    settings = settings_of(home)
    with sole_user(settings.home):
        return asyncio.run(_reindex(settings, progress))


async def _migrate(url: str) -> Document:
    applied = await pending(url)
    await upgrade(url)
    return {"applied": applied}


async def _reindex(settings: Settings, progress: Callable[[int, int], None]) -> Document:
    try:
        node = Node(settings, NoCheckpoints())
    except SettingsRefused as refused:
        raise settings_wrong(refused) from refused
    try:
        await node.follower.reindex(progress)
        async with node.database.reading() as connection:
            block = await node.checkpoint.cursor(connection)
    finally:
        await node.rpc.close()
        await node.database.close()
    return {"asOf": None if block is None else {"block": block.number, "hash": block.hash}}
