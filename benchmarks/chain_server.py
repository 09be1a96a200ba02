"""A chain's node that has nothing to do but to answer: JSON-RPC over HTTP, out of memory.

It is a process of its own, so that its work is not counted as the reader's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.told_chain import Chain, IssuedTitles, ToldChain, manifest

_MOST = 20_000
"""Logs in one answer; where there are more, it refuses as hosted nodes do."""


class ChainServer:
    """Answers what a reader asks of a chain."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One kept-alive connection."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
                body = self._answer(json.loads(await reader.readexactly(length)))
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n" % len(body)
                )
                writer.write(body)
                await writer.drain()

    def _answer(self, asked: Any) -> bytes:  # Any: JSON
        if isinstance(asked, list):
            return b"[" + b",".join(map(self._answer, asked)) + b"]"
        result = self._result(asked["method"], asked["params"])
        return b'{"jsonrpc":"2.0","id":%d,%b}' % (asked["id"], result)

    def _result(self, method: str, params: list[Any]) -> bytes:  # Any: JSON
        match method:
            case "eth_chainId":
                return b'"result":"0x%x"' % manifest().chain_id
            case "eth_getCode":
                return b'"result":"0x00"'
            case "eth_getBlockByNumber":
                number = self._chain.height if params[0] == "latest" else int(params[0], 16)
                there = number <= self._chain.height
                return b'"result":' + (self._chain.header(number) if there else b"null")
            case "eth_getLogs":
                first, last = (int(params[0][end], 16) for end in ("fromBlock", "toBlock"))
                logs = [log for each in range(first, last + 1) for log in self._chain.logs(each)]
                if len(logs) > _MOST:
                    text = f"query returned more than {_MOST} results"
                    return b'"error":{"code":-32005,"message":"%b"}' % text.encode()
                return b'"result":[' + b",".join(logs) + b"]"
        return b'"error":{"code":-32601,"message":"no such method"}'


async def serve(chain: Chain) -> None:
    """Until the process is ended; the first line that is printed is the port."""
    server = await asyncio.start_server(ChainServer(chain).talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def serving(kind: str, count: int) -> Iterator[str]:
    """The URL of a server of so many events (`events`) or titles (`titles`), for the block."""
    command = [sys.executable, "-m", "benchmarks.chain_server", kind, str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


if __name__ == "__main__":
    wanted = int(sys.argv[2])
    asyncio.run(
        serve(ToldChain.by_chance(wanted) if sys.argv[1] == "events" else IssuedTitles(wanted))
    )
