"""The figures of each invoice: lines, sums and what is payable (EN 16931, BR-CO-10 to BR-CO-16)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from tidan_node.domain.proofs.figures import currency_exponent
from tidan_node.verification.facts.papers import Contract, Invoice, Line
from tidan_node.verification.facts.said import Money, Said, plain
from tidan_node.verification.facts.trade import Leg, Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing
from tidan_node.verification.rules.sums import by_unit, money_sum

ROUNDING: Final = 1
"""Smallest units by which a line may miss quantity times price: two ways of rounding a half."""

OVER_CONTRACT: Final = Decimal("0.05")
"""Five per cent more than the contract's sum may be invoiced (UCP 600, article 30 b)."""

PRICE_TOLERANCE: Final = Decimal("0.001")
"""A thousandth by which two average prices may differ: lines are rounded."""


def amounts_and_lines(trade: Trade) -> Outcome:
    weighing = Weighing()
    for invoice in trade.papers.invoices:
        for line in invoice.lines:
            _line(weighing, line)
        _totals(weighing, invoice)
    if not trade.papers.invoices:
        weighing.miss("an invoice")
    return weighing.outcome("every invoice adds up")


def amounts_against_contract(trade: Trade) -> Outcome:
    weighing = Weighing()
    for leg in trade.legs:
        if not leg.is_there:
            weighing.miss(f"an invoice of the {leg.name} leg")
        _leg(weighing, trade, leg)
    return weighing.outcome("prices and sums are the contracts'")


def line_amount(quantity: Decimal, price: Decimal, base: Decimal, exponent: int) -> int:
    """Quantity times price by base, rounded half up to the smallest unit."""
    exact = (quantity * price / base).scaleb(exponent)
    return int(exact.to_integral_value(rounding=ROUND_HALF_UP))


def _line(weighing: Weighing, line: Line) -> None:
    quantity, price, amount = line.quantity, line.price, line.amount
    if quantity is None or price is None or amount is None:
        weighing.miss("quantity, price or amount of a line")
        return
    if price.value.currency != amount.value.currency:
        weighing.fault("a price and its amount are in two currencies", price, amount)
        return
    exponent = currency_exponent(amount.value.currency)
    bare = line_amount(quantity.value.value, price.value.value, price.value.base, exponent)
    expected = Money(bare + line.change, amount.value.currency)
    holds = abs(expected.amount - amount.value.amount) <= ROUNDING
    detail = f"{quantity} at {price} are {expected}, not {amount}"
    weighing.hold(holds, detail, quantity, price, amount)


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
        else:
            billed.setdefault(contract.paper, []).append(invoice)
    for contract in trade.papers.contracts:
        if contract.paper in billed:
            _sum(weighing, contract, billed[contract.paper])
            _prices(weighing, contract, billed[contract.paper])


def _sum(weighing: Weighing, contract: Contract, invoices: list[Invoice]) -> None:
    parts = [invoice.totals.before_tax for invoice in invoices]
    total, agreed = money_sum(parts), contract.total
    if total is None or agreed is None or total.currency != agreed.value.currency:
        weighing.miss(f"sums of {contract.paper} and its invoices in one currency")
        return
    most = Decimal(agreed.value.amount) * (1 + OVER_CONTRACT)
    detail = f"{total} are invoiced under a contract of {agreed}"
    weighing.hold(total.amount <= most, detail, *parts, agreed)


def _prices(weighing: Weighing, contract: Contract, invoices: list[Invoice]) -> None:
    """The average price of each unit: a contract may list one line where an invoice has three."""
    lines = [line for invoice in invoices for line in invoice.lines]
    for unit in sorted(_units_of(contract.lines) & _units_of(lines)):
        asked, agreed = _average(lines, unit), _average(contract.lines, unit)
        if asked is None or agreed is None or asked[1] != agreed[1]:
            continue
        holds = abs(asked[0] - agreed[0]) <= agreed[0] * PRICE_TOLERANCE
        detail = (
            f"{_rounded(asked[0])} {asked[1]} per {unit} are invoiced,"
            f" {_rounded(agreed[0])} were agreed"
        )
        parts = (line.amount for line in (*lines, *contract.lines))
        weighing.hold(holds, detail, *parts)


def _units_of(lines: list[Line] | tuple[Line, ...]) -> set[str]:
    return set(by_unit(line.quantity for line in lines))


def _average(lines: list[Line] | tuple[Line, ...], unit: str) -> tuple[Decimal, str] | None:
    mine = [
        line
        for line in lines
        if line.quantity is not None and line.quantity.value.comparable().unit == unit
    ]
    total = money_sum(line.amount for line in mine)
    quantity = by_unit(line.quantity for line in mine).get(unit)
    if total is None or quantity is None or quantity.value <= 0 or total.amount <= 0:
        return None
    value = Decimal(total.amount).scaleb(-currency_exponent(total.currency))
    return value / quantity.value, total.currency


def _rounded(price: Decimal) -> str:
    return plain(Decimal(f"{price:.4f}"))


RULES = (
    Rule("amounts-and-lines", "Every invoice adds up, line by line", "high", amounts_and_lines),
    Rule(
        "amounts-against-contract",
        "Prices and sums invoiced are those of the contracts",
        "high",
        amounts_against_contract,
    ),
)
