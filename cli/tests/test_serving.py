"""The server of a node ends at once, whoever still listens."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from tidan_cli.serving import NodeServer

GRACE = 3600


async def test_it_waits_for_no_stream() -> None:
    ended, told = asyncio.Event(), asyncio.Event()

    async def messages() -> AsyncIterator[bytes]:
        yield b": open\n\n"
        await ended.wait()

    async def stream(_: Request) -> StreamingResponse:
        return StreamingResponse(messages(), media_type="text/event-stream")

    app = Starlette(routes=[Route("/", stream)])
    config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=GRACE)
    server = NodeServer(config, announce=told.set, end_streams=ended.set)
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    async with asyncio.timeout(60), httpx.AsyncClient(trust_env=False) as client:
        running = asyncio.create_task(server.serve([listener]))
        await told.wait()
        async with client.stream("GET", url) as response:
            lines = response.aiter_lines()
            assert await anext(lines) == ": open"
            server.should_exit = True
            rest = [line async for line in lines]
            await running

    assert rest == [""]
