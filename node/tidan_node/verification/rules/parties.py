"""Who sells, who buys, who ships and who pays: the same parties on every paper of both legs."""

from __future__ import annotations

from collections.abc import Iterable

from tidan_node.verification.facts.papers import Bill, Contract, Invoice, Payment
from tidan_node.verification.facts.said import SaidParty, is_party
from tidan_node.verification.facts.trade import Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing


def parties_of_both_legs(trade: Trade) -> Outcome:
    weighing = Weighing()
    for leg in trade.legs:
        if not leg.is_there:
            weighing.miss(f"an invoice of the {leg.name} leg")
    if not trade.papers.bills:
        weighing.miss("a transport document")
    middle = trade.middle
    for invoice in trade.purchase.invoices:
        _same(weighing, "the buyer of the purchase", invoice.buyer, "who sells on", middle)
    _one_buyer(weighing, trade.resale.invoices)
    for first in trade.purchase.invoices:
        for last in trade.resale.invoices:
            if is_party(first.seller, last.buyer):
                detail = f"{last.paper} sells back to who sold first"
                weighing.fault(detail, first.seller, last.buyer)
    for bill in trade.papers.bills:
        _of_bill(weighing, bill, trade)
    for leg in trade.legs:
        for invoice in leg.invoices:
            contract = trade.contract_of(invoice)
            if contract is not None:
                _of_contract(weighing, contract, invoice)
            for payment in trade.payments_of(invoice):
                _of_payment(weighing, payment, invoice)
    return weighing.outcome("the same parties stand on both legs, the bill and the payments")


def _one_buyer(weighing: Weighing, invoices: Iterable[Invoice]) -> None:
    first: Invoice | None = None
    for invoice in invoices:
        first = first or invoice
        _same(weighing, "a buyer of the resale", invoice.buyer, "the other buyer", first.buyer)


def _of_bill(weighing: Weighing, bill: Bill, trade: Trade) -> None:
    """The goods are shipped by who sells on, or by its supplier in its stead."""
    shippers = [
        trade.middle,
        *(each.seller for each in (*trade.purchase.invoices, *trade.resale.invoices)),
    ]
    if bill.shipper is not None and trade.has_both_legs:
        known = any(is_party(bill.shipper, each) for each in shippers)
        detail = f"the shipper of {bill.paper} sells on neither leg"
        weighing.hold(known, detail, bill.shipper, *shippers[:2])
    buyers = [each.buyer for each in trade.resale.invoices]
    if bill.consignee is not None and buyers:
        is_buyer = any(is_party(bill.consignee, each) for each in buyers)
        detail = f"the consignee of {bill.paper} is not the buyer of the resale"
        weighing.hold(is_buyer, detail, bill.consignee, buyers[0])


def _of_contract(weighing: Weighing, contract: Contract, invoice: Invoice) -> None:
    _same(weighing, "the seller of the contract", contract.seller, "the invoice's", invoice.seller)
    _same(weighing, "the buyer of the contract", contract.buyer, "the invoice's", invoice.buyer)


def _of_payment(weighing: Weighing, payment: Payment, invoice: Invoice) -> None:
    _same(weighing, "who pays", payment.payer, "the buyer", invoice.buyer)
    _same(weighing, "who is paid", payment.payee, "the seller", invoice.seller)


def _same(
    weighing: Weighing, what: str, one: SaidParty | None, whom: str, other: SaidParty | None
) -> None:
    """Where a paper names nobody there is nothing to compare."""
    if one is None or other is None:
        return
    detail = f"{what} is {one.value} and {whom} is {other.value}"
    weighing.hold(is_party(one, other), detail, one, other)


RULES = (
    Rule(
        "parties-of-both-legs",
        "The same parties stand on both legs of the trade",
        "high",
        parties_of_both_legs,
    ),
)
