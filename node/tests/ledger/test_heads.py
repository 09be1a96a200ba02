"""Word of new blocks, from servers that tell it well, badly, or no more."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tidan_node.ledger.heads import NewHeads

Talk = Callable[[ServerConnection], Awaitable[None]]


class Ear:
    """Counts what it hears, and lets a test wait for it."""

    def __init__(self) -> None:
        self.count = 0
        self._more = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self) -> None:
        self.count += 1
        task = asyncio.create_task(self._tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def has_heard(self, count: int) -> None:
        async with asyncio.timeout(10), self._more:
            await self._more.wait_for(lambda: self.count >= count)

    async def _tell(self) -> None:
        async with self._more:
            self._more.notify_all()


@asynccontextmanager
async def told_by(talk: Talk, ear: Ear) -> AsyncIterator[NewHeads]:
    async with serve(talk, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        heads = NewHeads(f"ws://127.0.0.1:{port}", first_pause=0.01)
        watching = asyncio.create_task(heads.watch(ear.hear))
        try:
            yield heads
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


async def subscribe(socket: ServerConnection) -> None:
    asked = json.loads(await socket.recv())
    assert (asked["method"], asked["params"]) == ("eth_subscribe", ["newHeads"])
    await socket.send(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": "0x9c"}))


async def tell(socket: ServerConnection) -> None:
    told = {"subscription": "0x9c", "result": {"number": "0x1"}}
    await socket.send(json.dumps({"method": "eth_subscription", "params": told}))


async def test_each_block_is_heard_and_one_look_is_taken_at_first() -> None:
    async def talk(socket: ServerConnection) -> None:
        await subscribe(socket)
        await tell(socket)
        await tell(socket)
        await socket.wait_closed()

    ear = Ear()
    async with told_by(talk, ear) as heads:
        await ear.has_heard(3)
        assert heads.is_live
    assert not heads.is_live


async def test_a_subscription_that_is_lost_is_made_anew() -> None:
    connections = 0

    async def talk(socket: ServerConnection) -> None:
        nonlocal connections
        connections += 1
        await subscribe(socket)
        if connections == 1:
            socket.transport.abort()
            return
        await tell(socket)
        await socket.wait_closed()

    ear = Ear()
    async with told_by(talk, ear) as heads:
        await ear.has_heard(4)  # it stands, it falls, it stands again, and a block
        assert heads.is_live


@pytest.mark.parametrize(
    "answer",
    [
        '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}}',
        '{"jsonrpc":"2.0","id":2,"result":"0x1"}',
        '{"jsonrpc":"2.0","id":1,"result":null}',
        "<html>",
        "7",
    ],
)
async def test_who_does_not_subscribe_is_asked_again_and_never_live(answer: str) -> None:
    asked, again = 0, asyncio.Event()
    heads_live: list[bool] = []

    async def talk(socket: ServerConnection) -> None:
        nonlocal asked
        with suppress(ConnectionClosed):
            await socket.recv()
            await socket.send(answer)
            await socket.wait_closed()
        heads_live.append(heads.is_live)
        asked += 1
        if asked == 2:
            again.set()

    ear = Ear()
    async with told_by(talk, ear) as heads, asyncio.timeout(10):
        await again.wait()
    assert (heads_live, ear.count) == ([False, False], 0)


async def test_where_nobody_is_it_goes_on_trying_until_it_is_ended() -> None:
    heads = NewHeads("ws://127.0.0.1:1", first_pause=0.001)
    ear = Ear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await heads.watch(ear.hear)
    assert (heads.is_live, ear.count) == (False, 0)
