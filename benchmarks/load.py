"""Asks for paths over kept-alive connections as fast as they are answered; a process of its own.

It does so little that the server it asks is what takes the time. `python -m benchmarks.load PORT
CONNECTIONS` reads from its input the paths and the headers of all requests; it prints how many
seconds their answers took.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final, cast

import uvloop

_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length: "
_OK: Final = b"HTTP/1.1 200 "


def ask(port: int, paths: Sequence[str], headers: Mapping[str, str], connections: int) -> float:
    """Ask for each path once, and have the seconds that it took."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", str(port), str(connections)],
        input=json.dumps([list(paths), dict(headers)]),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout)


class _Asker(asyncio.Protocol):
    """One connection, which asks for the next path once the last is answered."""

    def __init__(self, requests: Iterator[bytes], ended: asyncio.Future[None]) -> None:
        self._requests = requests
        self._ended = ended
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        heard = self._heard + data if self._heard else data
        head = heard.find(_END)
        if head < 0:
            self._heard = heard
            return
        at = heard.find(_LENGTH, 0, head)
        length = int(heard[at + len(_LENGTH) : heard.find(b"\r", at)])
        if len(heard) < head + len(_END) + length:
            self._heard = heard
            return
        if not heard.startswith(_OK):
            self._ended.set_exception(AssertionError(heard[:200]))
            self._transport.close()
            return
        self._heard = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_exception(exc or ConnectionError("the server has hung up"))

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is not None:
            self._transport.write(request)
        elif not self._ended.done():
            self._ended.set_result(None)
            self._transport.close()


async def _all(
    port: int, connections: int, paths: Sequence[str], headers: Mapping[str, str]
) -> float:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    requests = iter([f"GET {path} HTTP/1.1\r\n{head}\r\n".encode() for path in paths])
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    ends: list[asyncio.Future[None]] = [loop.create_future() for _ in range(connections)]
    for ended in ends:
        await loop.create_connection(partial(_Asker, requests, ended), "127.0.0.1", port)
    await asyncio.gather(*ends)
    return time.perf_counter() - began


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(runner.run(_all(int(sys.argv[1]), int(sys.argv[2]), *asked)))
