"""What an audit is answered: the trail, the documents' roots, the blocks read, a signed report."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from tidan_node.audit.naming import Naming
from tidan_node.audit.recomputing import Kept, Recomputed
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


class SealedPage(Shape):
    """Sealed entries, the oldest first, as they are chained."""

    items: list[TrailEntryAnswer]
    next_cursor: str | None


class DocumentAnswer(Shape):
    """A document that is held: the root it is kept under, and the one that it has."""

    record: str
    kind: str
    content_root: str
    recomputed: str | None
    rule: str | None
    """Why there is no root, where there is none."""
    misnamed: list[Naming]
    """What the document is found by that is not the document's own."""
    unissued: bool
    """An operation of this node on the record failed or goes on: it need not be on the chain."""

    @classmethod
    def of(cls, kept: Kept, found: Recomputed, *, unissued: bool) -> DocumentAnswer:
        return cls(
            record=str(kept.record),
            kind=str(kept.kind),
            content_root=str(kept.root),
            recomputed=found.root,
            rule=found.rule,
            misnamed=list(found.misnamed),
            unissued=unissued,
        )


class DocumentPage(Shape):
    """Documents that are held, in the order of their records."""

    items: list[DocumentAnswer]
    next_cursor: str | None


class BlockAnswer(Shape):
    """A block that the node has read. The timestamp is in seconds, as the chain has it."""

    number: int
    hash: str
    parent_hash: str
    timestamp: int


class BlockPage(Shape):
    """Blocks that the node has read, from the first on."""

    items: list[BlockAnswer]
    next_cursor: str | None
    as_of: AsOf


class ReportRequest(Shape):
    """A report to be signed, as `tidan audit` has made it."""

    report: Annotated[dict[str, Any], Field(min_length=1)]  # Any: signed as it is, not interpreted


class SignedReport(Shape):
    """The report in a JWS of this node's party."""

    report: str
