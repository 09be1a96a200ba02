"""A node that is served on loopback, and a chain that its streams and webhooks follow."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx_sse import ServerSentEvent, aconnect_sse

from tests.office import Consortium, Office, opened
from tests.on_loopback import served
from tests.watched_chain import WatchedChain
from tests.webhook_receiver import Receiver, receiving
from tidan_node.domain.parties import Role
from tidan_node.web.news import News


@dataclass
class Reader:
    """One open stream, read message by message."""

    response: httpx.Response
    messages: AsyncIterator[ServerSentEvent]

    async def next(self) -> ServerSentEvent:
        async with asyncio.timeout(20):
            return await anext(self.messages)

    async def event(self) -> dict[str, Any]:
        """The next CloudEvent, with its place beside it."""
        while not (message := await self.next()).data:
            pass
        event: dict[str, Any] = json.loads(message.data)
        return event | {"place": message.id}

    async def seqs(self, count: int) -> list[int]:
        return [(await self.event())["data"]["seq"] for _ in range(count)]

    async def ends(self) -> bool:
        """Whether the node has ended the stream; what still comes before is passed over."""
        async with asyncio.timeout(20):
            async for _ in self.messages:
                pass
        return True


@dataclass
class Served:
    """A node on a port of its own."""

    office: Office
    chain: WatchedChain
    news: News
    url: str
    client: httpx.AsyncClient

    @asynccontextmanager
    async def stream(
        self, path: str = "/v1/events", *, last: str | None = None, **query: Any
    ) -> AsyncIterator[Reader]:
        headers = {} if last is None else {"Last-Event-ID": last}
        async with aconnect_sse(
            self.client, "GET", self.url + path, params=query, headers=headers
        ) as source:
            assert source.response.status_code == 200, await source.response.aread()
            reader = Reader(source.response, source.aiter_sse())
            if path == "/v1/events":
                await reader.next()  # it begins with where it begins
            yield reader


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    consortium = Consortium(tmp_path)
    party = consortium.enrol(Role.CARRIER)
    async with opened(consortium, party, news=News()) as office:
        yield office


@pytest.fixture
def chain(office: Office) -> WatchedChain:
    return WatchedChain(office.database, office.app.state.node.news)


@pytest.fixture
async def node(office: Office, chain: WatchedChain) -> AsyncIterator[Served]:
    headers = {"Authorization": office.client.headers["Authorization"]}
    async with (
        served(office.app) as url,
        httpx.AsyncClient(headers=headers, timeout=20, trust_env=False) as client,
    ):
        yield Served(office, chain, chain.news, url, client)
        chain.news.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver
