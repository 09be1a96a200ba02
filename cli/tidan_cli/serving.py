"""The node as a process: what can be checked is checked first, then it serves until it is told."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import uvicorn

from tidan_cli.failures import NodeDidNotStart
from tidan_cli.home_lock import sole_user
from tidan_cli.node_settings import settings_of, settings_wrong
from tidan_cli.process_entry import checkpoints
from tidan_node.app import MigrationsPending, create_app
from tidan_node.ledger.embedded.problems import PortTaken
from tidan_node.settings import Settings, SettingsRefused
from tidan_node.storage.migrate import pending
from tidan_node.web import logging

Document = dict[str, Any]  # Any: what a command answers, as JSON

_GRACE: Final = 10


def serve_node(home: Path, announce: Callable[[Document], None]) -> None:
    """Serve the node of this home, and announce where it listens once it does."""
    settings = settings_of(home)
    with sole_user(settings.home), _listener(settings.host, settings.port) as listener:
        _require_ready(settings)
        logging.configure(settings.log_level)
        app = create_app(settings, checkpoints=checkpoints())
        config = uvicorn.Config(
            app,
            log_config=None,  # the node's own log has all of it
            access_log=False,
            server_header=False,
            lifespan="on",
            timeout_graceful_shutdown=_GRACE,
        )
        server = NodeServer(
            config,
            announce=lambda: announce(_answer(settings, listener)),
            end_streams=app.state.node.news.close,
        )
        # Uvicorn raises the signal again once it has shut down; that it did so is the answer.
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: None)
        server.run(sockets=[listener])
    if not server.started:
        raise NodeDidNotStart("its log says why")


class NodeServer(uvicorn.Server):
    """A server that says when it listens, and waits for no stream when it ends."""

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        announce: Callable[[], None],
        end_streams: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._announce = announce
        self._end_streams = end_streams

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Uvicorn waits until each answer has been given, and a stream is an answer without end."""
        self._end_streams()
        await super().shutdown(sockets)


def _answer(settings: Settings, listener: socket.socket) -> Document:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    port = listener.getsockname()[1]
    return {"url": f"http://{host}:{port}", "home": str(settings.home), "pid": os.getpid()}


def _require_ready(settings: Settings) -> None:
    """What the node would find out only after it had begun to start."""
    try:
        settings.require_files()
    except SettingsRefused as refused:
        raise settings_wrong(refused) from refused
    missing = asyncio.run(pending(settings.database_url))
    if missing:
        raise MigrationsPending(
            f"run `tidan node migrate --home {settings.home}`; missing: {', '.join(missing)}"
        )


def _listener(host: str, port: int) -> socket.socket:
    """The port is taken before anything else starts, so that a taken one is told in words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, since asyncio turns off Nagle's delay only where it sees that this is TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # two may bind to one port; only one listens
    except OSError as error:
        listener.close()
        raise PortTaken(f"{host}:{port}: {error.strerror}", field="port") from error
    return listener
