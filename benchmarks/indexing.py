"""How fast a node takes in what a chain tells, beside reading it alone, and beside web3.py.

`python -m benchmarks.indexing [EVENTS] [ROUNDS]`. The ratios are of this process's CPU, which other
work on the machine changes least; where a server has the rows, its CPU is its own, and not counted.
The clock's ratios are printed beside them.

web3.py is asked for what it does in `process_log` alone: from a log in memory to its event. Beside
it stands what the node does for as much, and for more: `node.index_vs_web3` is its fetching and
decoding, and `node.indexing_vs_web3`, which is stated, all of its indexing.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import postgresql
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
_ON_SQLITE: Final = 0.3
_ON_POSTGRESQL: Final = 0.25
_OVER_WEB3: Final = 10


@dataclass(frozen=True, slots=True)
class Taken:
    """What a piece of work took, by the clock and of this process's own time."""

    seconds: float
    cpu: float


def measure(events: int = EVENTS, rounds: int = ROUNDS) -> Iterator[Figure]:
    """Medians of rounds that take turns, on SQLite, and on PostgreSQL where it is installed."""
    reading: list[Taken] = []
    on_sqlite: list[Taken] = []
    on_postgresql: list[Taken] = []
    with serving("events", events) as url:
        for _ in range(rounds):
            with timed(reading):
                asyncio.run(_read(url))
            with tempfile.TemporaryDirectory() as folder:
                _index_into(f"sqlite+aiosqlite:///{Path(folder) / 'node.db'}", url, on_sqlite)
            if postgresql.is_installed():
                with postgresql.running() as database:
                    _index_into(database, url, on_postgresql)
    read, indexed = _middle(reading), _middle(on_sqlite)
    print(f"  {events:,} events: read in {read.seconds:.2f} s ({read.cpu:.2f} s CPU)")
    yield _beside(read, indexed, "node.index_vs_decode", _ON_SQLITE)
    yield Figure("node.index_events_s", round(events / indexed.cpu), "/s")
    if on_postgresql:
        name = "node.index_vs_decode_postgresql"
        yield _beside(read, _middle(on_postgresql), name, _ON_POSTGRESQL)
    else:
        print("  PostgreSQL is not installed: indexing into it is not measured")
    web3 = web3_seconds()
    if web3 is not None:
        own = web3[1] * events
        print(f"  web3.py would make events of the same logs in {own:.1f} s CPU")
        yield Figure("node.index_vs_web3", round(own / read.cpu, 1), "", _OVER_WEB3, "higher")
        yield Figure("node.indexing_vs_web3", round(own / indexed.cpu, 1), "")


def _index_into(database_url: str, url: str, taken: list[Taken]) -> None:
    """Into an empty database, whose tables are made before it counts."""
    asyncio.run(upgrade(database_url))
    with timed(taken):
        asyncio.run(index(url, database_url))


def _beside(read: Taken, indexed: Taken, name: str, target: float) -> Figure:
    clock = read.seconds / indexed.seconds
    print(
        f"  indexed in {indexed.seconds:.2f} s ({indexed.cpu:.2f} s CPU):"
        f" {clock:.2f} of the rate of reading by the clock"
    )
    return Figure(name, round(read.cpu / indexed.cpu, 3), "", target, "higher")


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


def main() -> None:
    for figure in measure(*map(int, sys.argv[1:])):
        print(f"{figure.name:34} {figure.value:>12,.2f}")


if __name__ == "__main__":
    main()
