"""What an audit comes to: a verdict, and the name of everything that is not as it should be."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tidan_node.domain.identifiers import Head, TitleId
from tidan_node.domain.steps import Step
from tidan_node.domain.title_fold import TitleState
from tidan_node.ledger.blocks import BlockRef


class Verdict(enum.StrEnum):
    """How a record came out. Only the first is without a finding."""

    VERIFIED = "verified"
    """The node says what the chain says, and the chain is right in itself."""
    BEHIND = "behind"
    """All that the node says was so at its block; the chain has gone on since."""
    FORKED = "forked"
    """The node stands on a block that this chain does not have."""
    DIFFERENT = "different"
    """The node says what was never so."""
    CHAIN_FAULTY = "chain-faulty"
    """The chain's own events, contracts and rules do not fit together."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing said twice, and not alike: by the chain, and by who is audited."""

    field: str
    chain: object
    node: object

    def document(self) -> dict[str, object]:
        return {"field": self.field, "chain": self.chain, "node": self.node}


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Something about the chain that does not fit, found without asking the node."""

    rule: str
    detail: str
    seq: int | None = None

    def document(self) -> dict[str, object]:
        return {"rule": self.rule, "detail": self.detail, "seq": self.seq}


@dataclass(frozen=True, slots=True)
class Behind:
    """How far a node is behind: blocks, and acts on the title that it has not seen."""

    blocks: int
    acts: int

    def document(self) -> dict[str, object]:
        return {"blocks": self.blocks, "acts": self.acts}


@dataclass(frozen=True, slots=True)
class TitleAudit:
    """The audit of one title, as of one block of the chain."""

    title_id: TitleId
    as_of: BlockRef
    steps: tuple[Step[TitleState], ...]
    """The history as the chain alone tells it."""
    differences: tuple[Difference, ...] = ()
    faults: tuple[ChainFault, ...] = ()
    behind: Behind | None = None
    forked: bool = False

    @property
    def head(self) -> Head | None:
        return self.steps[-1].after.head if self.steps else None

    @property
    def verdict(self) -> Verdict:
        """The gravest that applies. A fork explains differences, so it is named before them."""
        if self.faults:
            return Verdict.CHAIN_FAULTY
        if self.forked:
            return Verdict.FORKED
        if self.differences:
            return Verdict.DIFFERENT
        return Verdict.BEHIND if self.behind else Verdict.VERIFIED

    def document(self) -> dict[str, object]:
        """The audit as JSON."""
        return {
            "title": self.title_id,
            "verdict": str(self.verdict),
            "asOf": {"block": self.as_of.number, "hash": self.as_of.hash},
            "head": self.head,
            "acts": len(self.steps),
            "behind": self.behind.document() if self.behind else None,
            "differences": [each.document() for each in self.differences],
            "faults": [each.document() for each in self.faults],
        }
