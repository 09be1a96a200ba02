"""How fast acts reach the chain through a node, beside the same transactions sent raw."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy import select

from benchmarks import postgresql
from benchmarks.carrier import EMBEDDED, GETH, Carrier, Engine, Serving
from benchmarks.figures import Figure
from tidan_node.domain.identifiers import Address, TitleId
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Rpc
from tidan_node.operations.operation import AttemptState, OperationStatus
from tidan_node.operations.repository import UNFINISHED
from tidan_node.operations.tables import attempts, operations
from tidan_node.settings import Settings
from tidan_node.storage.database import Database
from tidan_node.titles.operations import ENDORSE

TITLES: Final = 5_000
ROUNDS: Final = 5
_AT_ONCE: Final = 100
_SENDERS: Final = 4
_PAUSE: Final = 0.05

Signed = Mapping[Address, Sequence[bytes]]
"""Of each account the transactions in the order of their nonces."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round took, in seconds."""

    node: float
    raw: float
    node_cpu: float


def measure() -> Iterator[Figure]:
    """The node's figures on SQLite and, where it is installed, on PostgreSQL."""
    yield from on_sqlite(TITLES, ROUNDS, GETH)
    if postgresql.is_installed():
        yield from on_postgresql(TITLES, GETH)
    else:
        print("  PostgreSQL is not installed: writing with it is not measured")


def on_sqlite(titles: int, rounds: int, engine: Engine) -> Iterator[Figure]:
    """Medians of rounds, in each of which the node goes first and its bytes are sent again raw."""
    done = _rounds(titles, rounds, engine)
    ratio = statistics.median(each.raw / each.node for each in done)
    cpu = statistics.median(each.node_cpu for each in done) / titles * 1000
    rate = statistics.median(titles / each.node for each in done)
    yield Figure("node.writes_vs_raw", round(ratio, 3), "", 0.8, "higher")
    yield Figure("node.write_cpu_ms", round(cpu, 3), "ms", 1.5)
    yield Figure("node.writes_s", round(rate), "/s")


def on_postgresql(titles: int, engine: Engine) -> Iterator[Figure]:
    """One round, since its database is not brought back; the server's own CPU is not counted."""
    with postgresql.running() as database_url:
        (done,) = _rounds(titles, 1, engine, database_url)
    cpu = done.node_cpu / titles * 1000
    yield Figure("node.write_cpu_ms_postgresql", round(cpu, 3), "ms", 1.5)
    yield Figure("node.writes_s_postgresql", round(titles / done.node), "/s")


def _rounds(
    titles: int, rounds: int, engine: Engine, database_url: str | None = None
) -> list[Round]:
    done: list[Round] = []
    with tempfile.TemporaryDirectory(prefix="tb") as folder:
        carrier = Carrier(Path(folder), engine, database_url=database_url)
        carrier.found(titles)
        for _ in range(rounds):
            done.append(_round(carrier))
            print(
                f"  {titles:,} acts: by the node {done[-1].node:.2f} s"
                f" ({done[-1].node_cpu:.2f} s CPU), raw {done[-1].raw:.2f} s"
            )
    return done


def _round(carrier: Carrier) -> Round:
    with carrier.chain(), carrier.serving() as node:
        before, began = node.cpu_seconds(), time.perf_counter()
        asyncio.run(_act(node, carrier.node_home, carrier.titles))
        node_took = time.perf_counter() - began
        cpu = node.cpu_seconds() - before
    signed = asyncio.run(_signed(carrier.node_home))
    with carrier.chain():
        began = time.perf_counter()
        asyncio.run(_send(carrier.url, carrier.manifest, signed))
        raw_took = time.perf_counter() - began
    return Round(node_took, raw_took, cpu)


async def _act(node: Serving, home: Path, titles: Sequence[TitleId]) -> None:
    """Endorse every title, in batches, and wait until nothing is under way."""
    batches = [titles[at : at + _AT_ONCE] for at in range(0, len(titles), _AT_ONCE)]
    async with httpx.AsyncClient(
        base_url=node.access.url, headers=node.headers, timeout=120, trust_env=False
    ) as client:

        async def send(first: int) -> None:
            for place in range(first, len(batches), _SENDERS):
                await _endorse(client, f"batch-{place}", batches[place])

        await asyncio.gather(*(send(first) for first in range(_SENDERS)))
    await _until_none_is_under_way(home)


async def _until_none_is_under_way(home: Path) -> None:
    """Seen in SQL, so that looking costs the node nothing."""
    database = Database(Settings.load(home).database_url)
    # the trail's own anchors go on, and are nobody's acts
    statuses = (
        select(operations.c.status)
        .where(operations.c.kind == ENDORSE)
        .group_by(operations.c.status)
    )
    while True:
        async with database.reading() as connection:
            seen = set(await connection.scalars(statuses))
        if not seen.intersection(UNFINISHED):
            break
        await asyncio.sleep(_PAUSE)
    await database.close()
    if seen != {OperationStatus.SUCCEEDED}:
        raise AssertionError("an operation failed")


async def _endorse(client: httpx.AsyncClient, key: str, titles: Sequence[TitleId]) -> None:
    acts = [
        {"path": f"/v1/titles/{title}/endorsements", "body": {"kind": "BLANK"}} for title in titles
    ]
    answer = await client.post(
        "/v1/operations:batch", json={"requests": acts}, headers={"Idempotency-Key": key}
    )
    answer.raise_for_status()
    if any(item["status"] != httpx.codes.ACCEPTED for item in answer.json()["items"]):
        raise AssertionError("an act was refused")


async def _signed(home: Path) -> Signed:
    """What the node has signed, and the chain has taken."""
    database = Database(Settings.load(home).database_url)
    signed: dict[Address, list[bytes]] = defaultdict(list)
    wanted = (
        select(attempts.c.account, attempts.c.raw)
        .where(attempts.c.state == AttemptState.INCLUDED)
        .order_by(attempts.c.nonce)
    )
    async with database.reading() as connection:
        for account, raw in await connection.execute(wanted):
            signed[account].append(raw)
    await database.close()
    return signed


async def _send(url: str, manifest: Manifest, signed: Signed) -> None:
    """In batches, each account beside the others, until the last is in a final block."""
    rpc = Rpc(url)
    gateway = Gateway(rpc, manifest)
    before = {account: await gateway.transaction_count(account) for account in signed}

    async def send(account: Address) -> None:
        raws = signed[account]
        for at in range(0, len(raws), _AT_ONCE):
            await gateway.send(raws[at : at + _AT_ONCE])
        wanted = before[account] + len(raws)
        while True:
            final = (await gateway.head()).number - manifest.finality_depth
            if await gateway.transaction_count(account, max(final, 0)) >= wanted:
                return
            await asyncio.sleep(_PAUSE)

    await asyncio.gather(*map(send, signed))
    await rpc.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=TITLES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--embedded", action="store_true")
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    made_by = EMBEDDED if asked.embedded else GETH
    for figure in (
        on_postgresql(asked.titles, made_by)
        if asked.postgresql
        else on_sqlite(asked.titles, asked.rounds, made_by)
    ):
        print(f"{figure.name:34} {figure.value:>12,.3f} {figure.unit}")
