"""Unit prices invoiced, against those of the contract: on the average, and line by line."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from tidan_node.domain.proofs.figures import currency_exponent
from tidan_node.verification.facts.papers import Contract, Invoice, Line
from tidan_node.verification.facts.said import Quantity, plain
from tidan_node.verification.rules.lines import makes_its_amount
from tidan_node.verification.rules.rule import Weighing
from tidan_node.verification.rules.sums import by_unit, money_sum

PRICE_TOLERANCE: Final = Decimal("0.001")
"""A thousandth by which two average prices may differ: lines are rounded."""

_MOST_TOLD: Final = 5
"""Prices of a contract that are told beside one that is none of them."""

Lines = Sequence[Line]


def prices_agreed(weighing: Weighing, contract: Contract, invoices: Sequence[Invoice]) -> None:
    """Unit by unit: a contract may list one line where an invoice has three."""
    asked = _by_unit([line for invoice in invoices for line in invoice.lines])
    agreed = _by_unit(contract.lines)
    for unit in sorted(set(asked) | set(agreed)):
        if unit not in asked or unit not in agreed:
            weighing.miss(f"prices per {unit} of {contract.paper} and its invoices")
            continue
        _averages(weighing, unit, asked[unit], agreed[unit])
        _unit_prices(weighing, unit, asked[unit], agreed[unit])


def _averages(weighing: Weighing, unit: str, asked: Lines, agreed: Lines) -> None:
    mine, theirs = _average(asked, unit), _average(agreed, unit)
    if mine is None or theirs is None or mine[1] != theirs[1]:
        weighing.miss(f"prices per {unit} in one currency")
        return
    detail = (
        f"{_rounded(mine[0])} {mine[1]} per {unit} are invoiced, {_rounded(theirs[0])} were agreed"
    )
    parts = (line.amount for line in (*asked, *agreed))
    weighing.hold(_is_near(mine[0], theirs[0]), detail, *parts)


def _unit_prices(weighing: Weighing, unit: str, asked: Lines, agreed: Lines) -> None:
    """Each line has a price of the contract. A line whose own figures do not agree has none: it
    is found for that."""
    known = {price: line for line in agreed if (price := _unit_price(line)) is not None}
    if not known:
        return
    sorted_by = {
        code: sorted(price for price, other in known if other == code) for _, code in known
    }
    told = " or ".join(sorted({_rounded(price) for price, _ in list(known)[:_MOST_TOLD]}))
    for line in asked:
        found = _unit_price(line)
        if found is None:
            continue
        mine, currency = found
        prices = sorted_by.get(currency, [])
        at = bisect_left(prices, mine)  # the nearest of thousands are the two beside it
        near = any(_is_near(mine, each) for each in prices[max(at - 1, 0) : at + 1])
        detail = f"{_rounded(mine)} {currency} per {unit} are invoiced, {told} were agreed"
        weighing.hold(near, detail, line.price, *(each.price for each in agreed[:_MOST_TOLD]))


def _unit_price(line: Line) -> tuple[Decimal, str] | None:
    """Of one unit (of a kilogram, where it is a mass), by the currency."""
    if line.price is None or line.quantity is None or not makes_its_amount(line):
        return None
    price, factor = line.price.value, Quantity(Decimal(1), line.quantity.value.unit).comparable()
    return price.value / price.base / factor.value, price.currency


def _by_unit(lines: Lines) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.quantity is not None:
            found.setdefault(line.quantity.value.comparable().unit, []).append(line)
    return found


def _average(mine: Lines, unit: str) -> tuple[Decimal, str] | None:
    total = money_sum(line.amount for line in mine)
    quantity = by_unit(line.quantity for line in mine).get(unit)
    if total is None or quantity is None or quantity.value <= 0 or total.amount <= 0:
        return None
    value = Decimal(total.amount).scaleb(-currency_exponent(total.currency))
    return value / quantity.value, total.currency


def _is_near(asked: Decimal, agreed: Decimal) -> bool:
    return abs(asked - agreed) <= abs(agreed) * PRICE_TOLERANCE


def _rounded(price: Decimal) -> str:
    return plain(Decimal(f"{price:.4f}"))
