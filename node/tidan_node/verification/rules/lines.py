"""One line of an invoice or a contract: what its quantity and its price come to."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from tidan_node.domain.proofs.figures import currency_exponent
from tidan_node.verification.facts.papers import Line
from tidan_node.verification.facts.said import Money

ROUNDING: Final = 1
"""Smallest units by which a line may miss quantity times price: two ways of rounding a half."""


def line_amount(quantity: Decimal, price: Decimal, base: Decimal, exponent: int) -> int:
    """Quantity times price by base, rounded half up to the smallest unit."""
    exact = (quantity * price / base).scaleb(exponent)
    return int(exact.to_integral_value(rounding=ROUND_HALF_UP))


def line_expected(line: Line) -> Money | None:
    """What quantity and price of a line come to, in the currency of both."""
    quantity, price, amount = line.quantity, line.price, line.amount
    if quantity is None or price is None or amount is None:
        return None
    if price.value.currency != amount.value.currency:
        return None
    exponent = currency_exponent(amount.value.currency)
    bare = line_amount(quantity.value.value, price.value.value, price.value.base, exponent)
    return Money(bare + line.change, amount.value.currency)


def makes_its_amount(line: Line) -> bool:
    expected, amount = line_expected(line), line.amount
    if expected is None or amount is None:
        return False
    return abs(expected.amount - amount.value.amount) <= ROUNDING
