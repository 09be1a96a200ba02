"""A chain inside the test's own event loop, with a real anvil behind it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.ledger.embedded.senders import OpenChain
from tidan_node.domain.checkpoints import Checkpoints, NoCheckpoints
from tidan_node.ledger.embedded.anvil import find_anvil
from tidan_node.ledger.embedded.home import ChainHome
from tidan_node.ledger.embedded.producer import Producer
from tidan_node.ledger.embedded.service import Options, assemble


@pytest.fixture
def open_chain(tmp_path: Path) -> OpenChain:
    """Opens the chain of the test's home; leaving it is like a kill, unless `stop` is asked for."""

    @asynccontextmanager
    async def opened(
        home: Path = tmp_path,
        *,
        stop: bool = False,
        checkpoints: Checkpoints | None = None,
        **assembled: object,
    ) -> AsyncIterator[Producer]:
        options = Options(home, find_anvil(os.environ), **_options(assembled))
        chain = ChainHome(home)
        chain.prepare()
        producer = assemble(chain, options, checkpoints or NoCheckpoints(), **assembled)
        running: asyncio.Task[None] | None = None
        try:
            await producer.start()
            running = asyncio.create_task(producer.run())
            yield producer
        finally:
            if stop and running is not None:
                await producer.close(running)
            else:
                await _kill(producer, running)

    return opened


def _options(assembled: dict[str, object]) -> dict[str, int]:
    names = [name for name in ("chain_id", "snapshot_every") if name in assembled]
    return {name: int(str(assembled.pop(name))) for name in names}


async def _kill(producer: Producer, running: asyncio.Task[None] | None) -> None:
    if running is not None:
        running.cancel()
        await asyncio.wait({running})
    await producer.keeper.end()
