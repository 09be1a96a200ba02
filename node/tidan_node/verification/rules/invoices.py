"""What sort of paper an invoice is, and which bill of lading it says it is for."""

from __future__ import annotations

from typing import Final

from tidan_node.verification.facts.papers import Invoice
from tidan_node.verification.facts.said import normal_number
from tidan_node.verification.facts.trade import Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing

ACCEPTED: Final = frozenset({"326", "331", "380", "388", "393"})
"""UNTDID 1001: partial, with its packing list, commercial, tax and factored invoices. All others
demand nothing (325, proforma; 751, for accounting) or put another invoice right (381, 384)."""


def invoice_type(trade: Trade) -> Outcome:
    weighing = Weighing()
    if not trade.papers.invoices:
        weighing.miss("an invoice")
    for invoice in trade.papers.invoices:
        if invoice.kind is None:
            weighing.miss(f"the type of {invoice.paper}")
            continue
        detail = f"{invoice.paper} is of type {invoice.kind}, which is no commercial invoice"
        weighing.hold(invoice.kind.value in ACCEPTED, detail, invoice.kind)
    return weighing.outcome("every invoice demands the price of goods")


def invoice_names_bill(trade: Trade) -> Outcome:
    """A purchase may be invoiced before there is a bill of lading; the resale names it."""
    weighing = Weighing()
    if not trade.papers.bills:
        weighing.miss("a transport document")
    if not trade.resale.is_there:
        weighing.miss("an invoice of the resale leg")
    for leg in trade.legs if trade.papers.bills else ():
        for invoice in leg.invoices:
            _names(weighing, trade, invoice, must=leg is trade.resale)
    return weighing.outcome("the invoices are for the goods of this bill of lading")


def _names(weighing: Weighing, trade: Trade, invoice: Invoice, *, must: bool) -> None:
    bills = {normal_number(bill.number.value): bill.number for bill in trade.papers.bills}
    numbers = {normal_number(each.value): each for each in (*invoice.documents, *invoice.bills)}
    here = [each for number, each in numbers.items() if number in bills]
    if here:
        weighing.agree(*here)
        for each in invoice.bills:
            if normal_number(each.value) not in bills:
                weighing.miss(f"the bill of lading {each}")
    elif invoice.bills:
        named, known = invoice.bills[0], next(iter(bills.values()))
        detail = f"{invoice.paper} is for the bill of lading {named}, not for {known}"
        weighing.fault(detail, *invoice.bills, *bills.values())
    elif must:
        weighing.miss(f"the bill of lading that {invoice.paper} is for")


RULES = (
    Rule(
        "invoice-type",
        "Every invoice is a commercial one, no proforma and no correction",
        "high",
        invoice_type,
    ),
    Rule(
        "invoice-names-bill",
        "The invoices name this bill of lading",
        "high",
        invoice_names_bill,
    ),
)
