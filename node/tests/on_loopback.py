"""An ASGI application on a port of this machine, in the loop of the test that asks it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn


@asynccontextmanager
async def served(
    app: Any,  # Any: as uvicorn types applications
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[str]:
    """The URL that the application answers at, until the block ends; by TLS with a context."""
    config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=5)
    config.load()
    config.ssl = tls
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    running = asyncio.create_task(server.serve([listener]))
    try:
        scheme = "http" if tls is None else "https"
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
