"""The operator's own key made anew on the node's own machine, when nobody is left to administer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from tidan_cli.addresses import reached_at, url_of
from tidan_cli.client import Document
from tidan_cli.failures import ClientFileUnusable
from tidan_cli.home_lock import sole_user
from tidan_cli.node_choice import CLIENT_FILE, NodeAccess, client_file, read_client_file
from tidan_cli.node_settings import settings_of
from tidan_cli.private_files import write_private
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import EVERY_SCOPE
from tidan_node.people.problems import ApiKeyUnknown
from tidan_node.people.secrets import KeyText
from tidan_node.storage.database import Database
from tidan_node.trail.trail import SYSTEM, Trail

REISSUED = "key.reissued"


def reissue_key(home: Path) -> Document:
    """A key of every scope for the command line, in the home's client file, in place of the one
    before, which opens nothing any more."""
    settings = settings_of(home)
    with sole_user(settings.home):
        text = asyncio.run(_reissue(settings.database_url, _former(settings.home)))
        url = url_of("http", reached_at(settings.host), settings.port)
        write_private(settings.home / CLIENT_FILE, client_file(NodeAccess(url, text.reveal())))
    return {"id": text.key_id, "keptIn": str(settings.home / CLIENT_FILE)}


def _former(home: Path) -> KeyText | None:
    """The one in the client file, where that is there and can be read."""
    try:
        return KeyText.parse(read_client_file(home).api_key or "")
    except ClientFileUnusable:
        return None


async def _reissue(database_url: str, former: KeyText | None) -> KeyText:
    database = Database(database_url)
    try:
        async with database.writing() as connection:
            keys = ApiKeys(connection)
            if former is not None:
                with suppress(ApiKeyUnknown):  # of another database, before
                    await keys.revoke(former.key_id)
            _, text = await keys.create_key("command line", EVERY_SCOPE)
            await Trail(connection).append(SYSTEM, REISSUED, text.key_id)
    finally:
        await database.close()
    return text
