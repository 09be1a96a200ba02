"""What the goods are and how they are locked up: commodity codes and seals."""

from __future__ import annotations

from typing import Final

from tidan_node.verification.facts.papers import Invoice
from tidan_node.verification.facts.said import Said, normal_number
from tidan_node.verification.facts.trade import Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing

HARMONISED: Final = 6
"""Digits of a commodity code that mean the same everywhere (Harmonized System)."""


def commodity_codes(trade: Trade) -> Outcome:
    weighing = Weighing()
    shipped = [code for bill in trade.papers.bills for code in bill.commodities]
    if not shipped:
        weighing.miss("commodity codes on the transport document")
    if not any(_codes(invoice) for invoice in trade.resale.invoices):
        weighing.miss("commodity codes on the invoices of the resale leg")
    for leg in trade.legs:
        invoiced = [code for invoice in leg.invoices for code in _codes(invoice)]
        if invoiced and shipped:
            _among(weighing, invoiced, "invoiced", shipped, "shipped")
            _among(weighing, shipped, "shipped", invoiced, f"invoiced on the {leg.name} leg")
    return weighing.outcome("the goods invoiced are those shipped")


def seals(trade: Trade) -> Outcome:
    weighing = Weighing()
    shipped = {
        normal_number(box.reference.value): box.seals
        for bill in trade.papers.bills
        for box in bill.containers
    }
    packed = [box for packing in trade.papers.packing_lists for box in packing.containers]
    if not packed:
        weighing.miss("a packing list that names containers")
    for box in packed:
        known = shipped.get(normal_number(box.reference.value), ())
        if not known or not box.seals:
            weighing.miss(f"the seals of {box.reference} on packing list and bill of lading")
            continue
        numbers = {normal_number(seal.value) for seal in known}
        holds = all(normal_number(seal.value) in numbers for seal in box.seals)
        detail = f"{box.reference} is packed under seal {box.seals[0]} and shipped under {known[0]}"
        weighing.hold(holds, detail, *box.seals, *known)
    return weighing.outcome("the containers are sealed as they were packed")


def _codes(invoice: Invoice) -> list[Said[str]]:
    return [code for line in invoice.lines for code in line.commodities]


def _among(
    weighing: Weighing, ones: list[Said[str]], what: str, others: list[Said[str]], whose: str
) -> None:
    """A code of fewer digits means all goods below it."""
    known = {_digits(each) for each in others}
    lengths = {len(each) for each in known}
    for one in ones:
        code = _digits(one)
        holds = any(code[:length] in known for length in lengths) or any(
            len(each) > len(code) and each.startswith(code) for each in known
        )
        weighing.hold(holds, f"the goods {one} are {what} and not {whose}", one, *others[:1])


def _digits(code: Said[str]) -> str:
    return "".join(each for each in code.value if each.isalnum())[:HARMONISED]


RULES = (
    Rule(
        "commodity-codes",
        "Invoices and bill of lading are about the same goods",
        "medium",
        commodity_codes,
    ),
    Rule("seals", "The seals of the packing list are the bill of lading's", "medium", seals),
)
