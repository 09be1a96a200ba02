"""What comes before what: contract, cover, loading, bill of lading, arrival, payment."""

from __future__ import annotations

from datetime import date

from tidan_node.verification.facts.papers import Bill
from tidan_node.verification.facts.said import Said
from tidan_node.verification.facts.trade import Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing

SaidDate = Said[date]


def dates_in_order(trade: Trade) -> Outcome:
    weighing = Weighing()
    papers = trade.papers
    if not papers.bills:
        weighing.miss("a transport document")
    if not papers.contracts:
        weighing.miss("a contract")
    if not papers.policies:
        weighing.miss("a policy")
    for undated in papers.contracts:
        if undated.concluded is None:
            weighing.miss(f"the date of {undated.paper}")
    for bill in papers.bills:
        _of_bill(weighing, bill, trade)
    for invoice in papers.invoices:
        contract = trade.contract_of(invoice)
        concluded = None if contract is None else contract.concluded
        _order(weighing, "its contract", concluded, f"{invoice.paper}", invoice.issued)
        _order(weighing, f"{invoice.paper}", invoice.issued, "what it is due", invoice.due)
        for payment in trade.payments_of(invoice):
            _order(weighing, "the contract", concluded, "its payment", payment.on)
    return weighing.outcome("contract, cover, loading and bill of lading follow each other")


def _of_bill(weighing: Weighing, bill: Bill, trade: Trade) -> None:
    on_board = bill.on_board
    if on_board is None:
        weighing.miss(f"a date of loading on {bill.paper}")
    if bill.issued is None:
        weighing.miss(f"the date of issue of {bill.paper}")
    _order(weighing, "loading", on_board, "the bill of lading", bill.issued)
    _order(weighing, "departure", bill.departs, "arrival", bill.arrives)
    for contract in trade.papers.contracts:
        _order(weighing, "a contract", contract.concluded, "loading", on_board)
        _order(weighing, "loading", on_board, "the latest shipment", contract.latest_shipment)
    for packing in trade.papers.packing_lists:
        _order(weighing, "the packing list", packing.issued, "loading", on_board)
    for policy in trade.papers.policies:
        # UCP 600, article 28 e: a later date of issue is good where the cover begins in time
        _order(weighing, "the cover", policy.cover_from, "loading", on_board)
        _order(weighing, "arrival", bill.arrives, "the end of the cover", policy.cover_until)


def _order(
    weighing: Weighing, what: str, first: SaidDate | None, then: str, second: SaidDate | None
) -> None:
    if first is not None and second is not None:
        detail = f"{what} ({first}) comes after {then} ({second})"
        weighing.hold(first.value <= second.value, detail, first, second)


RULES = (
    Rule(
        "dates-in-order",
        "Contract, cover, loading and bill of lading follow each other",
        "high",
        dates_in_order,
    ),
)
