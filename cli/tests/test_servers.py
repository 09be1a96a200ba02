"""The servers of a node begin and end as one, and at once, whoever still listens."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from tidan_cli.servers import ExchangeServer, NodeServer, server_config
from tidan_node.exchange.own_certificate import OwnCertificate, new_tls_file
from tidan_node.exchange.pinning import PinnedTransport, pinned

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


SECRET = bytes(range(32))


@dataclass
class Running:
    """Both servers of a node, and what it says once it listens."""

    own: NodeServer
    exchange: ExchangeServer
    certificate: OwnCertificate
    url: str
    exchange_url: str
    announced: asyncio.Event
    listener: socket.socket

    def begin(self) -> asyncio.Task[None]:
        return asyncio.create_task(self.own.serve([self.listener]))


@pytest.fixture
def node(tmp_path: Path) -> Running:
    own_app, exchange_app = FastAPI(), FastAPI()

    @own_app.get("/")
    async def own() -> str:
        return "own"

    @exchange_app.get("/")
    async def exchange() -> str:
        return "exchange"

    file = tmp_path / "tls.pem"
    file.write_bytes(new_tls_file(SECRET, ["127.0.0.1"], datetime.now(UTC))[0])
    certificate = OwnCertificate(file, [SECRET])
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    ports = [listener.getsockname()[1] for listener in listeners]
    announced = asyncio.Event()
    others = ExchangeServer(exchange_app, listeners[1], certificate)
    server = NodeServer(
        server_config(own_app, lifespan="off"),
        announce=announced.set,
        end_streams=lambda: None,
        exchange=others,
    )
    return Running(
        *(server, others, certificate),
        *(f"http://127.0.0.1:{ports[0]}", f"https://127.0.0.1:{ports[1]}"),
        *(announced, listeners[0]),
    )


async def test_once_it_is_announced_both_listen_and_when_it_is_told_both_end(
    node: Running,
) -> None:
    async with asyncio.timeout(60), httpx.AsyncClient(transport=PinnedTransport()) as client:
        running = node.begin()
        await node.announced.wait()
        told = await client.get(
            node.exchange_url, extensions=pinned([node.certificate.certificate])
        )
        own = await client.get(node.url)
        node.own.should_exit = True
        await running

    assert (own.json(), told.json()) == ("own", "exchange")
    assert node.exchange.should_exit
    for url in (node.url, node.exchange_url):
        port = int(url.rsplit(":", 1)[1])
        with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            pass


async def test_when_one_ends_the_other_does(node: Running) -> None:
    async with asyncio.timeout(60):
        running = node.begin()
        await node.announced.wait()
        node.exchange.should_exit = True
        await running

    assert node.own.should_exit


async def test_with_the_next_tick_a_new_certificate_is_shown(node: Running, tmp_path: Path) -> None:
    async with asyncio.timeout(60):
        running = node.begin()
        await node.announced.wait()
        content, following = new_tls_file(SECRET, ["127.0.0.1"], datetime.now(UTC))
        (tmp_path / "next.pem").write_bytes(content)
        (tmp_path / "next.pem").replace(tmp_path / "tls.pem")
        await node.exchange.on_tick(0)
        async with httpx.AsyncClient(transport=PinnedTransport()) as client:
            told = await client.get(node.exchange_url, extensions=pinned([following]))
        node.own.should_exit = True
        await running

    assert told.json() == "exchange"
