"""Snapshots: two kept, each whole or not believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidan_node.domain.checkpoints import NoCheckpoints
from tidan_node.ledger.embedded import durable
from tidan_node.ledger.embedded.snapshots import Snapshot, SnapshotDamaged, Snapshots, Tip


def snapshot(height: int) -> Snapshot:
    tip = Tip(height, f"0x{height:064x}", 1_700_000_000 + height, 60)
    return Snapshot(2 * height, tip, (b"waiting",), b"state\nof %d" % height)


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path, NoCheckpoints())


def test_a_snapshot_is_read_back_as_it_was_written(snapshots: Snapshots) -> None:
    snapshots.write(snapshot(7))
    (kept,) = snapshots.newest_first()
    assert (kept.height, kept.number) == (7, 14)
    assert snapshots.read(kept) == snapshot(7)


def test_the_newest_two_are_kept_and_the_journal_may_forget_up_to_the_older(
    snapshots: Snapshots,
) -> None:
    assert [snapshots.write(snapshot(height)) for height in (1, 2, 3)] == [0, 2, 4]
    assert [kept.height for kept in snapshots.newest_first()] == [3, 2]


def test_a_snapshot_with_any_byte_altered_is_damaged(snapshots: Snapshots) -> None:
    snapshots.write(snapshot(7))
    (kept,) = snapshots.newest_first()
    content = kept.path.read_bytes()
    for place in range(len(content)):
        altered = bytearray(content)
        altered[place] ^= 1
        kept.path.write_bytes(bytes(altered))
        with pytest.raises(SnapshotDamaged):
            snapshots.read(kept)


def test_a_snapshot_cut_off_anywhere_is_damaged(snapshots: Snapshots) -> None:
    snapshots.write(snapshot(7))
    (kept,) = snapshots.newest_first()
    content = kept.path.read_bytes()
    for length in range(len(content)):
        kept.path.write_bytes(content[:length])
        with pytest.raises(SnapshotDamaged):
            snapshots.read(kept)


class CrashesHalfWay:
    def reached(self, moment: str) -> None:
        if moment == "snapshot.half-written":
            raise KeyboardInterrupt


def test_a_half_written_snapshot_is_none_and_is_cleared_away(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        Snapshots(tmp_path, CrashesHalfWay()).write(snapshot(7))
    assert [path.suffix for path in tmp_path.iterdir()] == [durable.PARTIAL]
    assert Snapshots(tmp_path, NoCheckpoints()).newest_first() == []
    durable.remove_partial_files(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_set_aside_is_kept_but_not_used(snapshots: Snapshots, tmp_path: Path) -> None:
    snapshots.write(snapshot(7))
    aside = snapshots.set_aside(snapshots.newest_first()[0])
    assert snapshots.newest_first() == []
    assert aside.exists()
    assert aside.parent == tmp_path
