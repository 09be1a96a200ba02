"""Keeps the workers running: one that dies is logged, started again after a while, and shown.

Where several processes run one node, its workers run in one of them; the others stand by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog

from tidan_node.problems import Problem
from tidan_node.storage.peers import Alone, Peers
from tidan_node.web.health import NotReady
from tidan_node.web.logging import what_failed

_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_log = structlog.stdlib.get_logger(__name__)


@dataclass(slots=True)
class Worker:
    """A loop that ends only when it is cancelled; whatever else ends it is a failure."""

    name: str
    run: Callable[[], Awaitable[None]]
    is_told_apart: bool = False
    """Whether a check of its own tells how it is."""
    failures: int = field(default=0, init=False)
    down: bool = field(default=False, init=False)
    why: str = field(default="", init=False)
    """What it has last failed for."""


class Supervisor:
    """Starts the workers when it is this process's turn, restarts each with growing pauses, and
    stops them all."""

    def __init__(
        self,
        workers: Sequence[Worker],
        *,
        peers: Peers | None = None,
        first_pause: float = _FIRST_PAUSE,
    ) -> None:
        self._workers = workers
        self._peers = peers or Alone()
        self._first_pause = first_pause
        self._taking_turns: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_working(self) -> bool:
        """Whether the workers run in this process."""
        return bool(self._tasks)

    def start(self) -> None:
        self._taking_turns = asyncio.create_task(self._peers.run(self._working))

    async def stop(self) -> None:
        """Every worker is told to end, and has ended."""
        if self._taking_turns is not None:
            self._taking_turns.cancel()
            await asyncio.gather(self._taking_turns, return_exceptions=True)
            self._taking_turns = None

    async def look(self) -> str:
        """How the workers are, for the readiness check."""
        if self._taking_turns is None:
            raise NotReady("no worker has been started")
        if self._taking_turns.done():
            raise NotReady("the workers have ended")
        if not self._peers.can_ask:
            raise NotReady("it cannot be told whether another process runs the workers")
        if not self._tasks:
            return "standing by: another process of this node runs the workers"
        down = [each.name for each in self._workers if each.down and not each.is_told_apart]
        if down:
            raise NotReady(f"stopped and waiting to start again: {', '.join(down)}")
        return f"{len(self._tasks)} running"

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        self._tasks = [
            asyncio.create_task(self._keep_running(worker), name=worker.name)
            for worker in self._workers
        ]
        _log.info("workers started")
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._tasks = []

    async def _keep_running(self, worker: Worker) -> None:
        loop = asyncio.get_running_loop()
        pause = self._first_pause
        while True:
            worker.down = False
            began = loop.time()
            try:
                await worker.run()
                worker.why = "it ended"
                _log.error("worker ended", worker=worker.name)
            except Exception as error:
                worker.why = error.detail if isinstance(error, Problem) else type(error).__name__
                _log.error("worker failed", worker=worker.name, **what_failed(error))
            worker.failures += 1
            worker.down = True
            if loop.time() - began > _LONGEST_PAUSE:  # it ran well for a while
                pause = self._first_pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
