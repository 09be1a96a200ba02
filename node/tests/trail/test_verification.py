"""Nothing that is done to a sealed trail goes unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text, update

from tests.databases import SQLITE
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.storage.database import Database
from tidan_node.trail.entries import START, Link, TrailEntry
from tidan_node.trail.sealer import Sealer
from tidan_node.trail.tables import trail_entries
from tidan_node.trail.trail import Trail
from tidan_node.trail.verification import (
    BrokenLink,
    Fault,
    Verifier,
    verify,
    verify_against_anchors,
)
from tidan_node.trail.walk import verify_trail

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def chained(entries: Sequence[TrailEntry], after: Link = START) -> list[TrailEntry]:
    """The entries as an honest sealer chains them."""
    sealed = []
    for entry in entries:
        digest = entry.hash_after(after)
        sealed.append(replace(entry, seq=after.seq + 1, previous=after.hash, hash=digest))
        after = Link(after.seq + 1, digest)
    return sealed


def a_trail(length: int) -> list[TrailEntry]:
    return chained(
        [
            TrailEntry(
                entry_id=100 + number,
                at=NOON + timedelta(seconds=number),
                actor="key-1",
                party=PartyIndex(3),
                act="title.show",
                subject=f"title {number}",
                detail={"number": number},
            )
            for number in range(length)
        ]
    )


def anchors_of(trail: Sequence[TrailEntry], *seqs: int) -> list[tuple[int, str]]:
    return [(seq, str(trail[seq - 1].hash)) for seq in seqs]


class TestVerify:
    @settings(deadline=None)
    @given(st.integers(0, 30))
    def test_a_whole_trail_has_no_broken_link(self, length: int) -> None:
        assert verify(a_trail(length)) is None

    @pytest.mark.parametrize(
        "altered",
        [
            {"at": NOON},
            {"actor": "key-2"},
            {"party": None},
            {"party": PartyIndex(4)},
            {"act": "title.shown"},
            {"subject": "title 4"},
            {"detail": {"number": 4}},
            {"detail": {}},
            {"hash": "0x" + "00" * 32},
            {"hash": None},
        ],
        ids=str,
    )
    def test_an_altered_field_is_found_in_its_entry(self, altered: dict[str, Any]) -> None:
        trail = a_trail(6)
        trail[3] = replace(trail[3], **altered)
        broken = verify(trail)
        assert broken is not None
        assert (broken.seq, broken.entry_id, broken.fault) == (4, 103, Fault.ALTERED)

    def test_a_removed_entry_is_found(self) -> None:
        trail = a_trail(6)
        broken = verify([*trail[:2], *trail[3:]])
        assert broken is not None
        assert (broken.seq, broken.fault) == (4, Fault.MISSING)

    def test_a_removed_beginning_is_found(self) -> None:
        broken = verify(a_trail(6)[1:])
        assert broken is not None
        assert (broken.seq, broken.fault) == (2, Fault.MISSING)

    def test_two_entries_that_changed_places_are_found(self) -> None:
        trail = a_trail(6)
        one, other = trail[2], trail[3]
        trail[2] = replace(other, seq=one.seq, previous=one.previous)
        trail[3] = replace(one, seq=other.seq, previous=other.previous)
        broken = verify(trail)
        assert broken is not None
        assert (broken.seq, broken.fault) == (3, Fault.ALTERED)

    def test_an_entry_put_in_and_chained_breaks_the_one_after_it(self) -> None:
        trail = a_trail(6)
        forged = chained([replace(trail[2], subject="another")], Link(2, str(trail[1].hash)))
        broken = verify([*trail[:2], *forged, *trail[3:]])
        assert broken is not None
        assert (broken.seq, broken.fault) == (4, Fault.UNLINKED)

    @settings(deadline=None)
    @given(st.integers(0, 11), st.integers(1, 5))
    def test_a_page_goes_on_from_the_page_before(self, length: int, size: int) -> None:
        trail = a_trail(length)
        verifier = Verifier()
        for start in range(0, length, size):
            verifier = Verifier(last=verifier.last)
            verifier.take(trail[start : start + size])
            assert verifier.finish() is None
        assert verifier.last.seq == length


class TestVerifyAgainstAnchors:
    def test_a_trail_that_is_what_was_anchored_is_whole(self) -> None:
        trail = a_trail(9)
        assert verify_against_anchors(trail, anchors_of(trail, 4, 8)) is None

    def test_a_trail_chained_anew_is_found_at_its_first_anchor(self) -> None:
        trail = a_trail(9)
        anchors = anchors_of(trail, 4, 8)
        rewritten = chained([replace(trail[0], subject="another"), *trail[1:]])
        assert verify(rewritten) is None  # in itself it is without a fault
        broken = verify_against_anchors(rewritten, anchors)
        assert broken is not None
        assert (broken.seq, broken.fault) == (4, Fault.NOT_ANCHORED_SO)

    def test_a_trail_chained_anew_after_an_anchor_is_found_at_the_next(self) -> None:
        trail = a_trail(9)
        rewritten = chained([*trail[:5], replace(trail[5], actor="key-9"), *trail[6:]])
        broken = verify_against_anchors(rewritten, anchors_of(trail, 4, 8))
        assert broken is not None
        assert broken.seq == 8

    def test_a_trail_cut_off_below_an_anchor_is_found(self) -> None:
        trail = a_trail(9)
        broken = verify_against_anchors(trail[:6], anchors_of(trail, 4, 8))
        assert broken is not None
        assert (broken.seq, broken.entry_id, broken.fault) == (7, None, Fault.CUT_OFF)

    def test_a_trail_that_is_gone_is_found(self) -> None:
        broken = verify_against_anchors([], anchors_of(a_trail(3), 3))
        assert broken is not None
        assert broken.fault is Fault.CUT_OFF

    def test_says_how_far_the_ledger_confirms_it(self) -> None:
        trail = a_trail(9)
        verifier = Verifier(anchors=dict(anchors_of(trail, 4, 8)))
        verifier.take(trail)
        assert verifier.finish() is None
        assert (verifier.anchored_up_to, verifier.checked) == (8, 9)


async def sealed_trail(database: Database, length: int) -> dict[int, str]:
    """A sealed trail in SQL; answers with its anchors."""
    async with database.writing() as connection:
        for number in range(length):
            await Trail(connection).append("key-1", "title.show", f"title {number}", {"n": number})
    await Sealer(database=database, anchoring=None).seal()
    async with database.reading() as connection:
        entries = await Trail(connection).sealed(limit=length)
    return {seq: str(entries[seq - 1].hash) for seq in range(5, length + 1, 5)}


async def verdict(database: Database, anchors: dict[int, str]) -> BrokenLink | None:
    async with database.reading() as connection:
        return (await verify_trail(Trail(connection), anchors)).broken


async def verdict_after(database: Database, column: str, value: str) -> BrokenLink | None:
    """What is found in a sealed trail in which somebody has set this."""
    anchors = await sealed_trail(database, 12)
    async with database.writing() as connection:
        await connection.execute(
            text(f"UPDATE trail_entries SET {column} = {value} WHERE seq = 7")  # noqa: S608 - ours
        )
    return await verdict(database, anchors)


class TestVerifyTrail:
    async def test_a_trail_of_many_pages_is_whole(self, database: Database) -> None:
        async with database.writing() as connection:
            trail = Trail(connection)
            for number in range(1100):
                await trail.append("key-1", "title.show", f"title {number}")
        sealer = Sealer(database=database, anchoring=None)
        while await sealer.seal():
            pass
        async with database.reading() as connection:
            verifier = await verify_trail(Trail(connection), {})
        assert (verifier.broken, verifier.checked) == (None, 1100)

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("at", "0"),
            ("actor", "'key-2'"),
            ("party", "9"),
            ("act", "'title.read'"),
            ("subject", "'another'"),
            ("detail", "'{}'"),
            ("previous", f"'{START.hash}'"),
            ("hash", f"'{START.hash}'"),
            ("seq", "seq + 100"),
            ("detail", "'[1, 2]'"),
            ("detail", "'{\"n\": 1e999}'"),
            ("hash", "NULL"),
        ],
    )
    async def test_an_alteration_in_sql_is_found_in_its_entry(
        self, database: Database, column: str, value: str
    ) -> None:
        broken = await verdict_after(database, column, value)
        assert broken is not None
        assert broken.seq == (8 if column == "seq" else 7)

    @pytest.mark.parametrize("sql", [SQLITE], indirect=True)  # PostgreSQL refuses such values
    @pytest.mark.parametrize(
        ("column", "value"), [("detail", "'{not json'"), ("at", "'yesterday'"), ("party", "'x'")]
    )
    async def test_what_only_somebody_with_the_file_in_hand_can_write_is_found(
        self, database: Database, column: str, value: str
    ) -> None:
        broken = await verdict_after(database, column, value)
        assert broken is not None
        assert broken.seq == 7

    async def test_an_entry_deleted_in_sql_is_found(self, database: Database) -> None:
        anchors = await sealed_trail(database, 12)
        async with database.writing() as connection:
            await connection.execute(delete(trail_entries).where(trail_entries.c.seq == 7))
        broken = await verdict(database, anchors)
        assert broken is not None
        assert (broken.seq, broken.fault) == (8, Fault.MISSING)

    async def test_a_trail_unsealed_altered_and_sealed_again_is_found(
        self, database: Database
    ) -> None:
        anchors = await sealed_trail(database, 12)
        async with database.writing() as connection:
            await connection.execute(
                update(trail_entries).values(seq=None, previous=None, hash=None)
            )
            await connection.execute(
                update(trail_entries).where(trail_entries.c.id == 2).values(subject="another")
            )
        await Sealer(database=database, anchoring=None).seal()
        assert await verdict(database, {}) is None
        broken = await verdict(database, anchors)
        assert broken is not None
        assert (broken.seq, broken.fault) == (5, Fault.NOT_ANCHORED_SO)
