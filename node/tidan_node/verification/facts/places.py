"""A place in a paper: members, texts, figures and dates below it, each with its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from tidan_node.domain.proofs.canonical import JsonValue, pointer_to
from tidan_node.domain.proofs.figures import currency_exponent
from tidan_node.verification.facts.problems import PaperUnreadable
from tidan_node.verification.facts.said import Money, Quantity, Said

VALUE: Final = "value-malformed"
TEXT: Final = "value"
"""The part that holds the text of an XML element with attributes; as `domain/documents/ubl`."""

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,10})?")
"""28 digits: as many as Decimal reckons with exactly."""

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2})?(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a paper. Whatever is absent reads as None, whatever is malformed is refused."""

    paper: str
    path: str
    value: JsonValue

    def member(self, *names: str) -> Place | None:
        """What stands under these names, one below the other; the first where there are several."""
        found: Place | None = self
        for name in names:
            found = None if found is None else next(found.items(name), None)
        return found

    def items(self, name: str) -> Iterator[Place]:
        """All that stands under this name, whether it is a list or a single value."""
        if not isinstance(self.value, dict) or name not in self.value:
            return
        value, path = self.value[name], pointer_to(self.path, name)
        if not isinstance(value, list):
            yield Place(self.paper, path, value)
            return
        for number, item in enumerate(value):
            yield Place(self.paper, pointer_to(path, number), item)

    def every(self, *names: str) -> Iterator[Place]:
        """All that stands under these names, through every list on the way."""
        if not names:
            yield self
            return
        for item in self.items(names[0]):
            yield from item.every(*names[1:])

    def text(self, *names: str) -> Said[str] | None:
        """The text there, if there is any."""
        found = self.member(*names)
        if found is None:
            return None
        text = found._scalar()
        if not text:
            return None
        return Said(text, found.paper, found.path)

    def date(self, *names: str) -> Said[date] | None:
        """The date there, or that of the moment there, as the writer's own calendar has it."""
        text = self.text(*names)
        if text is None:
            return None
        is_date = _DATE.fullmatch(text.value) or _DATE_TIME.fullmatch(text.value)
        try:
            day = date.fromisoformat(text.value[:10]) if is_date else None
        except ValueError:
            day = None
        if day is None:
            raise PaperUnreadable(VALUE, "must be a date (ISO 8601)", path=text.path)
        return Said(day, text.paper, text.path)

    def moment(self, *names: str) -> Said[datetime] | None:
        """The moment there, with its offset from UTC."""
        text = self.text(*names)
        if text is None:
            return None
        is_moment = _DATE_TIME.fullmatch(text.value)
        try:
            moment = datetime.fromisoformat(text.value.upper()) if is_moment else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            rule = "must be a moment with its offset (ISO 8601)"
            raise PaperUnreadable(VALUE, rule, path=text.path)
        return Said(moment, text.paper, text.path)

    def number(self, *names: str) -> Said[Decimal] | None:
        """The decimal number there, exactly as it is written."""
        text = self.text(*names)
        if text is None:
            return None
        if not _NUMBER.fullmatch(text.value):
            raise PaperUnreadable(VALUE, "must be a decimal number", path=text.path)
        return Said(Decimal(text.value), text.paper, text.path)

    def quantity(self, *names: str, unit: str = "unitCode") -> Said[Quantity] | None:
        """The quantity there; what is packed, weighed or ordered is never less than nothing."""
        number = self.signed_quantity(*names, unit=unit)
        if number is not None and number.value.value < 0:
            raise PaperUnreadable(VALUE, "must not be negative", path=number.path)
        return number

    def signed_quantity(self, *names: str, unit: str = "unitCode") -> Said[Quantity] | None:
        """The quantity there, which a corrected invoice may state below nothing."""
        found, number = self.member(*names), self.number(*names)
        if found is None or number is None:
            return None
        code = found.text(unit)
        return Said(
            Quantity(number.value, "" if code is None else code.value), number.paper, number.path
        )

    def money(
        self, *names: str, currency: str = "currencyID", amount: str = ""
    ) -> Said[Money] | None:
        """The amount there, in its currency's smallest unit, to the last digit."""
        found = self.member(*names)
        number = None if found is None else found.number(*([amount] if amount else []))
        if found is None or number is None:
            return None
        code = found.text(currency)
        if code is None or not _CURRENCY.fullmatch(code.value):
            rule = "needs a currency (three capital letters, ISO 4217)"
            raise PaperUnreadable(VALUE, rule, path=number.path)
        exponent = currency_exponent(code.value)
        units = number.value.scaleb(exponent)
        if units != units.to_integral_value():
            rule = f"has more than the {exponent} decimals of {code.value}"
            raise PaperUnreadable(VALUE, rule, path=number.path)
        return Said(Money(int(units), code.value), number.paper, number.path)

    def _scalar(self) -> str | None:
        value = self.value
        if isinstance(value, dict):
            value = value.get(TEXT)
        if value is None or isinstance(value, dict | list):
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        text = value if isinstance(value, str) else f"{Decimal(repr(value)):f}"
        if len(text) > _LONGEST:
            rule = f"has more than {_LONGEST} characters"
            raise PaperUnreadable(VALUE, rule, path=self.path)
        return text
