"""What was paid, for what, and in which currency everybody reckons."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from tidan_node.verification.facts.papers import Booking, Invoice, Payment
from tidan_node.verification.facts.payments import CREDIT, DEBIT
from tidan_node.verification.facts.said import Money, is_party
from tidan_node.verification.facts.trade import Leg, Trade, pays
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing
from tidan_node.verification.rules.sums import money_sum

PAYMENT_TOLERANCE: Final = Decimal("0.001")
"""A thousandth less or more: charges that banks on the way take off."""


def payment_against_invoice(trade: Trade) -> Outcome:
    """Payments of another currency are left to the rule of currencies."""
    weighing = Weighing()
    for leg in trade.legs:
        if not leg.is_there:
            weighing.miss(f"an invoice of the {leg.name} leg")
        _leg(weighing, trade, leg)
    for one, other in trade.contradicting:
        detail = f"{one.paper} and {other.paper} tell differently of the payment {one.end_to_end}"
        said = (one.end_to_end, one.payer, *one.pays, other.end_to_end, other.payer, *other.pays)
        weighing.fault(detail, *said)
    for payment in trade.papers.payments:
        if payment.booking is not None:
            _booked(weighing, payment, payment.booking)
    for payment in trade.payments:
        known = any(pays(payment, invoice) for invoice in trade.papers.invoices)
        if not known and trade.has_both_legs:
            detail = f"{payment.amount} of {payment.paper} is for no invoice of this trade"
            weighing.fault(detail, payment.amount, *payment.pays, *payment.words)
    return weighing.outcome("what is paid is what is invoiced")


def _booked(weighing: Weighing, payment: Payment, booking: Booking) -> None:
    """What came in came in for who is paid; and an entry is what its transactions come to."""
    direction, owner = booking.direction, booking.owner
    holder = {CREDIT: payment.payee, DEBIT: payment.payer}.get(str(direction))
    if direction is None or owner is None or holder is None:
        weighing.miss(f"whose account {payment.paper} tells of, and in which direction")
    else:
        way = "came in for" if direction.value == CREDIT else "went out from"
        detail = f"{payment.paper} says that {payment.amount} {way} {owner}, but it was {holder}"
        weighing.hold(is_party(owner, holder), detail, direction, owner, holder)
    if booking.entry is None or booking.net is None:
        weighing.miss(f"the entry of {payment.paper} in the currency of its transactions")
        return
    stated = booking.entry.value
    holds = abs(stated.amount - booking.net) <= abs(stated.amount) * PAYMENT_TOLERANCE
    detail = f"{stated} are booked for transactions of {Money(booking.net, stated.currency)}"
    weighing.hold(holds, detail, booking.entry, *booking.parts)


def currency(trade: Trade) -> Outcome:
    weighing = Weighing()
    for invoice in trade.papers.invoices:
        for line in invoice.lines:
            if line.amount is not None:
                code = line.amount.value.currency
                detail = (
                    f"a line of {invoice.paper} is in {code}, the invoice in {invoice.currency}"
                )
                same = code == invoice.currency.value
                weighing.hold(same, detail, line.amount, invoice.currency)
    for leg in trade.legs:
        if not leg.is_there:
            weighing.miss(f"an invoice of the {leg.name} leg")
        for invoice in leg.invoices:
            _paid_in(weighing, trade, invoice)
            _agreed_in(weighing, trade, invoice)
    _insured_in(weighing, trade)
    return weighing.outcome("each leg is ordered, invoiced, paid and insured in one currency")


def _paid_in(weighing: Weighing, trade: Trade, invoice: Invoice) -> None:
    paid = [payment.amount for payment in trade.payments_of(invoice)]
    if not paid:
        weighing.miss(f"a payment of {invoice.paper}")
    for amount in paid:
        detail = f"{invoice.paper} is in {invoice.currency} and paid in {amount}"
        same = amount.value.currency == invoice.currency.value
        weighing.hold(same, detail, amount, invoice.currency)


def _agreed_in(weighing: Weighing, trade: Trade, invoice: Invoice) -> None:
    contract = trade.contract_of(invoice)
    if contract is None or contract.currency is None:
        weighing.miss(f"the currency of the contract of {invoice.paper}")
        return
    detail = f"{invoice.paper} is in {invoice.currency}, its contract in {contract.currency}"
    same = invoice.currency.value == contract.currency.value
    weighing.hold(same, detail, invoice.currency, contract.currency)


def _insured_in(weighing: Weighing, trade: Trade) -> None:
    """The policy is in the currency of the sale (UCP 600, article 28 f i)."""
    sold = {invoice.currency.value for invoice in trade.resale.invoices}
    if not trade.papers.policies:
        weighing.miss("a policy")
    for policy in trade.papers.policies if sold else ():
        named, insured = " and ".join(sorted(sold)), policy.sum_insured
        detail = f"{policy.paper} insures {insured}, and the goods are sold in {named}"
        weighing.hold(insured.value.currency in sold, detail, insured)
        if policy.claims_in is not None:
            detail = f"claims are paid in {policy.claims_in}, and the goods are sold in {named}"
            weighing.hold(policy.claims_in.value in sold, detail, policy.claims_in)


def _leg(weighing: Weighing, trade: Trade, leg: Leg) -> None:
    """A payment may be for several invoices: those of one payment are taken together."""
    open_ones = list(leg.invoices)
    while open_ones:
        invoices = [open_ones.pop(0)]
        payments = list(trade.payments_of(invoices[0]))
        for other in list(open_ones):
            if any(pays(payment, other) for payment in payments):
                open_ones.remove(other)
                invoices.append(other)
                found = trade.payments_of(other)
                payments += [each for each in found if each not in payments]
        due_parts = [invoice.totals.payable for invoice in invoices]
        due = money_sum(due_parts)
        same = [
            each.amount for each in payments if due and each.amount.value.currency == due.currency
        ]
        paid = money_sum(same)
        names = ", ".join(invoice.paper for invoice in invoices)
        if due is None or paid is None:
            weighing.miss(f"a payment in the currency of {names}")
            continue
        notes = {note.paper: note for each in invoices for note in trade.credits_of(each)}
        taken = money_sum(note.payable for note in notes.values())
        if notes and (taken is None or taken.currency != due.currency):
            weighing.miss(f"the sums of {', '.join(notes)} in the currency of {names}")
            continue
        if taken is not None and _is_near(paid, due):
            weighing.miss(f"what was paid back for {', '.join(notes)}")
            continue
        if taken is not None:
            due = Money(due.amount - taken.amount, due.currency)
        holds = _is_near(paid, due)
        detail = f"{paid} were paid for {names}, {due} are payable"
        weighing.hold(holds, detail, *same, *due_parts)


def _is_near(paid: Money, due: Money) -> bool:
    return abs(paid.amount - due.amount) <= abs(due.amount) * PAYMENT_TOLERANCE


RULES = (
    Rule(
        "payment-against-invoice",
        "What was paid is what was invoiced",
        "high",
        payment_against_invoice,
    ),
    Rule(
        "currency",
        "Each leg keeps to one currency, and the policy to the sale's",
        "medium",
        currency,
    ),
)
