"""The report of a check: every rule's verdict, what they come to, and what each paper was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tidan_node.verification.facts.chain import ChainFacts
from tidan_node.verification.facts.recognition import GivenPaper, ReadPaper, read_papers
from tidan_node.verification.facts.trade import trade_of
from tidan_node.verification.rules.rule import Finding
from tidan_node.verification.rules.rulebook import RULES

TradeVerdict = Literal["pass", "findings", "incomplete"]


@dataclass(frozen=True, slots=True)
class TradeReport:
    """What the check of one trade has come to."""

    findings: tuple[Finding, ...]
    read: tuple[ReadPaper, ...]

    @property
    def verdict(self) -> TradeVerdict:
        """A finding outweighs what could not be evaluated; only everything together is a pass."""
        verdicts = {finding.verdict for finding in self.findings}
        if "finding" in verdicts:
            return "findings"
        return "incomplete" if "not_evaluable" in verdicts else "pass"

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(finding.verdict for finding in self.findings)
        return {
            "pass": counted["pass"],
            "finding": counted["finding"],
            "notEvaluable": counted["not_evaluable"],
        }

    def document(self) -> dict[str, Any]:  # Any: JSON
        """As the node answers it and `tidan check trade --json` prints it."""
        return {
            "verdict": self.verdict,
            "counts": self.counts,
            "rules": [_rule(finding) for finding in self.findings],
            "papers": [paper_document(paper) for paper in self.read],
        }


def check_papers(given: Sequence[GivenPaper], chain: ChainFacts | None = None) -> TradeReport:
    """Read all papers and ask every rule. Plain computation: run it off the event loop."""
    return check_read(read_papers(given), chain)


def check_read(read: tuple[ReadPaper, ...], chain: ChainFacts | None = None) -> TradeReport:
    trade = trade_of(read, chain)
    return TradeReport(tuple(rule.finding(trade) for rule in RULES), read)


def _rule(finding: Finding) -> dict[str, Any]:  # Any: as above
    return {
        "id": finding.rule,
        "title": finding.title,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "detail": finding.detail,
        "evidence": [
            {"paper": each.paper, "path": each.path, "value": each.value}
            for each in finding.evidence
        ],
    }


def paper_document(paper: ReadPaper) -> dict[str, Any]:  # Any: as above
    """What a paper was taken for, and why it cannot be read."""
    fault = paper.fault
    problem = None
    if fault is not None:
        problem = {"rule": fault.rule, "path": fault.path, "detail": fault.detail}
    return {"name": paper.name, "kind": paper.kind, "problem": problem}
