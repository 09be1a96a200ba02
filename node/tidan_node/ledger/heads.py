"""New blocks by WebSocket, as they come; for as long as nobody tells of them, the reader asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import msgspec
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

_log = structlog.stdlib.get_logger(__name__)

_PATIENCE: Final = 10.0
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 300.0
_SUBSCRIBE: Final = '{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}'


class _Message(msgspec.Struct):
    """The answer to the subscription, or word of a block."""

    id: Any = None  # Any: JSON
    result: Any = None
    method: str | None = None


_DECODER: Final = msgspec.json.Decoder(_Message)


class NotSubscribed(Exception):
    """Whoever answers there tells of no blocks."""


class NewHeads:
    """A subscription to `newHeads`. A lost one is tried again, after a pause that doubles."""

    def __init__(self, url: str, *, first_pause: float = _FIRST_PAUSE) -> None:
        self._url = url
        self._first_pause = first_pause
        self._live = False

    @property
    def is_live(self) -> bool:
        return self._live

    async def watch(self, heard: Callable[[], None]) -> None:
        """Call at each new block, and once when the subscription stands or falls."""
        pause = self._first_pause
        while True:
            try:
                # proxies of the environment are for other places, as with the chain's HTTP
                async with connect(self._url, proxy=None, open_timeout=_PATIENCE) as socket:
                    await self._subscribe(socket)
                    self._live, pause = True, self._first_pause
                    _log.info("new blocks are told")
                    await self._listen(socket, heard)
            except (OSError, WebSocketException, NotSubscribed, msgspec.DecodeError) as error:
                if self._live:
                    _log.warning("new blocks are told no more", problem=type(error).__name__)
            finally:
                was_live, self._live = self._live, False
            if was_live:
                heard()
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, 2 * pause)

    async def _subscribe(self, socket: ClientConnection) -> None:
        await socket.send(_SUBSCRIBE)
        async with asyncio.timeout(_PATIENCE):
            answer = _DECODER.decode(await socket.recv())
        if answer.id != 1 or not isinstance(answer.result, str):
            raise NotSubscribed

    async def _listen(self, socket: ClientConnection, heard: Callable[[], None]) -> None:
        heard()  # a block may have come before the subscription
        async for message in socket:
            if _DECODER.decode(message).method == "eth_subscription":
                heard()
