"""One chain of entries comes out, whoever seals, and wherever a sealer dies."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.problems import Problem
from tidan_node.storage.database import Database
from tidan_node.trail.entries import START
from tidan_node.trail.sealer import Sealer, SealerSettings
from tidan_node.trail.tables import trail_entries, trail_marks
from tidan_node.trail.trail import Trail
from tidan_node.trail.verification import verify


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Ledger:
    """Somebody who brings checkpoints to a ledger: here, into the same database."""

    def __init__(self, problem: Problem | None = None) -> None:
        self.problem = problem
        self.tried = asyncio.Event()
        self.busy = False
        self.asked: list[tuple[int, str]] = []

    async def is_under_way(self, _: AsyncConnection) -> bool:
        return self.busy

    async def anchor(self, connection: AsyncConnection, up_to: int, checkpoint: str) -> None:
        self.tried.set()
        if self.problem is not None:
            raise self.problem
        self.asked.append((up_to, checkpoint))
        await Trail(connection).append("system", "asked", f"{up_to}")


class Died(BaseException):
    """The process is gone: nothing of it handles this."""


class DiesAt:
    """Ends its sealer when the moment is reached."""

    def __init__(self, moment: str) -> None:
        self.moment = moment

    def reached(self, moment: str) -> None:
        if moment == self.moment:
            raise Died


async def add(database: Database, count: int) -> None:
    async with database.writing() as connection:
        for number in range(count):
            await Trail(connection).append("key-1", "title.show", f"title {number}")


async def chain(database: Database) -> list[int]:
    """The seqs, after every link was found whole."""
    async with database.reading() as connection:
        entries = await Trail(connection).sealed(limit=10_000)
    assert verify(entries) is None
    return [entry.seq or 0 for entry in entries]


class TestSeal:
    async def test_chains_entries_in_the_order_they_came(self, database: Database) -> None:
        await add(database, 5)
        assert await Sealer(database=database, anchoring=None).seal() == 5
        async with database.reading() as connection:
            entries = await Trail(connection).sealed(limit=10)
            link = await Trail(connection).last_link()
        assert [entry.subject for entry in entries] == [f"title {number}" for number in range(5)]
        assert entries[0].previous == START.hash
        assert (link.seq, link.hash) == (5, entries[-1].hash)
        assert verify(entries) is None

    async def test_nothing_to_seal_needs_no_writer(self, database: Database) -> None:
        sealer = Sealer(database=database, anchoring=None)
        async with asyncio.timeout(5), database.writing():
            assert await sealer.seal() == 0  # it would wait for the writer that is held here

    async def test_a_batch_goes_on_where_the_last_one_ended(self, database: Database) -> None:
        await add(database, 10)
        sealer = Sealer(database=database, anchoring=None, settings=SealerSettings(batch=4))
        assert [await sealer.seal() for _ in range(4)] == [4, 4, 2, 0]
        assert await chain(database) == list(range(1, 11))

    async def test_an_entry_that_commits_late_is_sealed_late(self, database: Database) -> None:
        await add(database, 3)
        sealer = Sealer(database=database, anchoring=None)
        await sealer.seal()
        late = {"id": -1, "actor": "k", "act": "a", "subject": "late", "detail": {}}
        async with database.reading() as connection:
            late["at"] = (await Trail(connection).entries(limit=1))[0].at
        async with database.writing() as connection:
            await connection.execute(insert(trail_entries).values(late))
        await sealer.seal()
        assert await chain(database) == [1, 2, 3, 4]

    async def test_two_sealers_at_once_double_no_seq(self, database: Database) -> None:
        await add(database, 60)
        other = Database(database.url.render_as_string(hide_password=False))
        settings = SealerSettings(batch=7)
        sealers = [
            Sealer(database=each, anchoring=None, settings=settings)
            for each in (database, other, database, other)
        ]

        async def seal_all(sealer: Sealer) -> int:
            total = 0
            while sealed := await sealer.seal():
                total += sealed
            return total

        try:
            totals = await asyncio.gather(*(seal_all(sealer) for sealer in sealers))
        finally:
            await other.close()
        assert sum(totals) == 60
        assert await chain(database) == list(range(1, 61))

    async def test_a_sealer_that_lost_the_race_leaves_no_trace(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await add(database, 2)
        await Sealer(database=database, anchoring=None).seal()
        before = await chain(database)
        await add(database, 1)

        async def old_link(_: Trail) -> object:
            return START  # as a reader sees it whose view is from before the other's commit

        with monkeypatch.context() as patched:
            patched.setattr(Trail, "last_link", old_link)
            assert await Sealer(database=database, anchoring=None).seal() == 0
        assert await chain(database) == before
        await Sealer(database=database, anchoring=None).seal()
        assert await chain(database) == [1, 2, 3]

    @pytest.mark.parametrize("moment", ["trail.before-commit", "trail.after-commit"])
    async def test_a_sealer_that_dies_loses_and_doubles_nothing(
        self, database: Database, moment: str
    ) -> None:
        await add(database, 5)
        settings = SealerSettings(batch=3)
        dying = Sealer(
            database=database, anchoring=None, settings=settings, checkpoints=DiesAt(moment)
        )
        with pytest.raises(Died):
            await dying.seal()
        assert await chain(database) == ([] if "before" in moment else [1, 2, 3])
        next_one = Sealer(database=database, anchoring=None, settings=settings)
        while await next_one.seal():
            pass
        assert await chain(database) == [1, 2, 3, 4, 5]


class TestAnchorIfDue:
    async def test_asks_once_enough_was_added(self, database: Database) -> None:
        ledger = Ledger()
        settings = SealerSettings(anchor_every=3, anchor_seconds=1e6)
        sealer = Sealer(database=database, anchoring=ledger, settings=settings)
        await add(database, 2)
        await sealer.seal()
        assert not await sealer.anchor_if_due()
        await add(database, 1)
        assert not await sealer.anchor_if_due()  # it is not sealed yet
        await sealer.seal()
        assert await sealer.anchor_if_due()
        async with database.reading() as connection:
            entries = await Trail(connection).sealed(limit=5)
        assert ledger.asked == [(3, entries[-1].hash)]
        assert not await sealer.anchor_if_due()

    async def test_asks_for_no_other_while_one_is_under_way(self, database: Database) -> None:
        ledger = Ledger()
        settings = SealerSettings(anchor_every=1)
        sealer = Sealer(database=database, anchoring=ledger, settings=settings)
        await add(database, 1)
        await sealer.seal()
        ledger.busy = True
        assert not await sealer.anchor_if_due()
        ledger.busy = False
        assert await sealer.anchor_if_due()

    async def test_asks_once_enough_time_has_passed(self, database: Database) -> None:
        await add(database, 1)
        async with database.reading() as connection:
            clock = Clock((await Trail(connection).entries(limit=1))[0].at)
        ledger = Ledger()
        settings = SealerSettings(anchor_every=100, anchor_seconds=60)
        sealer = Sealer(database=database, anchoring=ledger, settings=settings, clock=clock)
        await sealer.seal()
        assert not await sealer.anchor_if_due()
        clock.now += timedelta(seconds=59)
        assert not await sealer.anchor_if_due()
        clock.now += timedelta(seconds=1)
        assert await sealer.anchor_if_due()

    async def test_an_empty_trail_is_not_anchored(self, database: Database) -> None:
        ledger = Ledger()
        settings = SealerSettings(anchor_every=1, anchor_seconds=0)
        assert not await Sealer(
            database=database, anchoring=ledger, settings=settings
        ).anchor_if_due()
        assert ledger.asked == []

    async def test_the_mark_and_the_asking_are_one_commit(self, database: Database) -> None:
        await add(database, 1)
        settings = SealerSettings(anchor_every=1)
        dying = Sealer(
            database=database,
            anchoring=Ledger(),
            settings=settings,
            checkpoints=DiesAt("trail.before-anchor-commit"),
        )
        await dying.seal()
        with pytest.raises(Died):
            await dying.anchor_if_due()
        async with database.reading() as connection:
            assert (await connection.execute(select(trail_marks))).all() == []
            assert await Trail(connection).unsealed() == 0  # nor what the asking wrote
        ledger = Ledger()
        assert await Sealer(database=database, anchoring=ledger, settings=settings).anchor_if_due()
        assert [up_to for up_to, _ in ledger.asked] == [1]

    async def test_two_sealers_ask_once(self, database: Database) -> None:
        await add(database, 4)
        ledger = Ledger()
        settings = SealerSettings(anchor_every=1)
        sealers = [Sealer(database=database, anchoring=ledger, settings=settings) for _ in range(3)]
        await sealers[0].seal()
        answers = await asyncio.gather(*(sealer.anchor_if_due() for sealer in sealers))
        assert sorted(answers) == [False, False, True]
        assert len(ledger.asked) == 1


class TestRun:
    async def test_seals_and_anchors_what_comes_and_outlives_a_refusal(
        self, database: Database
    ) -> None:
        ledger = Ledger(Problem("no party yet"))
        told = asyncio.Event()
        sealer = Sealer(
            database=database,
            anchoring=ledger,
            settings=SealerSettings(anchor_every=1, poll_interval=60),
            enqueued=told.set,
        )
        await add(database, 2)
        running = asyncio.create_task(sealer.run())
        try:
            async with asyncio.timeout(20):
                await ledger.tried.wait()
                assert await chain(database) == [1, 2]
                ledger.problem = None
                await add(database, 1)
                sealer.wake()
                await told.wait()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert ledger.asked[0][0] == 3
