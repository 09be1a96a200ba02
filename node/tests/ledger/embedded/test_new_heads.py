"""The embedded chain tells of its blocks by WebSocket, and of nothing else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from tests.ledger.embedded.senders import OpenChain
from tests.on_loopback import served
from tidan_node.ledger.embedded.producer import Producer
from tidan_node.ledger.embedded.proxy import Proxy, application


@asynccontextmanager
async def door_of(chain: Producer) -> AsyncIterator[str]:
    """Where its door stands open."""
    async with served(application(Proxy(chain, dict))) as url:
        yield "ws" + url.removeprefix("http")


async def ask(socket: ClientConnection, body: object) -> Any:
    await socket.send(body if isinstance(body, str) else json.dumps(body))
    return json.loads(await socket.recv())


SUBSCRIBE = {"jsonrpc": "2.0", "id": 5, "method": "eth_subscribe", "params": ["newHeads"]}


async def test_a_subscriber_is_told_of_each_block(open_chain: OpenChain) -> None:
    async with open_chain() as chain, door_of(chain) as url, connect(url, proxy=None) as socket:
        assert await ask(socket, SUBSCRIBE) == {"jsonrpc": "2.0", "id": 5, "result": "0x1"}
        await chain.advance_time(60)
        told = json.loads(await socket.recv())
        assert told["method"] == "eth_subscription"
        assert told["params"]["subscription"] == "0x1"
        header = told["params"]["result"]
        assert (int(header["number"], 16), header["hash"]) == (1, chain.tip.block_hash)


@pytest.mark.parametrize(
    "body",
    [
        {"id": 5, "method": "eth_subscribe", "params": ["logs"]},
        {"id": 5, "method": "eth_sendRawTransaction", "params": ["0x"]},
        {"id": 5, "method": "anvil_setBalance", "params": []},
        {"id": 5},
        [],
        "no json",
        '"text"',
    ],
)
async def test_nothing_else_is_served(open_chain: OpenChain, body: object) -> None:
    async with open_chain() as chain, door_of(chain) as url, connect(url, proxy=None) as socket:
        answer = await ask(socket, body)
        assert "newHeads" in answer["error"]["message"]
        assert (await ask(socket, SUBSCRIBE))["result"] == "0x1"


async def test_a_page_in_a_browser_is_sent_away(open_chain: OpenChain) -> None:
    async with open_chain() as chain, door_of(chain) as url:
        with pytest.raises(InvalidStatus):
            async with connect(url, proxy=None, origin="http://evil.example"):  # type: ignore[arg-type]
                pass


async def test_a_subscriber_that_goes_is_forgotten(open_chain: OpenChain) -> None:
    async with open_chain() as chain, door_of(chain) as url:
        async with connect(url, proxy=None) as socket:
            await ask(socket, SUBSCRIBE)
        await chain.advance_time(60)
        async with connect(url, proxy=None) as socket:
            await ask(socket, SUBSCRIBE)
            await chain.advance_time(60)
            told = json.loads(await socket.recv())
            assert int(told["params"]["result"]["number"], 16) == 2
