"""Values as papers state them: each with the paper and the place in it, so that it is evidence."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Generic, TypeVar

from tidan_node.domain.proofs.figures import currency_exponent

Value_co = TypeVar("Value_co", covariant=True)

_KILOGRAMS: Final = {
    "KGM": Decimal(1),
    "TNE": Decimal(1000),
    "GRM": Decimal("0.001"),
    "LBR": Decimal("0.45359237"),
}
"""Codes of UN/ECE Recommendation 20 for mass, in kilograms."""


@dataclass(frozen=True, slots=True)
class Said(Generic[Value_co]):
    """A value, and which paper says it where (a JSON pointer, also into XML)."""

    value: Value_co
    paper: str
    path: str

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest unit of its currency."""

    amount: int
    currency: str

    def __str__(self) -> str:
        exponent = currency_exponent(self.currency)
        return f"{Decimal(self.amount).scaleb(-exponent):.{exponent}f} {self.currency}"


@dataclass(frozen=True, slots=True)
class Quantity:
    """So many of a unit; the unit is a code of UN/ECE Recommendation 20 or 21."""

    value: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit}"

    def comparable(self) -> Quantity:
        """Masses in kilograms; everything else in the unit that it is stated in."""
        factor = _KILOGRAMS.get(self.unit)
        return self if factor is None else Quantity(self.value * factor, "KGM")


@dataclass(frozen=True, slots=True)
class Price:
    """What so many of a thing cost; prices may be finer than the currency."""

    value: Decimal
    currency: str
    base: Decimal = Decimal(1)

    def __str__(self) -> str:
        per = "" if self.base == 1 else f" per {plain(self.base)}"
        return f"{plain(self.value)} {self.currency}{per}"


@dataclass(frozen=True, slots=True)
class PaperParty:
    """A party as a paper names it. Identifiers are `scheme:value`, as `LEI:5299…`."""

    name: str | None
    identifiers: frozenset[str]

    def __str__(self) -> str:
        known = ", ".join(sorted(self.identifiers))
        return f"{self.name or 'no name'} ({known})" if known else self.name or "nobody"

    @property
    def schemes(self) -> frozenset[str]:
        """Of which lists it has an identifier."""
        return frozenset(identifier.partition(":")[0] for identifier in self.identifiers)

    def is_same(self, other: PaperParty) -> bool:
        """One identifier in common makes them one; different ones of one scheme make them two;
        where no scheme is in common their names decide."""
        if self.identifiers & other.identifiers:
            return True
        if self.schemes & other.schemes:
            return False
        return self.name is not None and other.name is not None and _same(self.name, other.name)


SaidParty = Said[PaperParty]


def is_party(one: SaidParty | None, other: SaidParty | None) -> bool:
    """Whether two papers mean one party; nobody is no party."""
    return one is not None and other is not None and one.value.is_same(other.value)


def plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no zeros behind the last digit that counts."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def normal_text(text: str) -> str:
    """Text as it is compared: letters alone, whatever their case, width or spacing."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def normal_number(text: str) -> str:
    """A number of a document as it is compared: without spaces and dashes."""
    letters = (each for each in normal_text(text) if unicodedata.category(each) != "Pd")
    return "".join(letters).replace(" ", "")


def _same(one: str, other: str) -> bool:
    return normal_text(one) == normal_text(other)
