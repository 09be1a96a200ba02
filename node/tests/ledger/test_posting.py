"""Questions by HTTP to one address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import httpx
import pytest

from tidan_node.ledger import posting
from tidan_node.ledger.posting import Posting, TooLarge


@pytest.fixture
def heads() -> list[str]:
    """The heads of the requests that came."""
    return []


@pytest.fixture
def connections() -> list[int]:
    """The ports that they came from, one for each connection."""
    return []


@pytest.fixture
async def opened(
    heads: list[str], connections: list[int]
) -> AsyncIterator[Callable[[str], Awaitable[Posting]]]:
    """Clients of a server that answers everything with `{}`, at an address of this form."""
    clients: list[Posting] = []
    talks: list[asyncio.Task[None] | None] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(asyncio.current_task())
        connections.append(writer.get_extra_info("peername")[1])
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                heads.append(head)
                length = int(head.lower().split("content-length:")[1].split("\r\n")[0])
                await reader.readexactly(length)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def opening(form: str) -> Posting:
        clients.append(Posting(form.format(port=port), timeout=10))
        return clients[-1]

    yield opening
    for client in clients:
        await client.close()
    await asyncio.gather(*[each for each in talks if each is not None])
    server.close()
    await server.wait_closed()


Opened = Callable[[str], Awaitable[Posting]]


async def test_questions_go_over_one_connection(opened: Opened, connections: list[int]) -> None:
    client = await opened("http://127.0.0.1:{port}")
    for _ in range(3):
        assert await client.post(b"[]") == (200, b"{}")
    assert len(connections) == 1


async def test_path_and_query_are_asked_for(opened: Opened, heads: list[str]) -> None:
    client = await opened("http://127.0.0.1:{port}/v3/key?token=one%20two")
    await client.post(b"[]")
    assert heads[0].startswith("POST /v3/key?token=one%20two HTTP/1.1\r\n")


async def test_the_user_part_of_an_address_is_sent_as_a_header(
    opened: Opened, heads: list[str]
) -> None:
    client = await opened("http://user:p%40ss@127.0.0.1:{port}")
    await client.post(b"[]")
    assert "Authorization: Basic dXNlcjpwQHNz\r\n" in heads[0]
    assert "user:" not in heads[0]


async def test_who_has_no_user_part_sends_none(opened: Opened, heads: list[str]) -> None:
    client = await opened("http://127.0.0.1:{port}")
    await client.post(b"[]")
    assert "authorization" not in heads[0].lower()


async def test_an_answer_beyond_all_bounds_is_not_read(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "_LARGEST", 1)
    client = await opened("http://127.0.0.1:{port}")
    with pytest.raises(TooLarge):
        await client.post(b"[]")


async def test_an_address_that_cannot_be_read_is_refused_where_it_is_asked() -> None:
    client = Posting("http://[::1", timeout=10)
    with pytest.raises(httpx.InvalidURL):
        await client.post(b"[]")
    await client.close()
