"""What a node's memory grows by while it reads a chain of a million titles; long, so by itself.

`python -m benchmarks.memory [TITLES]`; with fewer titles the figures are stated, not judged.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import tidan_node.app as whole_node
from benchmarks.chain_server import serving
from benchmarks.figures import Figure
from benchmarks.told_chain import IN_A_BLOCK, manifest
from tidan_node.indexer.follower import Follower, FollowerSettings
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.rpc import Rpc
from tidan_node.records.projections import record_projections
from tidan_node.storage.database import Database
from tidan_node.storage.migrate import upgrade

TITLES: Final = 1_000_000
_FEW: Final = 10_000
_MIBIBYTE: Final = 1024 * 1024
_LARGEST: Final = 250.0
_GROWTH: Final = 20.0


def measure(titles: int = TITLES) -> Iterator[Figure]:
    """The most that was resident, in a process that has loaded all that a node loads."""
    with serving("titles", titles) as url, tempfile.TemporaryDirectory() as folder:
        database = f"sqlite+aiosqlite:///{Path(folder) / 'node.db'}"
        asyncio.run(upgrade(database))
        command = [sys.executable, "-m", "benchmarks.memory", url, database]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
    few, all_of_them = json.loads(said.stdout)
    whole = titles == TITLES
    yield Figure("node.memory_1m_titles_mib", all_of_them, "MiB", _LARGEST if whole else None)
    grown = round(all_of_them - few, 1)
    yield Figure("node.memory_growth_mib", grown, "MiB", _GROWTH if whole else None)


async def _index(url: str, database_url: str) -> tuple[float, float]:
    """The most that was resident until there were a few titles, and until there were all."""
    rpc, database = Rpc(url), Database(database_url)
    most: list[float] = [0.0, 0.0]

    def look(blocks: int, _: int) -> None:
        most[1] = max(most[1], _resident())
        if blocks * IN_A_BLOCK <= _FEW:
            most[0] = most[1]

    follower = Follower(
        database=database,
        chain=Gateway(rpc, manifest()),
        projections=record_projections(),
        settings=FollowerSettings(manifest().chain_id, manifest().block),
    )
    await follower.catch_up(look)
    await rpc.close()
    await database.close()
    return most[0], most[1]


def _resident() -> float:
    """Pages of 4 KiB, as Linux tells of this process."""
    resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(resident * 4096 / _MIBIBYTE, 1)


def main() -> None:
    if len(sys.argv) == 3:
        print(f"with all of {whole_node.__name__} loaded", file=sys.stderr)
        print(json.dumps(asyncio.run(_index(sys.argv[1], sys.argv[2]))))
        return
    for figure in measure(int(sys.argv[1]) if len(sys.argv) == 2 else TITLES):
        print(f"{figure.name:30} {figure.value:>10,.1f} {figure.unit}")


if __name__ == "__main__":
    main()
