"""A listener on loopback, with TLS or without, which keeps what is posted to it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.on_loopback import served


@dataclass
class Listener:
    """Takes what is posted, and says so by a receipt."""

    bodies: list[bytes] = field(default_factory=list)
    url: str = ""

    async def __call__(self, _: Any, receive: Any, send: Any) -> None:  # Any: ASGI
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.bodies.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"receipt":"e30.e30.AA"}'})


@asynccontextmanager
async def listening(context: ssl.SSLContext | None) -> AsyncIterator[Listener]:
    listener = Listener()
    async with served(listener, context) as url:
        listener.url = url
        yield listener
