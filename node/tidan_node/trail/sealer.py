"""Chains the trail's entries and has them anchored: one worker, behind the requests' backs.

Requests append entries unchained, so that none waits for another. Entries are sealed in the order
of their ids; one that commits late is sealed late, and nothing is lost or sealed twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.checkpoints import Checkpoints, NoCheckpoints
from tidan_node.problems import Problem
from tidan_node.settings import Settings
from tidan_node.storage.database import Database
from tidan_node.trail.anchoring import Anchoring
from tidan_node.trail.entries import Link
from tidan_node.trail.tables import trail_entries, trail_marks
from tidan_node.trail.trail import Trail, entry_of

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SealerSettings:
    """When to anchor: after so many entries, or so long after the first that is not anchored."""

    anchor_every: int = 100
    anchor_seconds: float = 300.0
    poll_interval: float = 1.0
    batch: int = 500

    @classmethod
    def of(cls, settings: Settings) -> SealerSettings:
        return cls(settings.anchor_every, settings.anchor_seconds, settings.poll_interval)


class _AnotherSealer(Exception):
    """Another sealer has asked for the same anchor."""


class Sealer:
    """The one sealer. `wake` makes it look at once; without anchoring it only chains."""

    def __init__(
        self,
        *,
        database: Database,
        anchoring: Anchoring | None,
        settings: SealerSettings | None = None,
        checkpoints: Checkpoints | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        enqueued: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._anchoring = anchoring
        self._settings = settings or SealerSettings()
        self._moments = checkpoints or NoCheckpoints()
        self._clock = clock
        self._enqueued = enqueued
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """There may be a new entry."""
        self._awake.set()

    async def run(self) -> None:
        """Seal and anchor until cancelled."""
        while True:
            while await self.seal():
                pass
            try:
                await self.anchor_if_due()
            except Problem as problem:  # such as a node that no party was enrolled for yet
                _log.warning("trail not anchored", problem=problem.slug, detail=problem.detail)
            await self._rest()

    async def seal(self) -> int:
        """Chain the next entries that wait, in one commit, and say how many they were."""
        async with self._database.reading() as connection:
            if not await Trail(connection).unsealed():
                return 0  # most looks find nothing, and need no writer for it
        try:
            async with self._database.writing() as connection:
                sealed = await self._seal(connection)
                self._moments.reached("trail.before-commit")
        except IntegrityError:
            return 0  # another sealer was quicker: its seqs stand, ours are gone
        self._moments.reached("trail.after-commit")
        return sealed

    async def anchor_if_due(self) -> bool:
        """Ask for the trail's end to be anchored if enough was added, or long enough ago, and
        nothing before it is still on its way."""
        if self._anchoring is None:
            return False
        async with self._database.reading() as connection:
            if await self._anchoring.is_under_way(connection) or not await self._is_due(connection):
                return False
        try:
            async with self._database.writing() as connection:
                link = await Trail(connection).last_link()
                await self._mark(connection, link)
                await self._anchoring.anchor(connection, link.seq, link.hash)
                self._moments.reached("trail.before-anchor-commit")
        except _AnotherSealer:
            return False
        self._enqueued()
        return True

    async def _seal(self, connection: AsyncConnection) -> int:
        waiting = await connection.execute(
            select(trail_entries)
            .where(trail_entries.c.seq.is_(None))
            .order_by(trail_entries.c.id)
            .limit(self._settings.batch)
            .with_for_update()
        )
        # Read after the rows are locked: where another sealer held them, its links are there now.
        entries = [entry_of(row) for row in waiting.mappings()]
        link = await Trail(connection).last_link()
        sealed = []
        for entry in entries:
            after = Link(link.seq + 1, entry.hash_after(link))
            sealed.append(
                {
                    "entry": entry.entry_id,
                    "to_seq": after.seq,
                    "to_previous": link.hash,
                    "to_hash": after.hash,
                }
            )
            link = after
        if sealed:
            await connection.execute(
                update(trail_entries)
                .where(trail_entries.c.id == bindparam("entry"))
                .values(
                    seq=bindparam("to_seq"),
                    previous=bindparam("to_previous"),
                    hash=bindparam("to_hash"),
                ),
                sealed,
            )
        return len(sealed)

    async def _mark(self, connection: AsyncConnection, link: Link) -> None:
        mark = {"up_to": link.seq, "checkpoint": link.hash, "at": self._clock()}
        try:
            await connection.execute(insert(trail_marks).values(mark))
        except IntegrityError as error:
            raise _AnotherSealer from error

    async def _is_due(self, connection: AsyncConnection) -> bool:
        marked = await connection.scalar(select(func.max(trail_marks.c.up_to))) or 0
        found = await connection.execute(
            select(func.count(), func.min(trail_entries.c.at)).where(trail_entries.c.seq > marked)
        )
        row = found.one()
        count: int = row[0]
        oldest: datetime | None = row[1]
        if oldest is None:
            return False
        patience = timedelta(seconds=self._settings.anchor_seconds)
        return count >= self._settings.anchor_every or self._clock() >= oldest + patience

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.poll_interval):
                await self._awake.wait()
        self._awake.clear()
