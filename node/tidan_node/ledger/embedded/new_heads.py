"""New blocks told by WebSocket (`eth_subscribe` to `newHeads`), so that nobody needs to ask."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from tidan_node.ledger.embedded.rpc import INVALID_REQUEST, METHOD_NOT_FOUND, Json, RpcError

_SUBSCRIPTION: Final = "0x1"
_POLICY_VIOLATION: Final = 1008


class Bell:
    """Rung at each new block; whoever listens finds out how many only by looking."""

    def __init__(self) -> None:
        self._listening: set[asyncio.Event] = set()

    def ring(self) -> None:
        for each in self._listening:
            each.set()

    @contextmanager
    def heard(self) -> Iterator[asyncio.Event]:
        """An event that is set when the bell has been rung since it was cleared."""
        event = asyncio.Event()
        self._listening.add(event)
        try:
            yield event
        finally:
            self._listening.discard(event)


class HeadTeller:
    """Tells each subscriber of the newest block; `newest` gives its header as JSON."""

    def __init__(self, bell: Bell, newest: Callable[[], Awaitable[Json]]) -> None:
        self._bell = bell
        self._newest = newest

    async def talk(self, socket: WebSocket) -> None:
        """One connection, with one subscription at most, until it is closed."""
        if "origin" in socket.headers:  # a page in a browser, which has no business here
            await socket.close(_POLICY_VIOLATION)
            return
        await socket.accept()
        telling: asyncio.Task[None] | None = None
        try:
            while True:
                request = await self._request(socket)
                if await self._answered(socket, request) and telling is None:
                    telling = asyncio.create_task(self._tell(socket))
        except WebSocketDisconnect:
            pass  # whoever listened has gone
        finally:
            if telling is not None:
                telling.cancel()
                await asyncio.gather(telling, return_exceptions=True)

    async def _request(self, socket: WebSocket) -> Json:
        try:
            return json.loads(await socket.receive_text())
        except (ValueError, KeyError):  # no JSON, or bytes
            return None

    async def _answered(self, socket: WebSocket, request: Json) -> bool:
        """Whether a subscription was asked for, and answered."""
        number = request.get("id") if isinstance(request, dict) else None
        answer: dict[str, object] = {"jsonrpc": "2.0", "id": number}
        wanted = isinstance(request, dict) and request.get("method") == "eth_subscribe"
        subscribed = wanted and request.get("params") == ["newHeads"]
        if subscribed:
            answer["result"] = _SUBSCRIPTION
        else:
            code = METHOD_NOT_FOUND if isinstance(request, dict) else INVALID_REQUEST
            error = RpcError("only eth_subscribe to newHeads is served here", code=code)
            answer["error"] = error.member()
        await socket.send_text(json.dumps(answer))
        return subscribed

    async def _tell(self, socket: WebSocket) -> None:
        with self._bell.heard() as rung:
            while True:
                await rung.wait()
                rung.clear()
                params = {"subscription": _SUBSCRIPTION, "result": await self._newest()}
                told = {"jsonrpc": "2.0", "method": "eth_subscription", "params": params}
                await socket.send_text(json.dumps(told))
