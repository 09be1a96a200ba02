"""What webhooks are delivered to: a real HTTP server on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.on_loopback import served


@dataclass
class Receiver:
    """It answers as it is told, and keeps what came."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    hangs: bool = False
    came: asyncio.Queue[tuple[dict[str, str], bytes]] = field(default_factory=asyncio.Queue)
    paths: list[str] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # Any: ASGI
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.paths.append(scope["path"])
        await self.came.put((headers, body))
        if self.hangs:
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        status = self.statuses.pop(0) if self.statuses else 204
        location = [(b"location", b"/elsewhere")] if 300 <= status < 400 else []
        await send({"type": "http.response.start", "status": status, "headers": location})
        await send({"type": "http.response.body"})

    async def next(self) -> tuple[dict[str, str], bytes]:
        async with asyncio.timeout(20):
            return await self.came.get()

    async def events(self, count: int) -> list[dict[str, Any]]:
        return [json.loads((await self.next())[1]) for _ in range(count)]

    async def seqs(self, count: int) -> list[int]:
        return [each["data"]["seq"] for each in await self.events(count)]


@asynccontextmanager
async def receiving(**how: Any) -> AsyncIterator[Receiver]:
    receiver = Receiver(**how)
    async with served(receiver) as url:
        receiver.url = f"{url}/hook"
        yield receiver
