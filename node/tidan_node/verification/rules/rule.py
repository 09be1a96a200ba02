"""What a rule is, and how it comes to its verdict: missing evidence is never a pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from tidan_node.verification.facts.said import Said
from tidan_node.verification.facts.trade import Trade

Verdict = Literal["pass", "finding", "not_evaluable"]
Severity = Literal["high", "medium", "low"]

MOST_EVIDENCE: Final = 40
MOST_FAULTS: Final = 10
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value that the verdict stands on, with the paper and the place where it stands."""

    paper: str
    path: str
    value: str


@dataclass(frozen=True, slots=True)
class Outcome:
    verdict: Verdict
    detail: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its stable id; `weigh` is a pure function of the trade."""

    rule_id: str
    title: str
    severity: Severity
    weigh: Callable[[Trade], Outcome]

    def finding(self, trade: Trade) -> Finding:
        outcome = self.weigh(trade)
        return Finding(
            rule=self.rule_id,
            title=self.title,
            severity=self.severity,
            verdict=outcome.verdict,
            detail=outcome.detail,
            evidence=outcome.evidence,
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one trade."""

    rule: str
    title: str
    severity: Severity
    verdict: Verdict
    detail: str
    evidence: tuple[Evidence, ...]


class Weighing:
    """What a rule has come across so far: what agrees, what does not, and what is not there."""

    def __init__(self) -> None:
        self._agreed: dict[Evidence, None] = {}
        self._faults: dict[str, None] = {}
        self._against: dict[Evidence, None] = {}
        self._missing: dict[str, None] = {}

    def agree(self, *saids: Said[object] | None) -> None:
        _take(self._agreed, saids)

    def fault(self, detail: str, *saids: Said[object] | None) -> None:
        self._faults[detail] = None
        _take(self._against, saids)

    def miss(self, what: str) -> None:
        self._missing[what] = None

    def hold(self, holds: bool, detail: str, *saids: Said[object] | None) -> None:
        """Agree where it holds; a fault in these words where it does not."""
        if holds:
            self.agree(*saids)
        else:
            self.fault(detail, *saids)

    def outcome(self, passed: str) -> Outcome:
        """A fault outweighs what is missing, and what is missing outweighs what agrees."""
        if self._faults:
            return Outcome("finding", "; ".join(_told(self._faults)), tuple(self._against))
        if self._missing or not self._agreed:
            missing = ", ".join(_told(self._missing)) or "anything to look at"
            return Outcome("not_evaluable", f"missing: {missing}", tuple(self._agreed))
        return Outcome("pass", passed, tuple(self._agreed))


def _take(evidence: dict[Evidence, None], saids: tuple[Said[object] | None, ...]) -> None:
    """Each once, and no more than a report shows: papers may have thousands of lines."""
    for said in saids:
        if len(evidence) >= MOST_EVIDENCE:
            return
        if said is not None:
            evidence[Evidence(said.paper, said.path, str(said.value)[:_LONGEST])] = None


def _told(words: dict[str, None]) -> list[str]:
    more = len(words) - MOST_FAULTS
    return [*islice(words, MOST_FAULTS), *([f"and {more} more"] if more > 0 else [])]
