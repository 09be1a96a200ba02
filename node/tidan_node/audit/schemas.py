"""The trail as callers see it."""

from __future__ import annotations

from tidan_node.trail.entries import Scalar, TrailEntry
from tidan_node.trail.verification import BrokenLink, Fault, Verifier
from tidan_node.web.shapes import AsOf, Moment, Shape


class TrailEntryAnswer(Shape):
    """Who did what to which subject. `seq` and the hashes come with the sealing, soon after."""

    id: int
    at: Moment
    actor: str
    party: int | None
    act: str
    subject: str
    detail: dict[str, Scalar]
    seq: int | None
    previous: str | None
    hash: str | None

    @classmethod
    def of(cls, entry: TrailEntry) -> TrailEntryAnswer:
        return cls(
            id=entry.entry_id,
            at=entry.at,
            actor=entry.actor,
            party=entry.party,
            act=entry.act,
            subject=entry.subject,
            detail=dict(entry.detail),
            seq=entry.seq,
            previous=entry.previous,
            hash=entry.hash,
        )


class TrailPage(Shape):
    """Entries, the newest first."""

    items: list[TrailEntryAnswer]
    next_cursor: str | None


class BrokenLinkAnswer(Shape):
    """The first place where the trail is not what it was."""

    seq: int
    entry: int | None
    fault: Fault
    detail: str

    @classmethod
    def of(cls, broken: BrokenLink) -> BrokenLinkAnswer:
        return cls(seq=broken.seq, entry=broken.entry_id, fault=broken.fault, detail=broken.detail)


class TrailVerdict(Shape):
    """Whether the trail is whole, and how much of it the ledger confirms."""

    intact: bool
    entries: int
    """Sealed entries that were found to follow from one another."""
    unsealed: int
    anchored_up_to: int
    """The last seq whose hash is on the ledger; what comes after rests on the next anchor."""
    head: str
    broken: BrokenLinkAnswer | None
    as_of: AsOf

    @classmethod
    def of(cls, verifier: Verifier, *, unsealed: int, as_of: AsOf) -> TrailVerdict:
        broken = verifier.broken
        return cls(
            intact=broken is None,
            entries=verifier.checked,
            unsealed=unsealed,
            anchored_up_to=verifier.anchored_up_to,
            head=verifier.last.hash,
            broken=None if broken is None else BrokenLinkAnswer.of(broken),
            as_of=as_of,
        )
