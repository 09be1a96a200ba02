"""What the UBL papers have in common: parties, prices, lines and locations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tidan_node.verification.facts.papers import Line
from tidan_node.verification.facts.places import Place
from tidan_node.verification.facts.said import Money, PaperParty, Price, Said, SaidParty

_LIST_NAMES: Final = {"0199": "LEI"}
"""Lists of ISO 6523 that have a name of their own, as in `domain/documents/invoice`."""


def party_of(place: Place | None) -> SaidParty | None:
    """A `cac:Party`, by every identifier that it has."""
    if place is None:
        return None
    name = place.text("PartyLegalEntity", "RegistrationName") or place.text("PartyName", "Name")
    identifiers = set()
    for path in (("EndpointID",), ("PartyIdentification", "ID"), ("PartyLegalEntity", "CompanyID")):
        for each in place.every(*path):
            value, scheme = each.text(), each.text("schemeID")
            if value is not None:
                code = "" if scheme is None else scheme.value
                identifiers.add(f"{_LIST_NAMES.get(code, code)}:{value.value}")
    found = PaperParty(None if name is None else name.value, frozenset(identifiers))
    return Said(found, place.paper, place.path)


def line_of(place: Place, quantity: str) -> Line:
    """One line, with `quantity` as the name of the element that says how much."""
    amount = place.money("LineExtensionAmount")
    return Line(
        quantity=place.signed_quantity(quantity),
        amount=amount,
        price=price_of(place.member("Price")),
        change=change_of(place),
        commodities=tuple(_commodities(place)),
    )


def price_of(place: Place | None) -> Said[Price] | None:
    """A unit price, which may be finer than its currency."""
    number = None if place is None else place.number("PriceAmount")
    currency = None if place is None else place.text("PriceAmount", "currencyID")
    if place is None or number is None or currency is None:
        return None
    base = place.number("BaseQuantity")
    if base is None or base.value <= 0:
        return Said(Price(number.value, currency.value), number.paper, number.path)
    return Said(Price(number.value, currency.value, base.value), number.paper, number.path)


def change_of(place: Place) -> int:
    """Charges less allowances, in the smallest unit."""
    result = 0
    for each in place.items("AllowanceCharge"):
        amount, indicator = each.money("Amount"), each.text("ChargeIndicator")
        if amount is not None and indicator is not None:
            is_charge = indicator.value in ("true", "1")
            result += amount.value.amount if is_charge else -amount.value.amount
    return result


def locodes(places: Iterable[Place]) -> tuple[Said[str], ...]:
    """UN/LOCODEs of locations; those of other schemes cannot be compared."""
    found = []
    for place in places:
        code, scheme = place.text("ID"), place.text("ID", "schemeID")
        if code is not None and scheme is not None and "LOC" in scheme.value.upper():
            found.append(code)
    return tuple(found)


def texts(place: Place, *names: str) -> tuple[Said[str], ...]:
    return tuple(text for each in place.every(*names) if (text := each.text()) is not None)


def money_or_none(place: Place | None, name: str) -> Said[Money] | None:
    return None if place is None else place.money(name)


def _commodities(place: Place) -> Iterable[Said[str]]:
    for each in place.every("Item", "CommodityClassification", "ItemClassificationCode"):
        code, scheme = each.text(), each.text("listID")
        if code is not None and scheme is not None and scheme.value in ("HS", "TSP"):
            yield code
