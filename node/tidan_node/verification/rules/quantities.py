"""How much: bought, sold, packed, weighed and taken over."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from tidan_node.verification.facts.papers import Invoice
from tidan_node.verification.facts.said import Quantity, Said
from tidan_node.verification.facts.trade import Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing
from tidan_node.verification.rules.sums import QuantitySum, by_unit, whole

CONTRACT_TOLERANCE: Final = Decimal("0.05")
"""Five per cent more or less than ordered, unless things are counted (UCP 600, article 30 b)."""

WEIGHT_TOLERANCE: Final = Decimal("0.005")
"""Half a per cent: two scales may differ by that."""

COUNTED: Final = frozenset({"C62", "EA", "H87", "PCE", "PR", "SET", "NAR", "DZN", "PX", "CT"})
"""Units of things that are counted (UN/ECE Recommendations 20 and 21)."""

_KILOGRAM: Final = "KGM"


def quantities(trade: Trade) -> Outcome:
    weighing = Weighing()
    bought = by_unit(line.quantity for each in trade.purchase.invoices for line in each.lines)
    sold = by_unit(line.quantity for each in trade.resale.invoices for line in each.lines)
    for total in (*bought.values(), *sold.values()):
        if total.value <= 0:
            weighing.fault(f"{total} in all are invoiced", *total.parts)
    if trade.purchase.is_there and trade.resale.is_there:
        _compare(weighing, "bought", bought, "sold", sold)
    else:
        weighing.miss("invoices of both legs")
    for invoice in trade.papers.invoices:
        for note in trade.credits_of(invoice):
            weighing.miss(f"how much of {invoice.paper} is left after {note.paper}")
    _against_contracts(weighing, trade)
    packed = by_unit(each for one in trade.papers.packing_lists for each in one.goods)
    if packed and sold:
        _compare(weighing, "packed", packed, "sold", sold)
    else:
        weighing.miss("a packing list that says how much is packed")
    _packages(weighing, trade)
    return weighing.outcome("as much is ordered, bought, sold, packed and shipped")


def weights(trade: Trade) -> Outcome:
    weighing = Weighing()
    papers = trade.papers
    shipped = _mass(weighing, (each for bill in papers.bills for each in bill.gross))
    shipped_net = _mass(weighing, (each for bill in papers.bills for each in bill.net))
    packed = _mass(weighing, (each.gross for each in papers.packing_lists))
    packed_net = _mass(weighing, (each.net for each in papers.packing_lists))
    insured = _mass(weighing, (each for policy in papers.policies for each in policy.gross))
    items = _mass(weighing, (each for one in papers.packing_lists for each in one.items_gross))
    if shipped is None:
        weighing.miss("gross weights on the transport document")
    if packed is None and insured is None:
        weighing.miss("another paper that states the gross weight")
    _near(weighing, "packed gross", packed, "shipped gross", shipped)
    _near(weighing, "insured gross", insured, "shipped gross", shipped)
    _near(weighing, "packed net", packed_net, "shipped net", shipped_net)
    _near(weighing, "packed gross by item", items, "packed gross", packed)
    for net, gross in ((shipped_net, shipped), (packed_net, packed)):
        if net is not None and gross is not None:
            detail = f"{net} net are more than {gross} gross"
            weighing.hold(net.value <= gross.value, detail, *net.parts, *gross.parts)
    sold = by_unit(line.quantity for each in trade.resale.invoices for line in each.lines)
    by_weight = sold.get(_KILOGRAM)
    if by_weight is not None and shipped is not None:
        holds = by_weight.value <= shipped.value * (1 + WEIGHT_TOLERANCE)
        detail = f"{by_weight} are sold and only {shipped} gross are shipped"
        weighing.hold(holds, detail, *by_weight.parts, *shipped.parts)
    return weighing.outcome("the weights agree")


def _mass(weighing: Weighing, parts: Iterable[Said[Quantity] | None]) -> QuantitySum | None:
    """The sum in kilograms; none where a part of it is in a unit that is no mass."""
    found = by_unit(parts)
    others = [each for unit, each in found.items() if unit != _KILOGRAM]
    for other in others:
        weighing.miss(f"{other.parts[0]} of {other.parts[0].paper} in kilograms")
    return None if others else found.get(_KILOGRAM)


def _compare(
    weighing: Weighing,
    what: str,
    one: dict[str, QuantitySum],
    other_what: str,
    other: dict[str, QuantitySum],
    *,
    tolerance: Decimal = Decimal(0),
) -> None:
    """Unit by unit; papers without a unit in common cannot be compared."""
    common = sorted(set(one) & set(other))
    if not common:
        weighing.miss(f"a unit in common of what is {what} and what is {other_what}")
    for unit in common:
        mine, theirs = one[unit], other[unit]
        allowed = Decimal(0) if unit in COUNTED else tolerance
        detail = f"{mine} are {what} and {theirs} are {other_what}"
        weighing.hold(mine.is_near(theirs, allowed), detail, *mine.parts, *theirs.parts)


def _against_contracts(weighing: Weighing, trade: Trade) -> None:
    invoiced: dict[str, list[Invoice]] = {}
    for leg in trade.legs:
        for invoice in leg.invoices:
            contract = trade.contract_of(invoice)
            if contract is None:
                weighing.miss(f"the contract of the {leg.name} leg")
            else:
                invoiced.setdefault(contract.paper, []).append(invoice)
    for contract in trade.papers.contracts:
        invoices = invoiced.get(contract.paper)
        if invoices:
            ordered = by_unit(line.quantity for line in contract.lines)
            billed = by_unit(line.quantity for each in invoices for line in each.lines)
            _compare(weighing, "invoiced", billed, "ordered", ordered, tolerance=CONTRACT_TOLERANCE)


def _packages(weighing: Weighing, trade: Trade) -> None:
    papers = trade.papers
    shipped = whole(each for bill in papers.bills for each in bill.packages)
    packed = whole(each.packages for each in papers.packing_lists)
    insured = whole(each for policy in papers.policies for each in policy.packages)
    if shipped is None:
        weighing.miss("packages on the transport document")
        return
    for what, found in (("packed", packed), ("insured", insured)):
        if found is not None:
            detail = f"{found} are {what} and {shipped} are shipped"
            weighing.hold(found.value == shipped.value, detail, *found.parts, *shipped.parts)
    stowed = {box.reference.value: box.packages for bill in papers.bills for box in bill.containers}
    for packing in papers.packing_lists:
        for box in packing.containers:
            other = stowed.get(box.reference.value)
            if box.packages is not None and other is not None:
                detail = f"{box.reference} has {box.packages} packed and {other} shipped"
                same = box.packages.value.value == other.value.value
                weighing.hold(same, detail, box.packages, other)


def _near(
    weighing: Weighing, what: str, one: QuantitySum | None, whose: str, other: QuantitySum | None
) -> None:
    if one is not None and other is not None:
        detail = f"{one} {what} and {other} {whose}"
        holds = one.is_near(other, WEIGHT_TOLERANCE)
        weighing.hold(holds, detail, *one.parts, *other.parts)


RULES = (
    Rule("quantities", "Quantities agree from contract to bill of lading", "high", quantities),
    Rule("weights", "Weights agree, and net is not more than gross", "medium", weights),
)
