"""How fast a node takes in what a chain tells, beside reading it alone, and beside web3.py."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.chain_server import serving
from benchmarks.figures import Figure
from benchmarks.told_chain import manifest
from benchmarks.web3_rate import web3_seconds
from tidan_node.indexer.ahead import PagesAhead
from tidan_node.indexer.follower import AHEAD, Follower, FollowerSettings
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.rpc import Rpc
from tidan_node.records.projections import record_projections
from tidan_node.storage.database import Database
from tidan_node.storage.migrate import upgrade

EVENTS: Final = 100_000
ROUNDS: Final = 3
_FOLLOWING: Final = FollowerSettings(manifest().chain_id, manifest().block)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a piece of work took, by the clock and of this process's own time."""

    seconds: float
    cpu: float


def measure(events: int = EVENTS, rounds: int = ROUNDS) -> Iterator[Figure]:
    """Medians of rounds that take turns."""
    reading: list[Taken] = []
    indexing: list[Taken] = []
    with serving("events", events) as url:
        for _ in range(rounds):
            with timed(reading):
                asyncio.run(_read(url))
            with tempfile.TemporaryDirectory() as folder:
                database = f"sqlite+aiosqlite:///{Path(folder) / 'node.db'}"
                asyncio.run(upgrade(database))
                with timed(indexing):
                    asyncio.run(index(url, database))
    read, indexed = _middle(reading), _middle(indexing)
    print(
        f"  {events:,} events: read in {read.seconds:.2f} s ({read.cpu:.2f} s CPU),"
        f" indexed in {indexed.seconds:.2f} s ({indexed.cpu:.2f} s CPU)"
    )
    ratio = round(read.seconds / indexed.seconds, 3)
    yield Figure("node.index_vs_decode", ratio, "", 0.3, "higher")
    yield Figure("node.index_events_s", round(events / indexed.seconds), "/s")
    web3 = web3_seconds()
    if web3 is not None:
        clock, own = web3[0] * events, web3[1] * events
        print(f"  web3.py would read them in {clock:.0f} s ({own:.0f} s CPU)")
        yield Figure("node.index_vs_web3", round(clock / read.seconds, 1), "", 10, "higher")


async def _read(url: str) -> None:
    """Fetch and decode every page as the follower does, and keep nothing."""
    rpc = Rpc(url)
    gateway, first = Gateway(rpc, manifest()), manifest().block
    head = await gateway.head()
    async with PagesAhead(gateway, most=_FOLLOWING.page, depth=AHEAD) as ahead:
        while first <= head.number:
            page = await ahead.page(first, head.number)
            first = page.blocks[-1].number + 1
    await rpc.close()


async def index(url: str, database_url: str) -> None:
    """What a node does that has been away: rows, projections, hashes and cursor, page by page."""
    rpc, database = Rpc(url), Database(database_url)
    follower = Follower(
        database=database,
        chain=Gateway(rpc, manifest()),
        projections=record_projections(),
        settings=_FOLLOWING,
    )
    await follower.catch_up()
    await rpc.close()
    await database.close()


@contextmanager
def timed(taken: list[Taken]) -> Iterator[None]:
    """Adds what the block took."""
    clock, own = time.perf_counter(), time.process_time()
    yield
    taken.append(Taken(time.perf_counter() - clock, time.process_time() - own))


def _middle(taken: list[Taken]) -> Taken:
    return Taken(
        statistics.median(each.seconds for each in taken),
        statistics.median(each.cpu for each in taken),
    )
