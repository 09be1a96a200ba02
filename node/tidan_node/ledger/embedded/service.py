"""One chain as one process: the home is locked, the chain rebuilt, the door opened."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
import uvicorn

from tidan_node.domain.checkpoints import Checkpoints, NoCheckpoints
from tidan_node.ledger.embedded.anvil import AnvilStarter
from tidan_node.ledger.embedded.durable import remove_partial_files
from tidan_node.ledger.embedded.home import ChainHome, RunningChain
from tidan_node.ledger.embedded.journal import Journal
from tidan_node.ledger.embedded.problems import ChainHomeUnusable, PortTaken
from tidan_node.ledger.embedded.processes import identity_of
from tidan_node.ledger.embedded.producer import SNAPSHOT_EVERY, Producer
from tidan_node.ledger.embedded.proxy import Proxy, application
from tidan_node.ledger.embedded.recovery import Rebuilder
from tidan_node.ledger.embedded.snapshots import Snapshots

log = structlog.get_logger(__name__)

_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Options:
    """What whoever starts a chain decides."""

    home: Path
    anvil: Path
    port: int | None = None
    chain_id: int | None = None
    snapshot_every: int = SNAPSHOT_EVERY


def serve(
    options: Options,
    *,
    on_ready: Callable[[RunningChain], None],
    checkpoints: Checkpoints | None = None,
) -> None:
    """Serve one chain until a signal ends it."""
    home = ChainHome(options.home)
    home.prepare()
    with home.locked():
        try:
            asyncio.run(_serve(home, options, on_ready, checkpoints or NoCheckpoints()))
        except OSError as error:
            raise ChainHomeUnusable(f"{home.path}: {error.strerror}", field="--home") from error


async def _serve(
    home: ChainHome,
    options: Options,
    on_ready: Callable[[RunningChain], None],
    checkpoints: Checkpoints,
) -> None:
    with _listening(options.port, home.announced()) as listening:
        producer = assemble(home, options, checkpoints)
        await producer.start()
        running = RunningChain(
            url=f"http://{_HOST}:{listening.getsockname()[1]}",
            pid=os.getpid(),
            identity=identity_of(os.getpid()) or "",
            chain_id=producer.rules.chain_id,
            home=str(home.path),
        )
        door = application(Proxy(producer, partial(_status, home, running, producer)))
        server = uvicorn.Server(
            uvicorn.Config(
                door,
                lifespan="off",
                log_config=None,
                access_log=False,
                timeout_keep_alive=60,
                timeout_graceful_shutdown=5,
            )
        )
        producing = asyncio.create_task(producer.run())
        producing.add_done_callback(lambda _: setattr(server, "should_exit", True))
        # For a signal before uvicorn listens to them, and for the one that stopped it, which it
        # raises once more at its end, when the snapshot is still to come.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: setattr(server, "should_exit", True))
        home.announce(running)
        on_ready(running)
        try:
            await server.serve(sockets=[listening])
        finally:
            await producer.close(producing)
        producing.result()


def assemble(
    home: ChainHome,
    options: Options,
    checkpoints: Checkpoints,
    clock: Callable[[], float] = time.time,
) -> Producer:
    """The parts of one chain, put together over what a crash has left in its home."""
    remove_partial_files(home.path)
    starter = AnvilStarter(options.anvil, home.path, home.log)
    starter.end_left_over()
    rules = home.rules(options.chain_id)
    journal = Journal(home.path, checkpoints)
    snapshots = Snapshots(home.path, checkpoints)
    rebuilder = Rebuilder(
        starter=starter,
        rules=rules,
        check_genesis=partial(home.check_first_block, rules),
        journal=journal,
        snapshots=snapshots,
        checkpoints=checkpoints,
    )
    return Producer(
        rules=rules,
        rebuilder=rebuilder,
        journal=journal,
        snapshots=snapshots,
        checkpoints=checkpoints,
        clock=clock,
        snapshot_every=options.snapshot_every,
    )


def _listening(port: int | None, before: RunningChain | None) -> socket.socket:
    """The port that was asked for; else the one of last time, so that nodes find it again."""
    wanted = [port] if port is not None else [before.port if before else 0, 0]
    for candidate in wanted:
        # asyncio switches delayed sending off only where it sees that the socket is TCP.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((_HOST, candidate))
            listening.listen(socket.SOMAXCONN)
        except OSError:
            listening.close()
        else:
            return listening
    raise PortTaken(
        f"port {port} of {_HOST} is taken; leave it out to have a free one", field="--port"
    )


def _status(home: ChainHome, running: RunningChain, producer: Producer) -> dict[str, object]:
    tip, rebuilt = producer.tip, producer.rebuilt
    return {
        "home": running.home,
        "url": running.url,
        "pid": running.pid,
        "anvilPid": producer.keeper.anvil_pid,
        "chainId": running.chain_id,
        "genesisHash": home.genesis_hash,
        "height": tip.height,
        "hash": tip.block_hash,
        "timestamp": tip.timestamp,
        "clockOffset": tip.offset,
        "waiting": producer.waiting,
        "journalBytes": producer.journal.size,
        "snapshots": [
            {"height": kept.height, "bytes": kept.path.stat().st_size}
            for kept in producer.snapshots.newest_first()
        ],
        "rebuilt": rebuilt
        and {
            "fromHeight": rebuilt.from_height,
            "blocks": rebuilt.blocks,
            "seconds": rebuilt.seconds,
        },
        "setAside": home.files_set_aside(),
    }
