"""Sums of what papers state in several places, and how two of them are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tidan_node.verification.facts.said import Money, Quantity, Said, plain


@dataclass(frozen=True, slots=True)
class QuantitySum:
    """A sum in one unit, and what it is made of."""

    value: Decimal
    unit: str
    parts: tuple[Said[Quantity], ...]

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit}"

    def is_near(self, other: QuantitySum, tolerance: Decimal) -> bool:
        """Whether they differ by no more than this share of the other."""
        return abs(self.value - other.value) <= abs(other.value) * tolerance


def by_unit(parts: Iterable[Said[Quantity] | None]) -> dict[str, QuantitySum]:
    """The sums by unit; masses together in kilograms."""
    found: dict[str, list[Said[Quantity]]] = {}
    for part in parts:
        if part is not None:
            found.setdefault(part.value.comparable().unit, []).append(part)
    return {
        unit: QuantitySum(
            sum((part.value.comparable().value for part in mine), Decimal(0)), unit, tuple(mine)
        )
        for unit, mine in found.items()
    }


def whole(parts: Iterable[Said[Quantity] | None]) -> QuantitySum | None:
    """The one sum, whatever the unit is called: packages are packages."""
    known = [part for part in parts if part is not None]
    if not known:
        return None
    total = sum((part.value.value for part in known), Decimal(0))
    return QuantitySum(total, known[0].value.unit, tuple(known))


def money_sum(parts: Iterable[Said[Money] | None]) -> Money | None:
    """The sum of amounts of one currency; None where there is none, or more than one currency."""
    known = [part.value for part in parts if part is not None]
    if len({amount.currency for amount in known}) != 1:
        return None
    return Money(sum(amount.amount for amount in known), known[0].currency)
