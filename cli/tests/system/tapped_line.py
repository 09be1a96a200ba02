"""A line between two nodes that somebody listens on: it keeps every byte, cuts, and alters.

What is in TLS only those can read or alter who hold the key of a certificate that the receiver's
profile pins. The tests let the line hold such a key, to look at what TLS hides.
"""

from __future__ import annotations

import asyncio
import enum
import ssl
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tidan_node.domain.tls_certificates import Der
from tidan_node.exchange.own_certificate import OwnCertificate, new_tls_file

_CHUNK: Final = 65536
_IN_THE_SEAL: Final = b'"ciphertext":"'
_SECRET: Final = bytes(32)


class Mood(enum.Enum):
    """What the line does with what it carries."""

    HONEST = enum.auto()
    """It carries what it cannot read."""
    READING = enum.auto()
    """By a certificate that the receiver's profile pins, it reads all and changes nothing."""
    ALTERING = enum.auto()
    """By the same, one character of the ciphertext becomes another one."""
    POSING = enum.auto()
    """It poses as the receiver by a certificate that nobody pins."""
    CUT = enum.auto()
    """Whoever calls is hung up on."""


@dataclass
class _Station:
    """Where the line ends one connection and begins the next one."""

    heard: list[bytes]
    port: Callable[[], int]
    onward: ssl.SSLContext | None = None
    changed: Callable[[bytes], bytes] = bytes
    is_cut: Callable[[], bool] = lambda: False
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [writer]
        self.open.add(writer)
        try:
            with suppress(OSError):
                if not self.is_cut():
                    there, onward = await asyncio.open_connection(
                        "127.0.0.1", self.port(), ssl=self.onward
                    )
                    ends.append(onward)
                    self.open.add(onward)
                    await asyncio.gather(self._carry(reader, onward), self._carry(there, writer))
        finally:
            for end in ends:
                end.close()
                self.open.discard(end)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await source.read(_CHUNK):
                self.heard.append(chunk)
                sink.write(self.changed(chunk))
                await sink.drain()
        sink.close()

    def hang_up(self) -> None:
        for end in self.open:
            end.close()


class TappedLine:
    """A proxy on loopback in front of a port that a node listens on, or will."""

    def __init__(self, behind: int, folder: Path) -> None:
        self.altered = 0
        self._mood = Mood.HONEST
        self._sealed: list[bytes] = []
        self._inside: list[bytes] = []
        self._behind = behind
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        own, posing = (_shown(folder / f"{behind}-{name}.pem") for name in ("own", "posing"))
        self.certificate: Der = own.certificate
        """What the receiver's profile has to pin beside its own, that the line may read."""
        onward = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        onward.check_hostname, onward.verify_mode = False, ssl.CERT_NONE
        self._stations = [
            _Station(self._inside, lambda: self._behind, onward, self._changed),
            _Station(self._inside, lambda: self._behind, onward),
            _Station(self._sealed, self._next_port, is_cut=lambda: self.mood is Mood.CUT),
        ]
        contexts = (own.context, posing.context, None)
        self._servers = [
            self._run(asyncio.start_server(station, "127.0.0.1", 0, ssl=context))
            for station, context in zip(self._stations, contexts, strict=True)
        ]
        self.url = f"https://127.0.0.1:{self._port_of(2)}"

    @property
    def mood(self) -> Mood:
        return self._mood

    @mood.setter
    def mood(self, mood: Mood) -> None:
        """A connection of before would go on as it was: all are hung up."""
        if mood is not self._mood:
            self._mood = mood
            self._run(self._hang_up())

    @property
    def sealed(self) -> bytes:
        """Every byte that was on the line so far, of both directions."""
        return b"\n".join(list(self._sealed))

    @property
    def inside(self) -> bytes:
        """Every byte that the line has read inside of TLS, by its pinned certificate."""
        return b"\n".join(list(self._inside))

    def close(self) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _next_port(self) -> int:
        if self.mood is Mood.HONEST:
            return self._behind
        return self._port_of(1 if self.mood is Mood.POSING else 0)

    def _port_of(self, server: int) -> int:
        port: int = self._servers[server].sockets[0].getsockname()[1]
        return port

    def _changed(self, chunk: bytes) -> bytes:
        at = chunk.find(_IN_THE_SEAL)
        if self.mood is not Mood.ALTERING or at < 0:
            return chunk
        at += len(_IN_THE_SEAL) + 20
        self.altered += 1
        return chunk[:at] + (b"A" if chunk[at : at + 1] != b"A" else b"B") + chunk[at + 1 :]

    async def _hang_up(self) -> None:
        for station in self._stations:
            station.hang_up()

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        await self._hang_up()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:  # Any: whatever it answers
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


def _shown(file: Path) -> OwnCertificate:
    content, _ = new_tls_file(_SECRET, ["127.0.0.1"], datetime.now(UTC))
    file.write_bytes(content)
    return OwnCertificate(file, [_SECRET])
