"""The cover: enough of it, and of these goods on this voyage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tidan_node.verification.facts.papers import Bill, Policy
from tidan_node.verification.facts.said import (
    Money,
    Said,
    is_party,
    normal_number,
    normal_text,
)
from tidan_node.verification.facts.trade import Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing
from tidan_node.verification.rules.sums import money_sum

INSURED_PERCENT: Final = 110
"""Of the CIF value at least (UCP 600, article 28 f ii; Incoterms 2020, CIF and CIP, A5)."""

_HARMONISED: Final = 6
"""Digits of a commodity code that mean the same everywhere (Harmonized System)."""


def insured_sum(trade: Trade) -> Outcome:
    """Of what the buyer pays for the goods: the CIF value, or all that is known of it."""
    weighing = Weighing()
    policies, sold = trade.papers.policies, trade.resale.invoices
    if not policies:
        weighing.miss("a policy")
    if not sold:
        weighing.miss("an invoice of the resale leg")
    for invoice in sold:
        for note in trade.credits_of(invoice):
            weighing.miss(f"what is left of {invoice.paper} after {note.paper}")
    parts = [invoice.totals.before_tax for invoice in sold]
    covers = [policy.sum_insured for policy in policies]
    value, cover = money_sum(parts), money_sum(covers)
    if policies and sold:
        if value is None or cover is None or value.currency != cover.currency:
            weighing.miss("cover and value in one currency")
        else:
            least = Money(-(-value.amount * INSURED_PERCENT // 100), value.currency)
            holds = cover.amount * 100 >= value.amount * INSURED_PERCENT
            detail = f"{cover} are insured, {INSURED_PERCENT} % of {value} are {least}"
            weighing.hold(holds, detail, *covers, *parts)
    for policy in policies:
        split = money_sum(policy.goods_insured)
        if split is not None and split.currency == policy.sum_insured.value.currency:
            holds = split.amount == policy.sum_insured.value.amount
            detail = f"the goods of {policy.paper} are insured for {split}, not the sum insured"
            weighing.hold(holds, detail, *policy.goods_insured, policy.sum_insured)
    return weighing.outcome(f"at least {INSURED_PERCENT} % of the value are insured")


def insured_goods_and_voyage(trade: Trade) -> Outcome:
    weighing = Weighing()
    if not trade.papers.policies:
        weighing.miss("a policy")
    if not trade.papers.bills:
        weighing.miss("a transport document")
    for policy in trade.papers.policies:
        for bill in trade.papers.bills:
            _goods(weighing, policy, bill)
            _voyage(weighing, policy, bill)
        _sale(weighing, policy, trade)
        for event in trade.papers.events:
            if event.code in ("LOAD", "DEPA") and not event.transshipment:
                _same(weighing, "the ship insured", policy.vessel.imo, "tracked", event.vessel.imo)
    return weighing.outcome("these goods are insured on this voyage")


def _goods(weighing: Weighing, policy: Policy, bill: Bill) -> None:
    if not policy.bills:
        weighing.miss(f"the bill of lading that {policy.paper} is for")
    if bill.containers and not policy.containers:
        weighing.miss(f"the containers that {policy.paper} insures")
    if policy.bills:
        named = {normal_number(number.value) for number in policy.bills}
        detail = f"{policy.paper} insures another bill of lading than {bill.number}"
        holds = normal_number(bill.number.value) in named
        weighing.hold(holds, detail, *policy.bills, bill.number)
    if policy.commodities and bill.commodities:
        insured = {code.value[:_HARMONISED] for code in policy.commodities}
        for code in bill.commodities:
            detail = f"the goods {code} are shipped and not insured"
            holds = code.value[:_HARMONISED] in insured
            weighing.hold(holds, detail, code, *policy.commodities)
    if policy.containers and bill.containers:
        references = [box.reference for box in bill.containers]
        _same_set(weighing, "the containers insured", policy.containers, "shipped", references)


def _voyage(weighing: Weighing, policy: Policy, bill: Bill) -> None:
    ports = (
        ("loading", policy.loading, bill.loading),
        ("discharge", policy.discharge, bill.discharge),
    )
    for what, insured, shipped in ports:
        _same(weighing, f"the port of {what} insured", insured, "shipped", shipped)
    names = [ship.name for ship in bill.vessels if ship.name is not None]
    if policy.vessel.name is not None and names:
        known = {normal_text(name.value) for name in names}
        detail = f"{policy.vessel.name} is insured and {names[0]} sails"
        holds = normal_text(policy.vessel.name.value) in known
        weighing.hold(holds, detail, policy.vessel.name, *names)
    voyages = [ship.voyage for ship in bill.vessels if ship.voyage is not None]
    if policy.vessel.voyage is not None and voyages:
        known = {normal_number(each.value) for each in voyages}
        detail = f"voyage {policy.vessel.voyage} is insured and {voyages[0]} made"
        holds = normal_number(policy.vessel.voyage.value) in known
        weighing.hold(holds, detail, policy.vessel.voyage, *voyages)


def _sale(weighing: Weighing, policy: Policy, trade: Trade) -> None:
    """Insured is who sells on or who buys from it; and the invoices named are those of the sale."""
    entitled = [each for sale in trade.resale.invoices for each in (sale.seller, sale.buyer)]
    if entitled:
        detail = f"{policy.insured} is insured and has no part in the sale"
        holds = any(is_party(policy.insured, each) for each in entitled)
        weighing.hold(holds, detail, policy.insured, *entitled[:2])
    known = {normal_number(each.number.value): each for each in trade.papers.invoices}
    for number, amount in policy.invoices:
        invoice = known.get(normal_number(number.value))
        if invoice is None:
            if not trade.has_both_legs:
                weighing.miss(f"the invoice {number}")
            else:
                weighing.fault(
                    f"{policy.paper} insures the invoice {number}, which is not here", number
                )
        elif amount is not None and invoice.totals.payable is not None:
            payable = invoice.totals.payable
            detail = f"{policy.paper} takes {number} to be over {amount}, it is over {payable}"
            weighing.hold(amount.value == payable.value, detail, amount, payable)


def _same(
    weighing: Weighing, what: str, one: Said[str] | None, whose: str, other: Said[str] | None
) -> None:
    if one is not None and other is not None:
        holds = normal_number(one.value) == normal_number(other.value)
        weighing.hold(holds, f"{what} is {one}, the one {whose} {other}", one, other)


def _same_set(
    weighing: Weighing,
    what: str,
    ones: Iterable[Said[str]],
    whose: str,
    others: Iterable[Said[str]],
) -> None:
    mine, theirs = list(ones), list(others)
    one = {normal_number(each.value) for each in mine}
    other = {normal_number(each.value) for each in theirs}
    weighing.hold(one == other, f"{what} are not those {whose}", *mine, *theirs)


RULES = (
    Rule(
        "insured-sum",
        f"The goods are insured for at least {INSURED_PERCENT} % of their CIF value",
        "high",
        insured_sum,
    ),
    Rule(
        "insured-goods-and-voyage",
        "The policy covers these goods on this voyage",
        "high",
        insured_goods_and_voyage,
    ),
)
