"""The journal: what a block will hold is durable here before anvil hears of it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.ledger.embedded.durable import sync_directory, write_file
from tidan_node.ledger.embedded.records import BrokenLine, Record, decode, encode

WRITTEN, DURABLE = "journal.written", "journal.durable"
_NAME = re.compile(r"journal-(\d{12})\.log")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record begins: everything from here on can be cut off."""

    segment: Path
    offset: int


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    record: Record
    place: Place


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the numbered records stop following each other, though the files go on."""

    place: Place
    reason: str
    is_torn: bool
    """Nothing but one unfinished line stands here: it was never answered for."""


@dataclass(frozen=True, slots=True)
class Reading:
    entries: tuple[Entry, ...]
    fault: Fault | None


class Journal:
    """Numbered records in segments; a snapshot starts a new one, so compaction only deletes."""

    def __init__(self, directory: Path, checkpoints: Checkpoints) -> None:
        self._directory = directory
        self._checkpoints = checkpoints
        self._file: int | None = None
        self._length = 0
        self._unwritten = b""
        self.last_number = 0

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self._segments())

    @property
    def begins_at(self) -> int | None:
        """The number of the oldest record still here."""
        segments = self._segments()
        return _first_number(segments[0]) if segments else None

    def read(self, *, after: int) -> Reading:
        """All records after a number, as far as they follow each other without a gap."""
        entries: list[Entry] = []
        end = broken = None
        expected = after + 1
        for place, line in self._lines(after):
            if end is None:
                end = place
            try:
                number, record = decode(line)
            except BrokenLine as error:
                broken = broken or (place, str(error), not line.endswith(b"\n"))
                continue
            if number == expected:
                entries.append(Entry(number, record, place))
                expected += 1
            elif number > expected:
                reason = f"record {expected} is missing before record {number}"
                return Reading(tuple(entries), Fault(end, reason, is_torn=False))
            end = Place(place.segment, place.offset + len(line))
            broken = None
        if broken is None or end is None:
            return Reading(tuple(entries), None)
        place, reason, is_torn = broken
        return Reading(tuple(entries), Fault(place, reason, is_torn=is_torn))

    def go_on_after(self, number: int) -> None:
        """Let the next record have the number after this one, in a segment of its own."""
        self.rotate()
        self._unwritten = b""
        self.last_number = number

    def append(self, *records: Record, durable: bool = True) -> None:
        """Write records with one fsync; on failure nothing of them stays.

        What need not be durable by itself (a block's hash follows from its intent) is written
        at the latest with the next append."""
        lines = b"".join(
            encode(self.last_number + step, record) for step, record in enumerate(records, 1)
        )
        try:
            self._write(self._unwritten + lines, durable=durable)
        except OSError:
            if durable:
                raise
            self._unwritten += lines
        else:
            self._unwritten = b""
        self.last_number += len(records)

    def rotate(self) -> None:
        """Let the next record begin a new segment."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def drop_through(self, number: int) -> None:
        """Delete the segments that hold no record after this number."""
        segments = self._segments()
        for path, following in pairwise(segments):
            if _first_number(following) <= number + 1:
                path.unlink()
        sync_directory(self._directory)

    def cut(self, place: Place, *, keep_as: str | None) -> Path | None:
        """Cut everything from a place on; kept in a file of that name when one is given."""
        self.rotate()
        later = [path for path in self._segments() if path > place.segment]
        aside = None
        if keep_as is not None:
            aside = self._directory / f"set-aside-{keep_as}-{time.time_ns()}.log"
            write_file(aside, (*_tail(place), *(path.read_bytes() for path in later)))
        for path in reversed(later):
            path.unlink()
        with place.segment.open("r+b") as segment:
            segment.truncate(place.offset)
            os.fsync(segment.fileno())
        sync_directory(self._directory)
        return aside

    def _write(self, data: bytes, *, durable: bool) -> None:
        handle = self._file if self._file is not None else self._open_segment()
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
            self._checkpoints.reached(WRITTEN)
            if durable:
                os.fsync(handle)
                self._checkpoints.reached(DURABLE)
        except OSError:
            os.ftruncate(handle, self._length)
            raise
        self._length += len(data)

    def _open_segment(self) -> int:
        path = self._directory / f"journal-{self.last_number + 1:012d}.log"
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._length = os.fstat(self._file).st_size
        sync_directory(self._directory)
        return self._file

    def _segments(self) -> list[Path]:
        return sorted(path for path in self._directory.iterdir() if _NAME.fullmatch(path.name))

    def _lines(self, after: int) -> Iterator[tuple[Place, bytes]]:
        segments = self._segments()
        while len(segments) > 1 and _first_number(segments[1]) <= after + 1:
            segments.pop(0)
        for segment in segments:
            offset = 0
            with segment.open("rb") as file:
                for line in file:
                    yield Place(segment, offset), line
                    offset += len(line)


def _first_number(segment: Path) -> int:
    found = _NAME.fullmatch(segment.name)
    assert found is not None, "only journal segments are listed"  # noqa: S101
    return int(found[1])


def _tail(place: Place) -> Iterator[bytes]:
    with place.segment.open("rb") as segment:
        segment.seek(place.offset)
        while chunk := segment.read(1 << 20):
            yield chunk
