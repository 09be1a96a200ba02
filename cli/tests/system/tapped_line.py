"""A line between two nodes that somebody listens on: it keeps every byte, cuts, and alters."""

from __future__ import annotations

import enum
import socket
import threading
from contextlib import suppress
from typing import Final

_CHUNK: Final = 65536
_IN_THE_SEAL: Final = b'"ciphertext":"'


class Mood(enum.Enum):
    """What the line does with what it carries."""

    HONEST = enum.auto()
    ALTERING = enum.auto()
    """One character of the ciphertext becomes another one."""
    CUT = enum.auto()
    """Whoever calls is hung up on."""


class TappedLine:
    """A TCP proxy on loopback in front of a port that a node listens on, or will."""

    def __init__(self, behind: int) -> None:
        self.mood = Mood.HONEST
        self.altered = 0
        self._behind = behind
        self._heard: list[bytes] = []
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def heard(self) -> bytes:
        """Every byte so far, of both directions."""
        with self._lock:
            return b"\n".join(self._heard)

    def close(self) -> None:
        self._listener.close()
        with self._lock:
            for end in self._open:
                _hang_up(end)

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            if self.mood is Mood.CUT:
                caller.close()
                continue
            try:
                callee = socket.create_connection(("127.0.0.1", self._behind), timeout=10)
            except OSError:
                caller.close()
                continue
            callee.settimeout(None)
            with self._lock:
                self._open += [caller, callee]
            for source, sink in ((caller, callee), (callee, caller)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                with self._lock:
                    self._heard.append(chunk)
                if self.mood is Mood.CUT:
                    break
                sink.sendall(self._changed(chunk))
        _hang_up(source)
        _hang_up(sink)

    def _changed(self, chunk: bytes) -> bytes:
        at = chunk.find(_IN_THE_SEAL)
        if self.mood is not Mood.ALTERING or at < 0:
            return chunk
        at += len(_IN_THE_SEAL) + 20
        self.altered += 1
        return chunk[:at] + (b"A" if chunk[at : at + 1] != b"A" else b"B") + chunk[at + 1 :]


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()
