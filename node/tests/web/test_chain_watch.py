"""What is told of a chain: by whom it is read, how far, and what keeps it from being read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.databases import databases
from tests.live_chain import LiveChain
from tidan_node.domain.checkpoints import NoCheckpoints
from tidan_node.domain.parties import Role
from tidan_node.indexer.follower import FollowerSettings
from tidan_node.records.followed_chain import ChainPlace, FollowedChain
from tidan_node.storage.database import Database
from tidan_node.web.chain_watch import ChainStanding, ChainWatch
from tidan_node.web.supervisor import Supervisor

NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/none"


def followed(live: LiveChain, database_url: str, *, rewind_limit: int = 1) -> FollowedChain:
    place = ChainPlace(
        name="shanghai",
        manifest=live.manifest,
        url=live.url,
        heads_url="ws" + live.url.removeprefix("http"),
        timeout=30.0,
        database_url=database_url,
    )
    settings = FollowerSettings(
        chain_id=live.manifest.chain_id,
        first_block=live.manifest.block,
        poll_interval=0.01,
        rewind_limit=rewind_limit,
    )
    return FollowedChain(place, settings=settings, checkpoints=NoCheckpoints())


@pytest.fixture
async def chain(sql: str, tmp_path: Path, live_chain: LiveChain) -> AsyncIterator[FollowedChain]:
    chain = followed(live_chain, databases.migrated_url(tmp_path / "chain.db"))
    yield chain
    await chain.close()


@asynccontextmanager
async def at_work(chain: FollowedChain) -> AsyncIterator[ChainWatch]:
    watch = ChainWatch(chain, lambda: supervisor.is_working)
    supervisor = Supervisor([watch.worker], first_pause=0.01)
    supervisor.start()
    yield watch
    await supervisor.stop()


async def once(watch: ChainWatch, is_so: Callable[[ChainStanding], bool]) -> ChainStanding:
    async with asyncio.timeout(120):
        while not is_so(standing := await watch.standing()):
            pass
    return standing


async def test_where_another_process_reads_it_its_rows_tell_how_far(
    chain: FollowedChain, live_chain: LiveChain
) -> None:
    watch = ChainWatch(chain, lambda: False)
    assert (await watch.standing()).problem == "the chain has not been read yet"
    await chain.follower.catch_up()
    head = await live_chain.gateway.head()
    await live_chain.mine(3)
    assert await watch.standing() == ChainStanding(
        head=head.number + 3, cursor=head, lag=3, hears_by=None, problem=None
    )


async def test_one_that_parted_too_far_back_is_named_until_it_is_read_anew(
    chain: FollowedChain, live_chain: LiveChain, tmp_path: Path
) -> None:
    before = await live_chain.snapshot()
    await live_chain.mine(5)
    scratch = Database(f"sqlite+aiosqlite:///{tmp_path / 'scratch.db'}")
    async with at_work(chain) as watch:
        read = await once(watch, lambda told: told.lag == 0 and told.cursor is not None)
        await live_chain.go_back_to(before)
        await live_chain.enrol(Role.TRADER, live_chain.signers[2].address)
        await live_chain.mine(6)
        told = await once(watch, lambda told: told.problem is not None)
        assert "tidan node reindex --chain 31337" in str(told.problem)
        assert told.cursor == read.cursor
        assert watch.worker.failures > 0
        await chain.rebuild.run(scratch)
        head = await live_chain.gateway.head()
        await once(watch, lambda told: told.problem is None and told.cursor == head)
    await scratch.close()


async def test_a_database_that_holds_another_chain_is_named(
    sql: str, chain: FollowedChain, tmp_path: Path, other_chain: LiveChain
) -> None:
    await chain.follower.catch_up()
    other = followed(other_chain, databases.url(tmp_path / "chain.db"))
    async with at_work(other) as watch:
        told = await once(watch, lambda told: told.problem is not None)
    await other.close()
    assert "chain 31337 was read into this database, and not 31338" in str(told.problem)
    assert told.cursor is None


async def test_a_database_that_does_not_answer_is_named(live_chain: LiveChain) -> None:
    chain = followed(live_chain, NOWHERE)
    async with at_work(chain) as watch:
        told = await once(watch, lambda told: watch.worker.failures > 0)
    await chain.close()
    assert told.problem == "its database does not answer"
