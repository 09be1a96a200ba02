"""HTTP to anvil: whole answers, or the word that the other side is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from tidan_node.ledger.embedded.loopback import ConnectionLost, Loopback

Reply = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Answers each request as the test says, and counts the connections."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.connections = 0
        self.requests: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
                self.requests.append(await reader.readexactly(length))
                await self._reply(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(reply: Reply, *, patience: float = 5) -> AsyncIterator[tuple[Loopback, Server]]:
    server = Server(reply)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    client = Loopback(listening.sockets[0].getsockname()[1], timeout=patience)
    async with listening:
        try:
            yield client, server
        finally:
            await client.close()


def saying(answer: bytes) -> Reply:
    async def reply(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    return reply


def whole(content: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content


async def test_answers_of_any_size_come_whole_over_one_connection() -> None:
    content = b"x" * 5_000_000
    async with serving(saying(whole(content))) as (client, server):
        assert await client.post(b"one") == (200, content)
        assert await client.post(b"two") == (200, content)
        assert server.requests == [b"one", b"two"]
        assert server.connections == 1


async def test_requests_at_once_have_connections_of_their_own() -> None:
    async with serving(saying(whole(b"{}"))) as (client, server):
        answers = await asyncio.gather(*(client.post(b"%d" % number) for number in range(100)))
        assert answers == [(200, b"{}")] * 100
        assert 1 < server.connections <= 32


async def test_a_connection_that_was_closed_meanwhile_is_not_used_again() -> None:
    async def answer_and_close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(whole(b"{}"))
        writer.close()
        await writer.wait_closed()

    async with serving(answer_and_close) as (client, server):
        for _ in range(2):
            assert await client.post(b"{}") == (200, b"{}")
            reader = client._idle[0][0]
            assert await reader.read() == b""
        assert server.connections == 2


async def test_the_status_is_told() -> None:
    answer = b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n"
    async with serving(saying(answer)) as (client, _):
        assert await client.post(b"{}") == (413, b"")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"rubbish\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x" * 100_000,
        b"",
    ],
)
async def test_half_an_answer_or_none_is_a_lost_connection(answer: bytes) -> None:
    async def answer_and_close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    async with serving(answer_and_close) as (client, server):
        with pytest.raises(ConnectionLost):
            await client.post(b"{}")
        assert len(server.requests) == 1, "nothing is sent a second time"


async def test_who_does_not_answer_in_time_is_lost() -> None:
    never = asyncio.Event()

    async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await never.wait()

    async with serving(hang, patience=0.05) as (client, _):
        with pytest.raises(ConnectionLost, match="Timeout"):
            await client.post(b"{}")
        never.set()


async def test_where_nobody_listens_the_connection_is_lost() -> None:
    async with serving(saying(b"")) as (client, _):
        pass
    with pytest.raises(ConnectionLost, match="Refused"):
        await client.post(b"{}")
