"""The papers themselves: each can be read, or is named with the rule of its form that it breaks."""

from __future__ import annotations

from tidan_node.verification.facts.copies import Numbered
from tidan_node.verification.facts.recognition import OTHER
from tidan_node.verification.facts.said import Said
from tidan_node.verification.facts.trade import Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing


def papers_readable(trade: Trade) -> Outcome:
    weighing = Weighing()
    for paper in trade.read:
        if paper.fault is not None:
            where = paper.fault.path or "the whole paper"
            weighing.fault(
                f"{paper.name}: {paper.fault.rule}: {paper.fault.detail}",
                Said(paper.fault.detail, paper.name, where),
            )
        elif paper.kind != OTHER:
            weighing.agree(Said(paper.kind, paper.name, ""))
    if not trade.read:
        weighing.miss("papers")
    return weighing.outcome("every paper that is known here can be read")


def one_paper_per_number(trade: Trade) -> Outcome:
    weighing = Weighing()
    papers = trade.papers
    numbered: tuple[Numbered, ...] = (
        *papers.bills,
        *papers.invoices,
        *papers.credit_notes,
        *papers.contracts,
        *papers.packing_lists,
        *papers.policies,
    )
    for paper in numbered:
        weighing.agree(paper.number)
    for one, other in trade.differing:
        detail = f"{one.paper} and {other.paper} both have the number {one} and differ"
        weighing.fault(detail, one, other)
    return weighing.outcome("papers of one number say the same")


RULES = (
    Rule("papers-readable", "Every paper keeps the rules of its form", "high", papers_readable),
    Rule(
        "one-paper-per-number",
        "No two papers of one number say different things",
        "high",
        one_paper_per_number,
    ),
)
