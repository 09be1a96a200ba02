"""A line between a node and its chain's JSON-RPC that goes wrong, by a schedule from a seed."""

from __future__ import annotations

import asyncio
import enum
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

Json = Any  # the shape is that of the method asked for

_HEAD_END: Final = b"\r\n\r\n"
_CHUNK: Final = 65536
_LIE: Final = "0x" + "5a" * 32


class Fault(enum.StrEnum):
    """What becomes of one request. Of each it is said whether the chain has had it."""

    HANGS = "never forwarded, never answered"
    LATE = "forwarded, never answered"
    TWICE = "forwarded twice"
    CUT_BEFORE = "hung up before it was forwarded"
    CUT_AFTER = "forwarded, hung up before the answer"
    HALF = "forwarded, half of the answer, and hung up"
    NOT_JSON = "forwarded, answered with words"
    CUT_JSON = "forwarded, answered with half of the JSON"
    BAD_GATEWAY = "not forwarded, a page of a proxy"
    WRONG_ID = "forwarded, answered under other ids"
    WRONG_HASH = "forwarded, answered with another hash"
    WRONG_KIND = "forwarded, answered with something else"
    BUSY = "not forwarded, an error of the chain's node"


_UNHEARD: Final = (Fault.HANGS, Fault.CUT_BEFORE, Fault.BAD_GATEWAY, Fault.BUSY)
"""Of these the chain never hears."""


class FaultyLine:
    """A proxy on loopback. While it is `well` it hands on what it hears; else one request in six
    meets a fault, each kind once before any comes again, and the connections that tell of blocks
    are cut now and then."""

    def __init__(self, chain_url: str, seed: int) -> None:
        self.chain_url = chain_url
        self.well = True
        self.met: Counter[Fault] = Counter()
        self.cut_sockets = 0
        self._chance = random.Random(seed)
        self._deck: list[Fault] = []
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                while True:
                    head = await reader.readuntil(_HEAD_END)
                    if b"upgrade: websocket" in head.lower():
                        await self._tunnel(head, reader, writer)
                        return
                    body = await reader.readexactly(_length(head))
                    if not await self._answer(body, reader, writer):
                        return
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(
        self, body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """False: the connection is to be hung up."""
        fault = self._fault()
        answer = b"" if fault in _UNHEARD else await self._forward(body)
        if fault is Fault.TWICE:
            answer = await self._forward(body)
        match fault:
            case Fault.HANGS | Fault.LATE:
                await reader.read()  # until the node has had enough
                return False
            case Fault.CUT_BEFORE | Fault.CUT_AFTER:
                return False
            case Fault.HALF:
                await _reply(writer, answer, sent=len(answer) // 2)
                return False
            case Fault.BAD_GATEWAY:
                await _reply(writer, b"<html>Bad Gateway</html>", "502 Bad Gateway", "text/html")
            case Fault.BUSY:
                await _reply(writer, _with(body, _failed))
            case _:
                await _reply(writer, _spoilt(fault, answer))
        return True

    def _fault(self) -> Fault | None:
        if self.well or self._chance.random() > 1 / 6:
            return None
        if not self._deck:
            self._deck = self._chance.sample(list(Fault), len(Fault))
        fault = self._deck.pop()
        self.met[fault] += 1
        return fault

    async def _forward(self, body: bytes) -> bytes:
        reader, writer = await self._connect()
        try:
            head = f"POST / HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
            head += "Content-Type: application/json\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
            told = await reader.readuntil(_HEAD_END)
            length = _length(told)
            return await (reader.readexactly(length) if length else reader.read())
        finally:
            writer.close()

    async def _tunnel(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """What tells of new blocks; it is cut after a while that the seed says."""
        there, onward = await self._connect()
        self._open.add(onward)
        onward.write(head)
        left = self._chance.randrange(2, 6)

        async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            nonlocal left
            with suppress(OSError):
                while chunk := await source.read(_CHUNK):
                    sink.write(chunk)
                    await sink.drain()
                    left -= not self.well
                    if left <= 0:
                        self.cut_sockets += 1
                        break
            for end in (writer, onward):
                end.close()

        try:
            await asyncio.gather(carry(reader, onward), carry(there, writer))
        finally:
            self._open.discard(onward)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = urlsplit(self.chain_url)
        return await asyncio.open_connection(parts.hostname, parts.port)

    async def _end(self) -> None:
        self._server.close()
        for writer in self._open:
            writer.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:  # Any: whatever it answers
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


async def _reply(
    writer: asyncio.StreamWriter,
    content: bytes,
    status: str = "200 OK",
    kind: str = "application/json",
    sent: int | None = None,
) -> None:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
    writer.write(head.encode() + content[:sent])
    await writer.drain()


def _spoilt(fault: Fault | None, answer: bytes) -> bytes:
    match fault:
        case Fault.NOT_JSON:
            return b"the chain is being looked after"
        case Fault.CUT_JSON:
            return answer[: len(answer) // 2]
        case Fault.WRONG_ID:
            return _with(answer, lambda one: {**one, "id": 10**9 + int(one["id"])})
        case Fault.WRONG_HASH:
            return _with(answer, _with_another_hash)
        case Fault.WRONG_KIND:
            return _with(answer, lambda one: {**one, "result": {"unexpected": []}})
    return answer


def _with_another_hash(one: Mapping[str, Json]) -> Json:
    result = one.get("result")
    if isinstance(result, str) and len(result) == len(_LIE):
        return {**one, "result": _LIE}
    if isinstance(result, dict) and "hash" in result:
        return {**one, "result": {**result, "hash": _LIE}}
    return one


def _failed(one: Mapping[str, Json]) -> Json:
    error = {"code": -32005, "message": "too many requests, come back later"}
    return {"jsonrpc": "2.0", "id": one["id"], "error": error}


def _with(content: bytes, changed: Callable[[Mapping[str, Json]], Json]) -> bytes:
    told = json.loads(content)
    return json.dumps(
        [changed(one) for one in told] if isinstance(told, list) else changed(told)
    ).encode()
