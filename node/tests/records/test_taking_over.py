"""Every projected table can be made what it is elsewhere, whatever its columns hold."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.chance import played
from tests.story import CHAIN
from tests.view import feed, fresh_view, rows_of
from tidan_node.indexer.differences import take_over
from tidan_node.records.projections import PROJECTED
from tidan_node.storage.database import Database


async def test_every_table_becomes_the_other_one(database: Database, tmp_path: Path) -> None:
    whole, other = played(Random(1), 300, decisions=3), played(Random(6), 200)
    await feed(database, other.events)
    there = await fresh_view(tmp_path / "other.db")
    await feed(there, whole.events)
    async with database.writing() as connection, there.reading() as anew:
        for table in PROJECTED:
            await take_over(connection, anew, table, chain_id=CHAIN)
    wanted = await rows_of(there)
    await there.close()
    assert await rows_of(database) == wanted
    assert {name for name, rows in wanted.items() if not rows} <= {"recognitions"}
