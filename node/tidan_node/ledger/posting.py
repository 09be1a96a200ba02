"""Questions to one endpoint by HTTP: what a node asks many times a second, and so without cookies,
redirects, compression or an address that is read anew each time."""

from __future__ import annotations

import base64
from typing import Final

import httpcore
import httpx

from tidan_node.public_roots import roots_for

_LARGEST: Final = 32 * 1024 * 1024
"""Bytes of an answer: what a page of the chain takes is bounded, whatever its blocks hold."""
_KEPT: Final = 20
_KEPT_SECONDS: Final = 5.0
_MOST: Final = 100

NO_ANSWER: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpx.InvalidURL,
)
"""What it comes to where there is none."""


class TooLarge(Exception):
    """An answer that nobody would hold in memory."""


class Posting:
    """One address, over connections that are kept."""

    def __init__(self, url: str, *, timeout: float) -> None:
        # The endpoint is a setting; proxies of the environment are for other places.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=roots_for(url),
            max_connections=_MOST,
            max_keepalive_connections=_KEPT,
            keepalive_expiry=_KEPT_SECONDS,
        )
        self._place = url
        self._extensions = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), timeout)}
        self._read: tuple[httpcore.URL, list[tuple[bytes, bytes]]] | None = None

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """The status and all of the answer."""
        if self._read is None:  # what cannot be read is refused where it is asked, not at the start
            self._read = _read(self._place)
        url, headers = self._read
        content = bytearray()
        async with self._pool.stream(
            "POST", url, headers=headers, content=body, extensions=self._extensions
        ) as answer:
            async for part in answer.aiter_stream():
                content += part
                if len(content) > _LARGEST:
                    raise TooLarge(f"an answer of more than {_LARGEST} bytes")
        return answer.status, bytes(content)

    async def close(self) -> None:
        await self._pool.aclose()


def _read(place: str) -> tuple[httpcore.URL, list[tuple[bytes, bytes]]]:
    """The address, and the headers of each request to it."""
    read = httpx.URL(place)
    url = httpcore.URL(
        scheme=read.raw_scheme, host=read.raw_host, port=read.port, target=read.raw_path
    )
    headers = [
        (b"Host", read.netloc),
        (b"Accept", b"application/json"),
        (b"User-Agent", b"tidan-node"),
        (b"Content-Type", b"application/json"),
    ]
    if read.username or read.password:
        secret = base64.b64encode(f"{read.username}:{read.password}".encode())
        headers.append((b"Authorization", b"Basic " + secret))
    return url, headers
