"""A home as `tidan node init` leaves it, and the node in it, running in the loop of the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tidan_node.app import create_app
from tidan_node.ledger import keystore
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import EVERY_SCOPE
from tidan_node.settings import Settings
from tidan_node.storage.database import Database
from tidan_node.storage.migrate import upgrade

PASSWORD = "open sesame"
NUMBERING_KEY = (7).to_bytes(32, "big")
EXCHANGE_SECRET = (8).to_bytes(32, "big")


def fill(home: Path, account: bytes) -> None:
    """The keys and their password; manifest, settings and database are still to come."""
    keystore.create(home / "account.json", PASSWORD, account, work=2)
    keystore.create(home / "numbering.json", PASSWORD, NUMBERING_KEY, work=2)
    keystore.create(home / "exchange.json", PASSWORD, EXCHANGE_SECRET, work=2)
    password = home / "keystore.password"
    password.touch(0o600)
    password.write_text(PASSWORD)


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """One who may do everything at this node, while it runs."""
    for url in (settings.database_url, *(each.database_url for each in settings.linked_chains)):
        await upgrade(url)
    database = Database(settings.database_url)
    async with database.writing() as connection:
        _, key = await ApiKeys(connection).create_key("clerk", EVERY_SCOPE)
    await database.close()
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url="http://node",
            headers={"Authorization": f"Bearer {key.reveal()}"},
        ) as client,
    ):
        yield client


async def until(client: httpx.AsyncClient, path: str, wanted: Any) -> dict[str, Any]:
    """The answer once it is as wanted; the time limit of the test bounds the wait."""
    async with asyncio.timeout(60):
        while True:
            answer: dict[str, Any] = (await client.get(path)).json()
            if wanted(answer):
                return answer
