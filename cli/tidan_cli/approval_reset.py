"""The rules of four eyes dropped on the node's own machine, when nobody is left to approve."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from tidan_cli.client import Document
from tidan_cli.home_lock import sole_user
from tidan_cli.node_settings import settings_of
from tidan_node.approvals.rules import drop_rules
from tidan_node.storage.database import Database


def reset_rules(home: Path) -> Document:
    """Drop every rule, and name those that there were."""
    settings = settings_of(home)
    with sole_user(settings.home):
        return asyncio.run(_reset(settings.database_url))


async def _reset(url: str) -> Document:
    database = Database(url)
    try:
        async with database.writing() as connection:
            return {"dropped": await drop_rules(connection, datetime.now(UTC))}
    finally:
        await database.close()
