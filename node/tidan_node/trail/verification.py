"""Whether a trail is whole: every link recomputed, and held against what the chain remembers.

The chain of hashes shows that an entry was altered, removed or put in between. Whoever can write
to the database can also chain the whole trail anew; the anchors on the ledger, which nobody can
take back, show that. What was added after the last anchor rests on the next one.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tidan_node.trail.entries import START, Link, TrailEntry


class Fault(enum.StrEnum):
    """What is wrong with a link."""

    MISSING = "missing"
    """Entries before this one are gone."""
    UNLINKED = "unlinked"
    """The entry does not name the hash of the one before it."""
    ALTERED = "altered"
    """The entry's content is not what was sealed."""
    NOT_ANCHORED_SO = "not-anchored-so"
    """The entry is not the one that was anchored on the ledger: the trail was chained anew."""
    CUT_OFF = "cut-off"
    """The ledger has an anchor for more entries than the trail has."""


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first place where the trail is not what it was. `entry_id` is None past its end."""

    seq: int
    entry_id: int | None
    fault: Fault
    detail: str


@dataclass(slots=True)
class Verifier:
    """Takes a trail in page by page, so that its length does not matter.

    Beginning in the middle, `last` is where the part before was found to end.
    """

    anchors: Mapping[int, str] = field(default_factory=dict)
    """The ledger's checkpoints, by the seq that each reaches up to."""
    last: Link = START
    checked: int = 0
    anchored_up_to: int = 0
    """The last entry whose place the ledger confirms."""
    broken: BrokenLink | None = None

    def take(self, entries: Iterable[TrailEntry]) -> None:
        """The next entries, in the order of their seq. After a broken link nothing is looked at."""
        for entry in entries:
            if self.broken is not None:
                return
            self.broken = self._fault_of(entry)
            if self.broken is None and entry.seq is not None and entry.hash is not None:
                self.last = Link(entry.seq, entry.hash)
                self.checked += 1
                if entry.seq in self.anchors:
                    self.anchored_up_to = entry.seq

    def finish(self) -> BrokenLink | None:
        """All entries were taken in. The first broken link, or None for a trail that is whole."""
        beyond = [up_to for up_to in self.anchors if up_to > self.last.seq]
        if self.broken is None and beyond:
            self.broken = BrokenLink(
                self.last.seq + 1,
                None,
                Fault.CUT_OFF,
                f"the ledger has an anchor for {max(beyond)} entries, the trail has"
                f" {self.last.seq}",
            )
        return self.broken

    def _fault_of(self, entry: TrailEntry) -> BrokenLink | None:
        def broken(fault: Fault, detail: str) -> BrokenLink:
            return BrokenLink(entry.seq or 0, entry.entry_id, fault, detail)

        if entry.seq != self.last.seq + 1:
            return broken(
                Fault.MISSING, f"seq {entry.seq} comes where seq {self.last.seq + 1} should"
            )
        if entry.previous != self.last.hash:
            return broken(Fault.UNLINKED, "it does not follow the entry before it")
        if entry.hash != _hash_of(entry, self.last):
            return broken(Fault.ALTERED, "its content does not have the hash it was sealed with")
        anchored = self.anchors.get(entry.seq)
        if anchored is not None and anchored != entry.hash:
            return broken(
                Fault.NOT_ANCHORED_SO, "the ledger's checkpoint up to here is of another trail"
            )
        return None


def _hash_of(entry: TrailEntry, link: Link) -> str | None:
    """Its hash; None where somebody put values there that no entry has."""
    try:
        return entry.hash_after(link)
    except (TypeError, ValueError):
        return None


def verify(entries: Iterable[TrailEntry]) -> BrokenLink | None:
    """The first broken link of a whole trail, or None. It trusts nothing but the entries."""
    return verify_against_anchors(entries, ())


def verify_against_anchors(
    entries: Iterable[TrailEntry], anchors: Iterable[tuple[int, str]]
) -> BrokenLink | None:
    """The same, held against the ledger's checkpoints: (up to which seq, the hash there)."""
    verifier = Verifier(anchors=dict(anchors))
    verifier.take(entries)
    return verifier.finish()
