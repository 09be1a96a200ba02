"""What the chain says of the records of a trade, as the rules need it."""

from __future__ import annotations

from dataclasses import dataclass

from tidan_node.verification.facts.papers import Bill
from tidan_node.verification.facts.said import PaperParty, Said

CHAIN = "chain"
"""The name that the chain has as a paper in evidence."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A party of the consortium, by its number and what to call it; 0 is nobody."""

    index: int
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.index})" if self.index else self.name


NOBODY = Holder(0, "nobody")


@dataclass(frozen=True, slots=True)
class TitleStanding:
    """The title as it stands, and who is expected to hold it."""

    title_id: str
    status: Said[str]
    possessor: Said[Holder]
    expected: Holder | None
    issued_to: Said[PaperParty]
    """Its first titleholder, by name and identifiers as the chain has them; in blank, nobody."""
    bill: Bill | None
    """The document that was issued; None where this node does not hold it."""
    pledgee: Said[Holder]
    """Who has the title as security, or is proposed to have it; nobody where it is free."""
    proposed_until: str | None
    """Until when a pledge that is only proposed can be accepted."""
    asking: Holder | None
    """The party of the node that is asked; None where it has none."""


@dataclass(frozen=True, slots=True)
class RecordStanding:
    """An invoice or a policy of the trade as it stands."""

    kind: str
    status: Said[str]
    in_force: bool


@dataclass(frozen=True, slots=True)
class RecordedContent:
    """The root that the chain has of a record, and the one that its held content gives."""

    kind: str
    root: Said[str]
    recomputed: str | None
    """None where this node does not hold the content."""


@dataclass(frozen=True, slots=True)
class OtherThanRecorded:
    """A paper that was handed in under the number of a record whose content says otherwise."""

    paper: Said[str]
    record: Said[str]


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """All that the chain says of this trade; without a title, its records are not known."""

    title: TitleStanding | None = None
    records: tuple[RecordStanding, ...] = ()
    contents: tuple[RecordedContent, ...] = ()
    others: tuple[OtherThanRecorded, ...] = ()
