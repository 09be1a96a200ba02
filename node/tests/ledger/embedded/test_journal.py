"""The journal: complete up to the last fsync, wherever it was cut off."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tidan_node.domain.checkpoints import NoCheckpoints
from tidan_node.ledger.embedded.journal import Journal
from tidan_node.ledger.embedded.records import BlockIntent, BlockMined, Record, Waiting


def new_journal(home: Path) -> Journal:
    return Journal(home, NoCheckpoints())


def block(height: int) -> list[Record]:
    intent = BlockIntent(height, 1_700_000_000 + height, 0, transactions=(b"tx%d" % height,))
    return [intent, BlockMined(height, f"0x{height:064x}")]


def filled(home: Path, heights: range, *, after: int = 0) -> Journal:
    journal = new_journal(home)
    journal.go_on_after(after)
    for height in heights:
        journal.append(*block(height))
    return journal


def records(journal: Journal, *, after: int = 0) -> list[Record]:
    return [entry.record for entry in journal.read(after=after).entries]


def expected(heights: range) -> list[Record]:
    return [record for height in heights for record in block(height)]


class TestRead:
    def test_everything_that_was_appended_is_read_in_order(self, tmp_path: Path) -> None:
        journal = filled(tmp_path, range(1, 4))
        reading = new_journal(tmp_path).read(after=0)
        assert [entry.record for entry in reading.entries] == expected(range(1, 4))
        assert [entry.number for entry in reading.entries] == [1, 2, 3, 4, 5, 6]
        assert reading.fault is None
        assert journal.last_number == 6

    def test_only_what_follows_a_number_is_read(self, tmp_path: Path) -> None:
        journal = filled(tmp_path, range(1, 4))
        assert records(journal, after=4) == expected(range(3, 4))
        assert records(journal, after=6) == []

    def test_an_empty_home_has_an_empty_journal(self, tmp_path: Path) -> None:
        journal = new_journal(tmp_path)
        assert records(journal) == []
        assert journal.begins_at is None
        assert journal.size == 0

    def test_cut_at_every_byte_it_still_holds_every_whole_record_before(
        self, tmp_path: Path
    ) -> None:
        filled(tmp_path, range(1, 4))
        (segment,) = tmp_path.glob("journal-*.log")
        content = segment.read_bytes()
        whole = expected(range(1, 4))
        for length in range(len(content)):
            segment.write_bytes(content[:length])
            journal = new_journal(tmp_path)
            reading = journal.read(after=0)
            count = content[:length].count(b"\n")
            assert [entry.record for entry in reading.entries] == whole[:count]
            ends_within_a_line = length > 0 and content[length - 1 : length] != b"\n"
            assert (reading.fault is not None) == ends_within_a_line
            assert reading.fault is None or reading.fault.is_torn

    def test_it_goes_on_after_a_torn_line_was_cut_off(self, tmp_path: Path) -> None:
        filled(tmp_path, range(1, 3))
        (segment,) = tmp_path.glob("journal-*.log")
        segment.write_bytes(segment.read_bytes()[:-5])
        journal = new_journal(tmp_path)
        fault = journal.read(after=0).fault
        assert fault is not None
        journal.go_on_after(3)
        assert journal.cut(fault.place, keep_as=None) is None
        journal.append(block(2)[1])
        assert records(new_journal(tmp_path)) == expected(range(1, 3))

    def test_a_broken_line_in_the_middle_ends_what_can_be_trusted(self, tmp_path: Path) -> None:
        filled(tmp_path, range(1, 4))
        (segment,) = tmp_path.glob("journal-*.log")
        lines = segment.read_bytes().splitlines(keepends=True)
        lines[2] = lines[2].replace(b"tx", b"").replace(b"747832", b"747833")
        segment.write_bytes(b"".join(lines))
        reading = new_journal(tmp_path).read(after=0)
        assert [entry.record for entry in reading.entries] == expected(range(1, 2))
        assert reading.fault is not None
        assert reading.fault.place.offset == len(lines[0] + lines[1])
        assert not reading.fault.is_torn
        assert reading.fault.reason == "record 3 is missing before record 4"

    def test_a_broken_line_that_a_snapshot_covers_does_not_matter(self, tmp_path: Path) -> None:
        filled(tmp_path, range(1, 4))
        (segment,) = tmp_path.glob("journal-*.log")
        lines = segment.read_bytes().splitlines(keepends=True)
        lines[1] = b"rubbish\n"
        segment.write_bytes(b"".join(lines))
        reading = new_journal(tmp_path).read(after=4)
        assert [entry.record for entry in reading.entries] == expected(range(3, 4))
        assert reading.fault is None

    def test_records_before_a_missing_one_are_not_taken_for_its_followers(
        self, tmp_path: Path
    ) -> None:
        filled(tmp_path, range(1, 3))
        journal = filled(tmp_path, range(5, 6), after=8)
        reading = journal.read(after=0)
        assert [entry.record for entry in reading.entries] == expected(range(1, 3))
        assert reading.fault is not None
        assert records(journal, after=8) == expected(range(5, 6))


class TestAppend:
    def test_a_full_disk_leaves_nothing_of_what_was_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        journal = filled(tmp_path, range(1, 2))
        real_write = os.write

        def half(handle: int, data: bytes) -> int:
            if len(data) < 20:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real_write(handle, bytes(data)[: len(data) // 2])

        with monkeypatch.context() as full:
            full.setattr(os, "write", half)
            with pytest.raises(OSError, match="No space left"):
                journal.append(*block(2))
        journal.append(*block(2))
        assert records(new_journal(tmp_path)) == expected(range(1, 3))

    def test_a_failed_fsync_leaves_nothing_of_what_was_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        journal = filled(tmp_path, range(1, 2))

        def failing(handle: int) -> None:
            raise OSError(errno.EIO, "Input/output error")

        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", failing)
            with pytest.raises(OSError, match="Input/output"):
                journal.append(*block(2))
        assert journal.last_number == 2
        assert records(new_journal(tmp_path)) == expected(range(1, 2))

    def test_what_could_not_be_written_yet_comes_with_the_next_append(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        journal = new_journal(tmp_path)
        intent, mined = block(1)
        journal.append(intent)

        def full(handle: int, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as disk:
            disk.setattr(os, "write", full)
            journal.append(mined, durable=False)
        journal.append(*block(2))
        assert records(new_journal(tmp_path)) == expected(range(1, 3))


class TestCompaction:
    def test_segments_that_a_snapshot_covers_are_deleted_and_no_others(
        self, tmp_path: Path
    ) -> None:
        journal = new_journal(tmp_path)
        for height in range(1, 4):
            journal.append(*block(height))
            journal.rotate()
        journal.drop_through(3)
        assert journal.begins_at == 3
        journal.drop_through(4)
        assert journal.begins_at == 5
        assert records(new_journal(tmp_path), after=4) == expected(range(3, 4))

    def test_the_newest_segment_stays(self, tmp_path: Path) -> None:
        journal = filled(tmp_path, range(1, 2))
        journal.drop_through(2)
        assert journal.begins_at == 1


class TestCut:
    def test_the_rest_is_kept_aside_whole_and_the_journal_goes_on(self, tmp_path: Path) -> None:
        journal = filled(tmp_path, range(1, 3))
        journal.rotate()
        journal.append(*block(3))
        everything = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("journal-*.log")))
        place = journal.read(after=0).entries[2].place
        aside = journal.cut(place, keep_as="from-3")
        assert aside is not None
        assert aside.name.startswith("set-aside-from-3-")
        left = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("journal-*.log")))
        assert left + aside.read_bytes() == everything
        journal.go_on_after(2)
        journal.append(Waiting((b"later",)))
        assert records(new_journal(tmp_path)) == [*expected(range(1, 2)), Waiting((b"later",))]
