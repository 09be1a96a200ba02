"""A line to a chain that can be cut, and laid to another chain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

_CHUNK = 65536


class Line:
    """Whoever calls is put through to `target`; while there is none, hung up on."""

    def __init__(self, target: str | None) -> None:
        self.target = target
        self.url = ""
        self._open: set[asyncio.Task[None]] = set()

    def lay_to(self, target: str | None) -> None:
        """From now on; who is on the line is cut off."""
        self.target = target
        for each in self._open:
            each.cancel()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        ends = [writer]
        try:
            with suppress(OSError, asyncio.CancelledError):
                if self.target is not None:
                    parts = urlsplit(self.target)
                    there, onward = await asyncio.open_connection(parts.hostname, parts.port)
                    ends.append(onward)
                    await asyncio.gather(_pass(reader, onward), _pass(there, writer))
        finally:
            self._open.discard(task)
            for each in ends:
                each.close()


@asynccontextmanager
async def line_to(target: str | None) -> AsyncIterator[Line]:
    """A line on a port of this machine, until the block ends."""
    line = Line(target)
    server = await asyncio.start_server(line._carry, "127.0.0.1", 0)
    line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        server.close()
        line.lay_to(None)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()
    writer.close()
