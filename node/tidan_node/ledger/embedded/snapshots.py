"""Snapshots: the whole chain at one block, so that a start need not replay it from the first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.domain.identifiers import BlockHash
from tidan_node.ledger.embedded.durable import write_file

HALF_WRITTEN, KEPT = "snapshot.half-written", "snapshot.kept"
_KEEP = 2
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Tip:
    """The last block, and the clock that the next one goes on from."""

    height: int
    block_hash: BlockHash
    timestamp: int
    offset: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The chain after the journal's record of this number."""

    number: int
    tip: Tip
    waiting: tuple[bytes, ...]
    state: bytes
    """What anvil dumped: gzipped JSON with state, blocks, transactions and receipts."""


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """A snapshot's file; whether its content is whole shows only when it is read."""

    path: Path

    @property
    def height(self) -> int:
        return int(self.path.stem.split("-")[1])

    @property
    def number(self) -> int:
        return int(self.path.stem.split("-")[2])


class SnapshotDamaged(Exception):
    """The file is not what was written."""


class Snapshots:
    """The newest two snapshots in the home; each has its checksum."""

    def __init__(self, directory: Path, checkpoints: Checkpoints) -> None:
        self._directory = directory
        self._checkpoints = checkpoints

    def newest_first(self) -> list[KeptSnapshot]:
        files = [KeptSnapshot(path) for path in self._directory.glob("snapshot-*-*.bin")]
        return sorted(files, key=lambda kept: kept.number, reverse=True)

    def write(self, snapshot: Snapshot) -> int:
        """Keep a snapshot; the answer is the number that the journal may forget up to."""
        name = f"snapshot-{snapshot.tip.height:012d}-{snapshot.number:012d}.bin"
        write_file(self._directory / name, self._parts(snapshot))
        self._checkpoints.reached(KEPT)
        kept = self.newest_first()
        for outdated in kept[_KEEP:]:
            outdated.path.unlink()
        # With a single snapshot the journal stays whole: the other way back is the first block.
        return kept[_KEEP - 1].number if len(kept) >= _KEEP else 0

    def read(self, kept: KeptSnapshot) -> Snapshot:
        """The content of a snapshot, if it is what was written."""
        try:
            checksum, head, state = kept.path.read_bytes().split(b"\n", 2)
            if hashlib.sha256(head + b"\n" + state).hexdigest().encode() != checksum:
                raise SnapshotDamaged(f"{kept.path.name}: the checksum does not match")
            document = json.loads(head)
            tip = Tip(
                height=int(document["height"]),
                block_hash=BlockHash(str(document["hash"])),
                timestamp=int(document["timestamp"]),
                offset=int(document["offset"]),
            )
            waiting = tuple(bytes.fromhex(raw) for raw in document["waiting"])
            return Snapshot(int(document["number"]), tip, waiting, state)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SnapshotDamaged(f"{kept.path.name}: {error}") from error

    def set_aside(self, kept: KeptSnapshot) -> Path:
        """Take a snapshot that cannot be used out of the way, and keep it for whoever looks."""
        return kept.path.replace(kept.path.with_suffix(".set-aside"))

    def _parts(self, snapshot: Snapshot) -> Iterator[bytes]:
        tip = snapshot.tip
        head = json.dumps(
            {
                "format": _FORMAT,
                "number": snapshot.number,
                "height": tip.height,
                "hash": tip.block_hash,
                "timestamp": tip.timestamp,
                "offset": tip.offset,
                "waiting": [raw.hex() for raw in snapshot.waiting],
            }
        ).encode()
        body = head + b"\n" + snapshot.state
        yield hashlib.sha256(body).hexdigest().encode() + b"\n"
        yield body[: len(body) // 2]
        self._checkpoints.reached(HALF_WRITTEN)
        yield body[len(body) // 2 :]
