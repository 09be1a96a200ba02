"""What an audit comes to: a verdict, and the name of everything that is not as it should be."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tidan_node.audit.acts import AuditedAct
from tidan_node.domain.identifiers import Head, PartyIndex
from tidan_node.domain.party_words import worded
from tidan_node.ledger.blocks import BlockRef


class Verdict(enum.StrEnum):
    """How a record came out, from the lightest to the gravest. Only the first two agree."""

    VERIFIED = "verified"
    """The node says what the chain says, and the chain is right in itself."""
    BEHIND = "behind"
    """All that the node says was so at its block; the chain has gone on since."""
    DIFFERENT = "different"
    """The node says what was never so."""
    UNANSWERED = "unanswered"
    """The node fails when it is asked: what it keeps of the record cannot be read."""
    DAMAGED = "damaged"
    """What the node keeps is not what was sealed, or not what the chain has the root of."""
    FORKED = "forked"
    """The node stands on a block that this chain does not have."""
    CHAIN_FAULTY = "chain-faulty"
    """The chain's own events, contracts and rules do not fit together."""

    @property
    def agrees(self) -> bool:
        return self in (Verdict.VERIFIED, Verdict.BEHIND)


_GRAVITY: Final = {verdict: place for place, verdict in enumerate(Verdict)}


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """The one verdict over many."""
    return max(verdicts, key=_GRAVITY.__getitem__, default=Verdict.VERIFIED)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing said twice, and not alike: by the chain, and by who is audited."""

    field: str
    chain: object
    node: object

    def document(self) -> dict[str, object]:
        return {"field": self.field, "chain": self.chain, "node": self.node}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not fit in itself, found without asking anybody else."""

    rule: str
    detail: str
    seq: int | None = None

    def document(self, names: Mapping[PartyIndex, str]) -> dict[str, object]:
        return {"rule": self.rule, "detail": worded(self.detail, names), "seq": self.seq}


UNREADABLE_EVENT: Final = Fault(
    "event-unreadable", "an event that the node keeps of it is none that the chain has"
)
"""What a node's answer of this name in place of a record comes to."""


@dataclass(frozen=True, slots=True)
class Behind:
    """How far a node is behind: blocks, and acts on the record that it has not seen."""

    blocks: int
    acts: int

    def document(self) -> dict[str, object]:
        return {"blocks": self.blocks, "acts": self.acts}


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit of one thing, as of one block of the chain. `kind` says what `record` names: a
    title, an invoice, a policy, a party, a document that is held, a trail, the blocks read."""

    kind: str
    record: str
    as_of: BlockRef
    acts: tuple[AuditedAct, ...] = ()
    """The history as the chain alone tells it."""
    head: Head | None = None
    differences: tuple[Difference, ...] = ()
    faults: tuple[Fault, ...] = ()
    """What does not fit on the chain itself."""
    damage: tuple[Fault, ...] = ()
    """What does not fit in the node's own keeping."""
    behind: Behind | None = None
    forked: bool = False
    unanswered: str | None = None
    """The problem that the node answered with in place of the record."""
    names: Mapping[PartyIndex, str] = field(default_factory=dict)
    """What the parties of the history call themselves on the chain."""

    @property
    def verdict(self) -> Verdict:
        """The gravest that applies. A fork explains differences, so it is named before them."""
        claims = (
            (self.faults, Verdict.CHAIN_FAULTY),
            (self.forked, Verdict.FORKED),
            (self.damage, Verdict.DAMAGED),
            (self.unanswered, Verdict.UNANSWERED),
            (self.differences, Verdict.DIFFERENT),
            (self.behind, Verdict.BEHIND),
        )
        return next((verdict for holds, verdict in claims if holds), Verdict.VERIFIED)

    def document_of(self, act: AuditedAct) -> dict[str, object]:
        """One act as JSON, with the name of who did it."""
        return act.document(self.names)

    def document(self) -> dict[str, object]:
        """The audit as JSON."""
        return {
            "kind": self.kind,
            "record": self.record,
            "verdict": str(self.verdict),
            "asOf": {"block": self.as_of.number, "hash": self.as_of.hash},
            "head": self.head,
            "acts": len(self.acts),
            "parties": [
                {"index": int(index), "name": name} for index, name in sorted(self.names.items())
            ],
            "behind": self.behind.document() if self.behind else None,
            "unanswered": self.unanswered,
            "differences": [each.document() for each in self.differences],
            "faults": [each.document(self.names) for each in self.faults],
            "damage": [each.document(self.names) for each in self.damage],
        }
