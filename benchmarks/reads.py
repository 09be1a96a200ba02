"""How fast a title is read, beside an endpoint without work that is served in the same way.

`python -m benchmarks.reads [--titles N] [--rounds N]`. A round is a node of its
own life: each title is read once, and then each again by the same reader. The figures are
requests for a second of the serving process's CPU, over the same of the empty endpoint: on a
machine that does other work besides, the clock says more about that. What a node's workers use in
each second, asked or not, is measured before and taken off, or a slow clock would be counted after
all; where a server has the rows, its CPU is its own, and not counted.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from benchmarks import empty_server, load, postgresql
from benchmarks.carrier import EMBEDDED, Carrier
from benchmarks.figures import Figure
from benchmarks.processes import cpu_seconds

TITLES: Final = 5_000
ROUNDS: Final = 3
_CONNECTIONS: Final = 32
_TO_WARM: Final = 500
"""Titles that are read before it counts: statements are made, connections opened."""

_OFTEN: Final = 4
"""So many times what takes little: CPU is counted in hundredths of a second."""

_IDLE_SECONDS: Final = 10.0
_POSTGRESQL: Final = "_postgresql"


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second, by the CPU of who serves them and by the clock."""

    cpu: float
    clock: float


@dataclass(frozen=True, slots=True)
class Round:
    empty: Rate
    first: Rate
    again: Rate


def measure(titles: int = TITLES, rounds: int = ROUNDS) -> Iterator[Figure]:
    """On SQLite, and on PostgreSQL where it is installed."""
    yield from on(None, titles, rounds)
    if not postgresql.is_installed():
        print("  PostgreSQL is not installed: reads of it are not measured")
        return
    with postgresql.running() as url:
        yield from on(url, titles, rounds)


def on(database_url: str | None, titles: int, rounds: int) -> Iterator[Figure]:
    """Medians of rounds, on SQLite, or on the server of this URL."""
    with tempfile.TemporaryDirectory(prefix="tb") as folder:
        carrier = Carrier(Path(folder), EMBEDDED, database_url=database_url)
        carrier.found(titles)
        yield from of_carrier(carrier, rounds, on_server=database_url is not None)


def of_carrier(carrier: Carrier, rounds: int, *, on_server: bool) -> Iterator[Figure]:
    """Of one whose chain, node and titles are there."""
    done = [_round(carrier) for _ in range(rounds)]
    for each in done:
        print(
            f"  CPU of a request: empty {1e6 / each.empty.cpu:.0f} µs,"
            f" a title {1e6 / each.first.cpu:.0f} µs, again {1e6 / each.again.cpu:.0f} µs;"
            f" by the clock {each.empty.clock:.0f}, {each.first.clock:.0f},"
            f" {each.again.clock:.0f} a second"
        )
    first = statistics.median(each.first.cpu / each.empty.cpu for each in done)
    again = statistics.median(each.again.cpu / each.empty.cpu for each in done)
    kind = _POSTGRESQL if on_server else ""
    target = 0.15 if on_server else 0.25
    yield Figure(f"node.read_vs_empty{kind}", round(first, 3), "", target, "higher")
    yield Figure(f"node.read_cached_vs_empty{kind}", round(again, 3), "", 0.5, "higher")


def _round(carrier: Carrier) -> Round:
    with carrier.chain(), carrier.serving() as node:
        port = urlsplit(node.access.url).port
        assert port is not None  # noqa: S101 - the node was given one
        paths = [f"/v1/titles/{title}" for title in carrier.titles]
        _rate(node.pid, port, paths[:_TO_WARM], node.headers)
        idle = _idle(node.pid)
        counted = paths[_TO_WARM:]
        first = _rate(node.pid, port, counted, node.headers, idle)
        again = _rate(node.pid, port, counted * _OFTEN, node.headers, idle)
        with empty_server.serving() as (pid, empty_port):
            _rate(pid, empty_port, [empty_server.PATH] * _TO_WARM, node.headers)
            empties = [empty_server.PATH] * len(counted) * _OFTEN
            empty = _rate(pid, empty_port, empties, node.headers)
    return Round(empty, first, again)


def _idle(pid: int) -> float:
    """CPU seconds that the process uses in a second in which nobody asks it anything."""
    before = cpu_seconds(pid)
    time.sleep(_IDLE_SECONDS)
    return (cpu_seconds(pid) - before) / _IDLE_SECONDS


def _rate(
    pid: int, port: int, paths: Sequence[str], headers: Mapping[str, str], idle: float = 0.0
) -> Rate:
    before = cpu_seconds(pid)
    took = load.ask(port, paths, {"Host": "127.0.0.1", **headers}, _CONNECTIONS)
    used = cpu_seconds(pid) - before - idle * took
    return Rate(len(paths) / used, len(paths) / took)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=TITLES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    for figure in measure(asked.titles, asked.rounds):
        print(f"{figure.name:38} {figure.value:>8,.3f} {'ok' if figure.ok else 'MISSED'}")
