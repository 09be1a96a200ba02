"""The figures of each invoice: lines, sums and what is payable (EN 16931, BR-CO-10 to BR-CO-16)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from tidan_node.verification.facts.papers import Contract, Invoice, Line
from tidan_node.verification.facts.said import Money, Said
from tidan_node.verification.facts.trade import Leg, Trade
from tidan_node.verification.rules.lines import line_expected, makes_its_amount
from tidan_node.verification.rules.prices import prices_agreed
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing
from tidan_node.verification.rules.sums import money_sum

OVER_CONTRACT: Final = Decimal("0.05")
"""Five per cent more than the contract's sum may be invoiced (UCP 600, article 30 b)."""


def amounts_and_lines(trade: Trade) -> Outcome:
    weighing = Weighing()
    for invoice in trade.papers.invoices:
        for line in invoice.lines:
            _line(weighing, line)
        _totals(weighing, invoice)
    for contract in trade.papers.contracts:
        for line in contract.lines:
            _line(weighing, line)
    if not trade.papers.invoices:
        weighing.miss("an invoice")
    return weighing.outcome("every invoice and contract adds up")


def amounts_against_contract(trade: Trade) -> Outcome:
    weighing = Weighing()
    for leg in trade.legs:
        if not leg.is_there:
            weighing.miss(f"an invoice of the {leg.name} leg")
        _leg(weighing, trade, leg)
    return weighing.outcome("prices and sums are the contracts'")


def _line(weighing: Weighing, line: Line) -> None:
    quantity, price, amount = line.quantity, line.price, line.amount
    if quantity is None or price is None or amount is None:
        weighing.miss("quantity, price or amount of a line")
        return
    if price.value.currency != amount.value.currency:
        weighing.fault("a price and its amount are in two currencies", price, amount)
        return
    expected = line_expected(line)
    detail = f"{quantity} at {price} are {expected}, not {amount}"
    weighing.hold(makes_its_amount(line), detail, quantity, price, amount)


def _totals(weighing: Weighing, invoice: Invoice) -> None:
    sums = invoice.totals
    lines = money_sum(line.amount for line in invoice.lines)
    if lines is not None:
        _equal(weighing, "the lines", lines.amount, sums.lines)
    if sums.lines is not None:
        change = _units(sums.charges) - _units(sums.allowances)
        _equal(weighing, "before tax it", _units(sums.lines) + change, sums.before_tax)
    if sums.before_tax is not None and sums.tax is not None:
        _equal(weighing, "with tax it", _units(sums.before_tax) + _units(sums.tax), sums.with_tax)
    if sums.with_tax is not None:
        due = _units(sums.with_tax) - _units(sums.prepaid) + _units(sums.rounding)
        _equal(weighing, "what is payable", due, sums.payable)


def _equal(weighing: Weighing, what: str, expected: int, stated: Said[Money] | None) -> None:
    if stated is not None:
        right = Money(expected, stated.value.currency)
        holds = stated.value.amount == expected
        weighing.hold(holds, f"{what} adds up to {right}, not {stated}", stated)


def _units(amount: Said[Money] | None) -> int:
    return 0 if amount is None else amount.value.amount


def _leg(weighing: Weighing, trade: Trade, leg: Leg) -> None:
    billed: dict[str, list[Invoice]] = {}
    for invoice in leg.invoices:
        contract = trade.contract_of(invoice)
        if contract is None:
            weighing.miss(f"the contract of {invoice.paper}")
            continue
        for note in trade.credits_of(invoice):
            weighing.miss(f"what is left of {invoice.paper} after {note.paper}")
        billed.setdefault(contract.paper, []).append(invoice)
    for contract in trade.papers.contracts:
        if contract.paper in billed:
            _sum(weighing, contract, billed[contract.paper])
            prices_agreed(weighing, contract, billed[contract.paper])


def _sum(weighing: Weighing, contract: Contract, invoices: list[Invoice]) -> None:
    parts = [invoice.totals.before_tax for invoice in invoices]
    total, agreed = money_sum(parts), contract.total
    if total is None or agreed is None or total.currency != agreed.value.currency:
        weighing.miss(f"sums of {contract.paper} and its invoices in one currency")
        return
    most = Decimal(agreed.value.amount) * (1 + OVER_CONTRACT)
    detail = f"{total} are invoiced under a contract of {agreed}"
    weighing.hold(total.amount <= most, detail, *parts, agreed)


RULES = (
    Rule(
        "amounts-and-lines",
        "Every invoice and contract adds up, line by line",
        "high",
        amounts_and_lines,
    ),
    Rule(
        "amounts-against-contract",
        "Prices and sums invoiced are those of the contracts",
        "high",
        amounts_against_contract,
    ),
)
