"""Who is woken by the same news asks SQL once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from tests.databases import databases
from tests.story import CHAIN
from tests.watched_chain import WatchedChain, accepted
from tidan_node.indexer.places import BEFORE_ALL, EventPlace
from tidan_node.storage.database import Database
from tidan_node.web.newest import Newest, Seen
from tidan_node.web.news import News


class _Counting(Database):
    """Counts how often it is read."""

    readings = 0

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        self.readings += 1
        async with super().reading() as connection:
            yield connection


async def test_all_who_wait_look_once_for_each_news(tmp_path: Path) -> None:
    database = _Counting(databases.migrated_url(tmp_path / "node.db"))
    news, newest = News(), Newest()

    async def all_look() -> set[Seen]:
        looks = (newest.seen(database, CHAIN, news.count) for _ in range(100))
        return set(await asyncio.gather(*looks))

    before = await all_look()
    (happened,) = await WatchedChain(database, news).mine(accepted(2))
    after = await all_look()
    await database.close()

    assert before == {Seen(BEFORE_ALL, alarm=0)}
    assert after == {Seen(EventPlace.of(happened.origin), alarm=0)}
    assert database.readings == 2
