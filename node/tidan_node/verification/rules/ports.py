"""Where the goods go: the ports of the bill of lading, and those that the other papers name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tidan_node.verification.facts.papers import Bill, Contract
from tidan_node.verification.facts.said import Said
from tidan_node.verification.facts.trade import Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing

_AT_LOADING: Final = frozenset({"FOB", "FAS"})
_AT_DISCHARGE: Final = frozenset({"CIF", "CFR"})
_AT_DESTINATION: Final = frozenset({"CPT", "CIP", "DAP", "DPU", "DDP"})
"""Incoterms 2020, by what the place is that is named after the three letters."""


def ports(trade: Trade) -> Outcome:
    weighing = Weighing()
    papers = trade.papers
    if not papers.bills:
        weighing.miss("a transport document")
    if not papers.contracts:
        weighing.miss("a contract")
    for bill in papers.bills:
        for contract in papers.contracts:
            _one_of(weighing, contract.loading, "load", bill.loading)
            _one_of(weighing, contract.discharge, "discharge", bill.discharge, bill.delivery)
            _named_place(weighing, contract, bill)
        for packing in papers.packing_lists:
            _one_of(weighing, packing.loading, "load", bill.loading)
            _one_of(weighing, packing.discharge, "discharge", bill.discharge, bill.delivery)
        _delivery(weighing, trade, bill)
    return weighing.outcome("every paper names the ports of the bill of lading")


def _named_place(weighing: Weighing, contract: Contract, bill: Bill) -> None:
    if contract.terms is None or contract.named_place is None:
        return
    terms, place = contract.terms.value[:3], [contract.named_place]
    if terms in _AT_LOADING:
        _one_of(weighing, place, "load", bill.loading)
    elif terms in _AT_DISCHARGE:
        _one_of(weighing, place, "discharge", bill.discharge)
    elif terms in _AT_DESTINATION:
        _one_of(weighing, place, "deliver", bill.discharge, bill.delivery)


def _delivery(weighing: Weighing, trade: Trade, bill: Bill) -> None:
    """An invoice says no more than a country: one of those that the voyage touches."""
    touched = [port for port in (bill.loading, bill.discharge, bill.delivery) if port is not None]
    for invoice in (*trade.purchase.invoices, *trade.resale.invoices):
        for country in invoice.delivered_to:
            if touched:
                holds = country.value.upper() in {port.value[:2].upper() for port in touched}
                detail = f"{invoice.paper} delivers to {country}, where the voyage does not go"
                weighing.hold(holds, detail, country, *touched)


def _one_of(
    weighing: Weighing, named: Iterable[Said[str]], act: str, *allowed: Said[str] | None
) -> None:
    known = [port for port in allowed if port is not None]
    for port in named:
        if known:
            holds = port.value.upper() in {each.value.upper() for each in known}
            detail = f"{port.paper} would {act} at {port}, the bill of lading at {known[0]}"
            weighing.hold(holds, detail, port, *known)


RULES = (Rule("ports", "Every paper names the ports of the bill of lading", "high", ports),)
