"""Acts on a record as callers ask for and see them, whatever the record is."""

from __future__ import annotations

from typing import Annotated, Any, Protocol, TypeVar

from pydantic import Field

from tidan_node.domain.identifiers import Head
from tidan_node.domain.steps import Step
from tidan_node.web.shapes import Moment, Names, PartyName, Shape, moment_of

ExpectedSeq = Annotated[
    int | None,
    Field(
        strict=True,
        ge=1,
        lt=2**32,
        description="The seq that you saw; left out: the one that the node sees now.",
    ),
]


class WithHead(Protocol):
    """What a record is after an act: of it only the head is told."""

    @property
    def head(self) -> Head: ...


State = TypeVar("State", bound=WithHead)


class ActAnswer(Shape):
    """One act of a record's history, and the head after it."""

    seq: int
    act: str
    by: PartyName | None
    """Nobody where it is a gateway's or a pledgee's act, whom the details name."""
    at: Moment
    block: int
    block_hash: str
    tx_hash: str
    head: str
    details: dict[str, Any]  # Any: each act has its own, all of them JSON

    @classmethod
    def of(cls, step: Step[State], names: Names, details: dict[str, Any]) -> ActAnswer:
        return cls(
            seq=step.act.seq,
            act=step.act.kind.name,
            by=PartyName.or_none(step.act.actor, names),
            at=moment_of(step.act.time),
            block=step.origin.block_number,
            block_hash=step.origin.block_hash,
            tx_hash=step.origin.tx_hash,
            head=step.after.head,
            details=details,
        )
