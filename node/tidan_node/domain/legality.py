"""A record's history held against its own rules: a second check of the contracts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from tidan_node.domain.events import Origin
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import Standing
from tidan_node.domain.steps import Step
from tidan_node.problems import Problem

State = TypeVar("State")
Record = TypeVar("Record")

StandingAt = Callable[[PartyIndex, Origin], Standing]


@dataclass(frozen=True, slots=True)
class IllegalAct:
    """An act on the chain that the rules do not allow, or that did something else than they say."""

    seq: int
    rule: str
    detail: str


def judged(
    what: str,
    steps: Iterable[Step[State]],
    record_of: Callable[[State], Record],
    by_the_rules: Callable[[Record | None, Step[State]], Record],
) -> Iterator[IllegalAct]:
    """Every act that the rules would have refused, each judged on what came before it.

    `by_the_rules` gives what the rules make of the record before (None at its beginning) and the
    act; `what` is the record's word, for those who read the finding.
    """
    before: Record | None = None
    for step in steps:
        after = record_of(step.after)
        try:
            allowed = by_the_rules(before, step)
        except Problem as refusal:
            yield IllegalAct(step.act.seq, refusal.slug, refusal.detail)
        else:
            if allowed != after:
                yield IllegalAct(
                    step.act.seq,
                    "other-effect",
                    f"{step.act.kind.name} left the {what} otherwise than the rules say",
                )
        before = after
