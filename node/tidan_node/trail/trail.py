"""The trail as the rest of the node uses it: entries are appended, and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import RowMapping, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.problems import Problem
from tidan_node.storage.bulk import insert_rows
from tidan_node.trail.entries import START, Link, Scalar, TrailEntry
from tidan_node.trail.tables import trail_entries

SYSTEM: Final = "system"
"""The actor where nobody asked and the node acts by itself."""

_APPENDED: Final = ("at", "actor", "party", "act", "subject", "detail")
_LONGEST_TEXT: Final = 200
_LONGEST_NAME: Final = 64
_LONGEST_SUBJECT: Final = 128
_MOST_DETAILS: Final = 20
_LARGEST_NUMBER: Final = 2**53 - 1


class TrailEntryRefused(ValueError):
    """The node's own mistake: an entry that is no short, flat statement."""


class TrailUnreadable(Problem):
    """Somebody has written into the trail what the node never writes."""

    status, slug, title = 500, "trail-unreadable", "An entry of the trail cannot be read"


class Trail:
    """The trail, in the caller's transaction: what is not committed was not done."""

    def __init__(
        self,
        connection: AsyncConnection,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._connection = connection
        self._clock = clock

    async def append(
        self,
        actor: str,
        act: str,
        subject: str,
        detail: Mapping[str, object] | None = None,
        *,
        party: PartyIndex | None = None,
    ) -> None:
        """Write down that this actor (the id of an API key, or SYSTEM) did this to this subject.

        The detail is a few short values. Longer texts are cut, so that whoever calls in with a
        document in the wrong place does not find it in the trail.
        """
        row = (
            self._clock(),
            _named(actor, _LONGEST_NAME),
            party,
            _named(act, _LONGEST_NAME),
            _named(subject, _LONGEST_SUBJECT),
            _statement(detail or {}),
        )
        await insert_rows(self._connection, trail_entries, _APPENDED, [row])

    async def entries(self, *, limit: int, before: int | None = None) -> list[TrailEntry]:
        """The newest entries first, from just before the one of this id."""
        wanted = select(trail_entries).order_by(trail_entries.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(trail_entries.c.id < before)
        return await self._read(wanted)

    async def sealed(self, *, limit: int, after: int = 0) -> list[TrailEntry]:
        """Sealed entries in their order, from just after this seq."""
        wanted = (
            select(trail_entries)
            .where(trail_entries.c.seq > after)
            .order_by(trail_entries.c.seq)
            .limit(limit)
        )
        return await self._read(wanted)

    async def last_link(self) -> Link:
        """Where the chain of sealed entries ends now."""
        found = await self._connection.execute(
            select(trail_entries.c.seq, trail_entries.c.hash)
            .where(trail_entries.c.seq.is_not(None))
            .order_by(trail_entries.c.seq.desc())
            .limit(1)
        )
        row = found.one_or_none()
        return START if row is None else Link(row.seq, row.hash)

    async def unsealed(self) -> int:
        """How many entries wait for the sealer."""
        counted = await self._connection.scalar(
            select(func.count()).select_from(trail_entries).where(trail_entries.c.seq.is_(None))
        )
        return counted or 0

    async def _read(self, wanted: Select[Any]) -> list[TrailEntry]:  # Any: the types of the row
        try:
            found = (await self._connection.execute(wanted)).mappings().all()
        except (TypeError, ValueError) as error:  # SQLite keeps any value in any column
            raise TrailUnreadable("an entry holds what the node never wrote there") from error
        return [entry_of(row) for row in found]


def entry_of(row: RowMapping) -> TrailEntry:
    return TrailEntry(
        entry_id=row["id"],
        at=row["at"],
        actor=row["actor"],
        party=row["party"],
        act=row["act"],
        subject=row["subject"],
        detail=row["detail"],
        seq=row["seq"],
        previous=row["previous"],
        hash=row["hash"],
    )


def _named(text: str, longest: int) -> str:
    if not text or len(text) > longest:
        raise TrailEntryRefused(f"a name in the trail has 1 to {longest} characters")
    return _clean(text)


def _statement(detail: Mapping[str, object]) -> dict[str, Scalar]:
    if len(detail) > _MOST_DETAILS:
        raise TrailEntryRefused(f"an entry has at most {_MOST_DETAILS} details")
    return {_named(key, _LONGEST_NAME): _scalar(key, value) for key, value in detail.items()}


def _scalar(key: str, value: object) -> Scalar:
    if isinstance(value, str):
        cut = value if len(value) <= _LONGEST_TEXT else value[: _LONGEST_TEXT - 1] + "…"
        return _clean(cut)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST_NUMBER:
        return int(value)
    raise TrailEntryRefused(f"the detail {key!r} is neither a short text, nor a number, nor a flag")


def _clean(text: str) -> str:
    """Without what no database or hash can take: lone surrogates and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
