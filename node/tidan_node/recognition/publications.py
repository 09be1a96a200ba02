"""Documents of issuers over the web: in bounds, and remembered for a minute."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx

from tidan_node.domain.loopback import is_loopback
from tidan_node.public_roots import public_roots
from tidan_node.web.issuers import IssuerNotReached

_LARGEST: Final = 64 * 1024
_PATIENCE: Final = 10.0
_KEPT: Final = 60.0
"""Seconds; for so long a credential that was revoked is still believed."""
_SULK: Final = 10.0
_MOST_KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class _Known:
    """What came, or that nothing did, and until when that counts."""

    body: bytes | None
    until: float


class Publications:
    """Asks over https, or over http on this very machine, follows no redirect, and asks again for
    the same only after a minute; after ten seconds where nothing came."""

    def __init__(
        self, client: httpx.AsyncClient, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def published(self, url: str) -> bytes:
        """The document at this address, as its issuer publishes it."""
        async with self._asking.setdefault(url, asyncio.Lock()):
            known = self._known.get(url)
            if known is None or known.until <= self._clock():
                known = await self._asked(url)
                self._forget()
                self._known[url] = known
        if known.body is None:
            raise IssuerNotReached("its address does not answer as it must", field="token")
        return known.body

    async def _asked(self, url: str) -> _Known:
        try:
            body = await self._fetched(url)
        except IssuerNotReached:
            return _Known(None, self._clock() + _SULK)
        return _Known(body, self._clock() + _KEPT)

    async def _fetched(self, url: str) -> bytes:
        parts = urlsplit(url)
        within = parts.scheme == "http" and is_loopback(parts.hostname or "")
        if parts.scheme != "https" and not within:
            raise IssuerNotReached("only https is asked", field="token")
        try:
            async with asyncio.timeout(_PATIENCE), self._client.stream("GET", url) as response:
                if response.status_code != 200:
                    raise IssuerNotReached(f"it answers {response.status_code}", field="token")
                return await _body(response)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise IssuerNotReached(type(error).__name__, field="token") from error

    def _forget(self) -> None:
        """Bounded, whatever issuers name in their credentials."""
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
            self._asking = {url: lock for url, lock in self._asking.items() if lock.locked()}


def publications_client() -> httpx.AsyncClient:
    """Straight to the address: no proxy of the environment, no redirect, nothing unpacked."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(_PATIENCE),
        verify=public_roots(),
        trust_env=False,
        follow_redirects=False,
        headers={"User-Agent": "tidan", "Accept-Encoding": "identity"},
    )


async def _body(response: httpx.Response) -> bytes:
    told = b""
    async for chunk in response.aiter_raw():
        told += chunk
        if len(told) > _LARGEST:
            raise IssuerNotReached(f"it is longer than {_LARGEST} bytes", field="token")
    return told
