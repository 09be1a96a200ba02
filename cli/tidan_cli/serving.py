"""The node as a process: what can be checked is checked first, then it serves until it is told."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from tidan_cli.addresses import url_of
from tidan_cli.collecting import collect_as_usual
from tidan_cli.failures import NodeDidNotStart
from tidan_cli.home_lock import one_of_its_nodes, sole_user
from tidan_cli.node_settings import settings_of, settings_wrong
from tidan_cli.process_entry import checkpoints
from tidan_cli.servers import ExchangeServer, NodeServer, server_config
from tidan_node.app import MigrationsPending, Node
from tidan_node.domain.tls_certificates import valid_until
from tidan_node.ledger.embedded.problems import PortTaken
from tidan_node.settings import Settings, SettingsRefused
from tidan_node.storage.database import DatabaseUnusable
from tidan_node.storage.migrate import pending
from tidan_node.web import logging
from tidan_node.web.shapes import as_utc

Document = dict[str, Any]  # Any: what a command answers, as JSON


def serve_node(home: Path, announce: Callable[[Document], None]) -> None:
    """Serve the node of this home, and announce where it listens once it does."""
    settings = settings_of(home)
    with ExitStack() as until_end:
        until_end.enter_context(_user(settings))
        own = until_end.enter_context(_listener(settings.host, settings.port, "port"))
        others = None
        if settings.tls_file.is_file():
            address = settings.exchange_address
            others = until_end.enter_context(_listener(*address, "exchange_port"))
        _require_ready(settings)
        logging.configure(settings.log_level)
        node = Node(settings, checkpoints())
        exchange = None
        if others is not None and node.certificate is not None:
            exchange = ExchangeServer(node.exchange_app(), others, node.certificate)
        server = NodeServer(
            server_config(node.app(), lifespan="on"),
            announce=lambda: announce(_answer(settings, own, others, node)),
            end_streams=node.news.close,
            exchange=exchange,
        )
        # Uvicorn raises the signal again once it has shut down; that it did so is the answer.
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: None)
        collect_as_usual()
        server.run(sockets=[own])
    if not server.started:
        raise NodeDidNotStart("its log says why")


def _user(settings: Settings) -> AbstractContextManager[None]:
    """A file has one process; processes that share a server take turns there."""
    if make_url(settings.database_url).get_backend_name() == "sqlite":
        return sole_user(settings.home)
    return one_of_its_nodes(settings.home)


def _answer(
    settings: Settings, own: socket.socket, others: socket.socket | None, node: Node
) -> Document:
    exchange, until = None, None
    if others is not None and node.certificate is not None:
        exchange = url_of("https", settings.exchange_address[0], others.getsockname()[1])
        until = as_utc(valid_until(node.certificate.certificate))
    return {
        "url": url_of("http", settings.host, own.getsockname()[1]),
        "exchangeUrl": exchange,
        "certificateEnds": until,
        "home": str(settings.home),
        "pid": os.getpid(),
    }


def _require_ready(settings: Settings) -> None:
    """What the node would find out only after it had begun to start."""
    try:
        settings.require_files()
    except SettingsRefused as refused:
        raise settings_wrong(refused) from refused
    missing = asyncio.run(pending(settings.database_url))
    for chain in settings.linked_chains:
        with suppress(DatabaseUnusable):  # the node runs without it, and waits for it
            missing += asyncio.run(pending(chain.database_url))
    if missing:
        named = ", ".join(dict.fromkeys(missing))
        raise MigrationsPending(
            f"run `tidan node migrate --home {settings.home}`; missing: {named}"
        )


def _listener(host: str, port: int, setting: str) -> socket.socket:
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
        raise PortTaken(
            f"{host}:{port}: {error.strerror}; another is set by `{setting}` in node.toml, or by"
            f" TIDAN_{setting.upper()}",
            field=setting,
        ) from error
    return listener
