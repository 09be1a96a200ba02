"""The projected rows depend on the chain's events alone, however they came in."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chance import played
from tests.sampling import TIMES
from tests.story import Story
from tests.view import Rows, apply_again, drop, feed, fresh_view, rewind_to, rows_of
from tidan_node.domain.events import ChainEvent
from tidan_node.records import tables
from tidan_node.storage.database import Database

a_story = st.builds(
    played,
    st.randoms(use_true_random=False),
    st.integers(0, 60),
)
few = settings(max_examples=15 * TIMES, deadline=None)


async def straight(events: Sequence[ChainEvent]) -> Rows:
    """The rows of a view that saw these events and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        database = await fresh_view(Path(folder) / "straight.db")
        try:
            await feed(database, events)
            return await rows_of(database)
        finally:
            await database.close()


async def in_a_view(folder: str, events: Sequence[ChainEvent], pages: int = 1) -> Database:
    database = await fresh_view(Path(folder) / "view.db")
    await feed(database, events, pages=pages)
    return database


class TestApply:
    @few
    @given(story=a_story, pages=st.integers(1, 12))
    async def test_the_size_of_a_page_changes_nothing(self, story: Story, pages: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            database = await in_a_view(folder, story.events, pages)
            rows = await rows_of(database)
            await database.close()
        assert rows == await straight(story.events)

    @few
    @given(story=a_story, data=st.data())
    async def test_a_page_taken_in_twice_changes_nothing(
        self, story: Story, data: st.DataObject
    ) -> None:
        first = data.draw(st.integers(0, len(story.events)))
        with tempfile.TemporaryDirectory() as folder:
            database = await in_a_view(folder, story.events)
            before = await rows_of(database)
            await apply_again(database, story.events[first:])
            await apply_again(database, story.events[:first])
            after = await rows_of(database)
            await database.close()
        assert after == before

    async def test_every_title_has_its_row_and_its_head(self, database: Database) -> None:
        story = played(Random(11), 240)
        await feed(database, story.events)
        rows = await rows_of(database)
        head = [column.name for column in tables.titles.columns].index("head")
        assert len(story.titles) > 5
        assert {row[0] for row in rows["titles"]} == set(story.titles)
        assert len({row[head] for row in rows["titles"]}) == len(story.titles)


class TestRewind:
    @few
    @given(story=a_story, data=st.data())
    async def test_leaves_the_rows_of_a_chain_that_ended_there(
        self, story: Story, data: st.DataObject
    ) -> None:
        block = data.draw(st.integers(0, story.block))
        with tempfile.TemporaryDirectory() as folder:
            database = await in_a_view(folder, story.events)
            await rewind_to(database, block)
            rows = await rows_of(database)
            await database.close()
        kept = [each for each in story.events if each.origin.block_number <= block]
        assert rows == await straight(kept)

    @few
    @given(story=a_story, data=st.data())
    async def test_another_branch_leaves_the_rows_of_that_branch_alone(
        self, story: Story, data: st.DataObject
    ) -> None:
        block = data.draw(st.integers(0, story.block))
        kept = [each for each in story.events if each.origin.block_number <= block]
        other = Story(fork="other", block=block, events=list(kept))
        other.next_block()
        other.standings.update(story.standings)
        for index in sorted(story.standings):
            other.anchor(index, count=10_000)
            other.change_roles(index, story.standings[index].roles)
        branch = [e for e in other.events[len(kept) :] if _enrolled_in(kept, e)]
        with tempfile.TemporaryDirectory() as folder:
            database = await in_a_view(folder, story.events)
            await rewind_to(database, block)
            await feed(database, branch)
            rows = await rows_of(database)
            await database.close()
        assert rows == await straight([*kept, *branch])

    @few
    @given(story=a_story, data=st.data())
    async def test_and_the_same_again_comes_out_the_same(
        self, story: Story, data: st.DataObject
    ) -> None:
        block = data.draw(st.integers(0, story.block))
        with tempfile.TemporaryDirectory() as folder:
            database = await in_a_view(folder, story.events)
            before = await rows_of(database)
            await rewind_to(database, block)
            await feed(database, story.events[_count(story, block) :])
            after = await rows_of(database)
            await database.close()
        assert after == before


class TestDrop:
    @few
    @given(story=a_story)
    async def test_a_replay_brings_the_same_rows_back(self, story: Story) -> None:
        with tempfile.TemporaryDirectory() as folder:
            database = await in_a_view(folder, story.events)
            before = await rows_of(database)
            await drop(database)
            empty = await rows_of(database)
            await apply_again(database, story.events)
            after = await rows_of(database)
            await database.close()
        assert all(not rows for rows in empty.values())
        assert after == before


def _count(story: Story, block: int) -> int:
    return sum(1 for each in story.events if each.origin.block_number <= block)


def _enrolled_in(kept: Sequence[ChainEvent], happened: ChainEvent) -> bool:
    """Whether the party of this event exists on the branch at all."""
    known = {getattr(each.event, "party", None) for each in kept}
    return getattr(happened.event, "party", None) in known
