"""The two servers of a node: for its own people, and for other nodes; they begin and end as one."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Literal

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from tidan_node.exchange.own_certificate import OwnCertificate

_GRACE: Final = 10
_TICKS: Final = 10
"""A server ticks ten times a second."""


class ExchangeServer(uvicorn.Server):
    """Speaks TLS with other nodes, by the certificate that its file has now."""

    def __init__(self, app: FastAPI, listener: socket.socket, certificate: OwnCertificate) -> None:
        config = server_config(app, lifespan="off")
        config.load()
        config.ssl = certificate.context
        super().__init__(config)
        self._listener = listener
        self._certificate = certificate
        self._listens = asyncio.Event()

    async def run_until_told(self) -> None:
        await self.serve([self._listener])

    async def listens(self) -> None:
        """Wait until it does."""
        await self._listens.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the other server's, which ends this one."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listens.set()

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS == 0:
            self._certificate.look()
        return await super().on_tick(counter)


class NodeServer(uvicorn.Server):
    """A server that says when the node listens, and waits for no stream when it ends."""

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        announce: Callable[[], None],
        end_streams: Callable[[], None],
        exchange: ExchangeServer | None = None,
    ) -> None:
        super().__init__(config)
        self._announce = announce
        self._end_streams = end_streams
        self._exchange = exchange
        self._exchanging: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            return
        if self._exchange is not None:
            self._exchanging = asyncio.create_task(self._exchange.run_until_told())
            self._exchanging.add_done_callback(lambda _: self._end())
            listens = asyncio.create_task(self._exchange.listens())
            await asyncio.wait((listens, self._exchanging), return_when=asyncio.FIRST_COMPLETED)
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Uvicorn waits until each answer has been given, and a stream is an answer without end."""
        self._end_streams()
        try:
            if self._exchange is not None and self._exchanging is not None:
                self._exchange.should_exit = True
                await self._exchanging
        finally:
            await super().shutdown(sockets)

    def _end(self) -> None:
        """One without the other is no node."""
        self.should_exit = True


def server_config(app: ASGIApp, *, lifespan: Literal["on", "off"]) -> uvicorn.Config:
    """How both of them serve."""
    return uvicorn.Config(
        app,
        log_config=None,  # the node's own log has all of it
        access_log=False,
        server_header=False,
        lifespan=lifespan,
        timeout_graceful_shutdown=_GRACE,
    )
