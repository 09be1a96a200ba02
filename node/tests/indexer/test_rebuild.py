"""The view read anew beside the old one, which stays until the new one is whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.indexer.conftest import HEIGHTS, Heights, Sailor, StopAt, Stopped
from tidan_node.domain.checkpoints import Checkpoints, NoCheckpoints
from tidan_node.domain.events import ChainEvent, TrailAnchored
from tidan_node.indexer.rebuild import Rebuild
from tidan_node.indexer.tables import blocks, chain_events
from tidan_node.storage.database import Database


@dataclass
class Hearing:
    """A projection that keeps nothing of its own: it hears each event once."""

    heard: list[int] = field(default_factory=list)

    async def apply(self, _: AsyncConnection, events: Sequence[ChainEvent]) -> None:
        self.heard += [each.event.up_to for each in events if isinstance(each.event, TrailAnchored)]

    async def rewind(self, _: AsyncConnection, removed: Sequence[ChainEvent]) -> None:
        pass


def rebuild(
    sailor: Sailor,
    *,
    moments: Checkpoints | None = None,
    others: Sequence[Hearing] = (),
    rewind_limit: int | None = None,
) -> Rebuild:
    return Rebuild(
        database=sailor.database,
        chain=sailor.chain,
        settings=replace(sailor.settings(page=4), rewind_limit=rewind_limit),
        rows=[Heights()],
        others=others,
        tables=[HEIGHTS],
        moments=moments or NoCheckpoints(),
    )


@pytest.fixture
async def scratch(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'scratch.db'}")
    yield database
    await database.close()


@pytest.fixture
async def read(sailor: Sailor) -> Sailor:
    """One that has read twelve blocks, with an anchor each."""
    for up_to in range(1, 13):
        await sailor.anchor(up_to)
    await sailor.follower().catch_up()
    return sailor


async def numbers(sailor: Sailor) -> list[int]:
    """Those that SQL has given to the rows of events."""
    async with sailor.database.reading() as connection:
        return list(await connection.scalars(select(chain_events.c.id).order_by(chain_events.c.id)))


@asynccontextmanager
async def meanwhile(act: Callable[[], object]) -> AsyncIterator[Callable[[int, int], None]]:
    """A progress that does this once."""
    left = [act]

    def progress(read: int, of: int) -> None:
        if left:
            left.pop()()

    yield progress


async def test_rows_that_are_right_are_left_alone(read: Sailor, scratch: Database) -> None:
    before, given = await read.rows(), await numbers(read)
    told: list[tuple[int, int]] = []
    await rebuild(read).run(scratch, lambda done, of: told.append((done, of)))
    assert (await read.rows(), await numbers(read)) == (before, given)
    assert told == [(4, 12), (8, 12), (12, 12)]


async def test_what_is_wrong_missing_or_invented_is_put_right(
    read: Sailor, scratch: Database
) -> None:
    before = await read.rows()
    async with read.database.writing() as connection:
        await connection.execute(delete(chain_events).where(chain_events.c.block_number == 3))
        await connection.execute(
            update(chain_events).where(chain_events.c.block_number == 5).values(data={"party": 1})
        )
        await connection.execute(update(HEIGHTS).where(HEIGHTS.c.up_to == 7).values(block=99))
        await connection.execute(insert(HEIGHTS).values(up_to=777, block=7))
        await connection.execute(delete(HEIGHTS).where(HEIGHTS.c.up_to == 9))
        await connection.execute(update(blocks).where(blocks.c.number == 2).values(timestamp=1))
    await rebuild(read).run(scratch)
    assert sorted(map(str, await read.rows())) == sorted(map(str, before))


async def test_until_all_is_read_the_rows_are_those_of_before(
    read: Sailor, scratch: Database
) -> None:
    async with read.database.writing() as connection:
        await connection.execute(update(HEIGHTS).where(HEIGHTS.c.up_to == 7).values(block=99))
    before = await read.rows()
    with pytest.raises(Stopped):
        await rebuild(read, moments=StopAt("reindex.before-commit")).run(scratch)
    assert await read.rows() == before
    assert await read.cursor() == read.chain.chain[12].ref


async def test_another_chains_rows_stay(read: Sailor, scratch: Database) -> None:
    async with read.database.writing() as connection:
        row = {"chain_id": 7, "number": 1, "hash": "0x1", "parent_hash": "0x0", "timestamp": 5}
        await connection.execute(insert(blocks).values(**row))
    await rebuild(read).run(scratch)
    async with read.database.reading() as connection:
        kept = await connection.execute(select(blocks).where(blocks.c.chain_id == 7))
        assert len(kept.all()) == 1


async def test_what_the_node_has_not_read_before_is_told_to_the_others(
    read: Sailor, scratch: Database
) -> None:
    hearing, soon = Hearing(), asyncio.Event()

    async def one_more() -> None:
        await read.anchor(50)
        soon.set()

    async with meanwhile(lambda: tasks.append(asyncio.create_task(one_more()))) as progress:
        tasks: list[asyncio.Task[None]] = []
        await rebuild(read, others=[hearing]).run(scratch, progress)
        await soon.wait()
    await read.follower().catch_up()
    assert await read.heights() == [*((each, each) for each in range(1, 13)), (50, 13)]
    assert hearing.heard in ([50], [])  # by the rebuild, or else by the node, which reads on


async def test_a_node_that_reads_on_meanwhile_is_caught_up_with(
    read: Sailor, scratch: Database
) -> None:
    async def reads_on() -> None:
        await read.anchor(60)
        await read.anchor(61)
        await read.follower().catch_up()

    tasks: list[asyncio.Task[None]] = []
    async with meanwhile(lambda: tasks.append(asyncio.create_task(reads_on()))) as progress:
        await rebuild(read).run(scratch, progress)
        await asyncio.gather(*tasks)
    await read.follower().catch_up()
    assert (await read.heights())[-2:] == [(60, 13), (61, 14)]
    assert await read.cursor() == read.chain.chain[14].ref


async def test_a_chain_that_parted_too_far_back_is_taken_as_it_is(
    read: Sailor, scratch: Database
) -> None:
    read.chain.go_back(2)
    await read.anchor(80)
    await rebuild(read, rewind_limit=3).run(scratch)
    assert await read.heights() == [(1, 1), (2, 2), (80, 3)]
    assert await read.cursor() == read.chain.chain[3].ref
