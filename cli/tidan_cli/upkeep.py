"""What is done to a node's databases from outside: migrated, or read anew from a chain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tidan_cli.failures import typed_at
from tidan_cli.home_lock import sole_reindex, sole_user
from tidan_cli.node_settings import settings_of, settings_wrong
from tidan_node.app import Node
from tidan_node.domain.checkpoints import NoCheckpoints
from tidan_node.records.followed_chains import chain_named
from tidan_node.settings import Settings, SettingsRefused
from tidan_node.storage.database import Database, DatabaseUnusable
from tidan_node.storage.migrate import pending, upgrade
from tidan_node.web.chain_watch import ChainWatch

_SCRATCH: Final = "reindex.db"
Document = dict[str, Any]  # Any: what a command answers, as JSON


def migrate_database(home: Path) -> Document:
    """Apply what is missing to the node's database and to those of linked chains; name it."""
    settings = settings_of(home)
    with sole_user(settings.home):
        applied = asyncio.run(_migrate(settings.database_url))
        linked = {
            each.name: asyncio.run(_migrate(each.database_url, each.name))
            for each in settings.linked_chains
        }
    return {"applied": applied, "linkedChains": linked}


def reindex_database(home: Path, chain: str, progress: Callable[[int, int], None]) -> Document:
    """Read a chain again beside a node that may run; `progress` is told blocks read, of."""
    settings = settings_of(home)
    with sole_reindex(settings.home), scratch_database(settings.home) as scratch:
        return asyncio.run(_reindex(settings, chain, scratch, progress))


async def _migrate(url: str, chain: str | None = None) -> list[str]:
    try:
        applied = await pending(url)
        await upgrade(url)
    except DatabaseUnusable as error:
        if chain is None:
            raise
        raise DatabaseUnusable(f"of linked chain {chain}: {error.detail}") from error
    return applied


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
    settings: Settings, wanted: str, scratch: str, progress: Callable[[int, int], None]
) -> Document:
    try:
        node = Node(settings, NoCheckpoints())
    except SettingsRefused as refused:
        raise settings_wrong(refused) from refused
    anew = Database(scratch)
    try:
        with typed_at("--chain"):
            chain = chain_named(node.chains, wanted)
        await ChainWatch(chain, lambda: False).migrations()
        await chain.rebuild.run(anew, progress)
        async with chain.database.reading() as connection:
            block = await chain.checkpoint.cursor(connection)
    finally:
        await anew.close()
        await node.close()
    return {
        "chain": chain.name,
        "chainId": chain.chain_id,
        "asOf": None if block is None else {"block": block.number, "hash": block.hash},
    }
