"""Amounts, weights and quantities as integers of their smallest unit, packed for a circuit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tidan_node.domain.proofs.problems import FigureMalformed

AMOUNT_LIMIT: Final = 2**64
SCALE_LIMIT: Final = 9
_UNIT_BYTES: Final = 8
_UNIT: Final = re.compile(r"[!-~]{0,8}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")

_USUAL_EXPONENT: Final = 2
# fmt: off
_OTHER_EXPONENTS: Final = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
    "CLF": 4, "UYW": 4,
}
# fmt: on


def currency_exponent(currency: str) -> int:
    """How many decimals a currency has (ISO 4217, table A.1)."""
    return _OTHER_EXPONENTS.get(currency, _USUAL_EXPONENT)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a unit's `10 ** -scale`: 12.50 EUR is Figure(1250, "EUR", 2)."""

    amount: int
    unit: str
    scale: int

    def __post_init__(self) -> None:
        if abs(self.amount) >= AMOUNT_LIMIT:
            raise FigureMalformed("does not fit into 64 bits of its smallest unit")
        if not _UNIT.fullmatch(self.unit):
            raise FigureMalformed(f"has the unit {self.unit!r}, not at most 8 ASCII characters")
        if not 0 <= self.scale <= SCALE_LIMIT:
            raise FigureMalformed(f"has the scale {self.scale}; it is from 0 to {SCALE_LIMIT}")

    def decimal(self) -> Decimal:
        return Decimal(self.amount).scaleb(-self.scale)

    def packed(self, *, schema: int, tag: int) -> int:
        """schema u16 ‖ tag u16 ‖ unit 8 bytes ‖ scale u8 ‖ sign u8 ‖ amount u64: 22 bytes.

        All but the amount is a constant in a circuit, which so states what it compares.
        """
        data = (
            schema.to_bytes(2, "big")
            + tag.to_bytes(2, "big")
            + self.unit.encode("ascii").ljust(_UNIT_BYTES, b"\x00")
            + bytes([self.scale, self.amount < 0])
            + abs(self.amount).to_bytes(8, "big")
        )
        return int.from_bytes(data, "big")


@dataclass(frozen=True, slots=True)
class FigureRule:
    """How a schema turns a number into a figure (`x-figure`)."""

    tag: int
    unit_property: str | None
    unit_constant: str
    scale: int | None
    """Decimals kept; None for money, whose currency says how many it has."""

    def figure(self, value: int | float, unit: str) -> Figure:
        """The figure that `value` states, exactly or not at all."""
        scale = self.scale
        if scale is None:
            if not _CURRENCY.fullmatch(unit):
                raise FigureMalformed(f"has the currency {unit!r}; it is a code of ISO 4217")
            scale = currency_exponent(unit)
        amount = Decimal(repr(value)).scaleb(scale)
        if amount != amount.to_integral_value():
            raise FigureMalformed(f"is {value}; {scale} decimals can be committed to")
        return Figure(int(amount), unit, scale)

    def admits(self, figure: Figure) -> bool:
        """Whether a disclosed figure can have come from this rule.

        Money brings its own scale: a proof made before ISO 4217 changed a currency stays good.
        """
        if self.unit_property is None and figure.unit != self.unit_constant:
            return False
        if self.scale is None:
            return _CURRENCY.fullmatch(figure.unit) is not None
        return figure.scale == self.scale
