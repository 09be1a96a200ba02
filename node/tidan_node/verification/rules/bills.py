"""Whether a transport document is one to rely on: issued, and neither void nor given back."""

from __future__ import annotations

from typing import Final

from tidan_node.verification.facts.trade import Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing

ISSUED: Final = "ISSUED"
"""Of the states of DCSA EBL 3 the only one in which the carrier answers for the document: before
it there are drafts, after it what is surrendered or void."""


def bill_status(trade: Trade) -> Outcome:
    weighing = Weighing()
    if not trade.papers.bills:
        weighing.miss("a transport document")
    for bill in trade.papers.bills:
        if bill.status is None:
            weighing.miss(f"the status of {bill.paper}")
            continue
        detail = f"{bill.paper} has the status {bill.status}, not {ISSUED}"
        weighing.hold(bill.status.value == ISSUED, detail, bill.status)
    return weighing.outcome("the transport document is issued")


RULES = (Rule("bill-status", "The transport document is issued", "high", bill_status),)
