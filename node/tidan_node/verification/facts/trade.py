"""A trade put together from its papers: the two legs of an offshore resale, and who is between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tidan_node.verification.facts.chain import ChainFacts
from tidan_node.verification.facts.copies import papers_once, payments_once
from tidan_node.verification.facts.papers import Contract, CreditNote, Invoice, Papers, Payment
from tidan_node.verification.facts.recognition import ReadPaper, together
from tidan_node.verification.facts.said import Said, SaidParty, is_party, normal_number, normal_text


class Sale(Protocol):
    """What an invoice and a contract have in common."""

    @property
    def seller(self) -> SaidParty | None: ...

    @property
    def buyer(self) -> SaidParty | None: ...


@dataclass(frozen=True, slots=True)
class Leg:
    """One sale of the goods: bought from the maker, or sold on to the buyer."""

    name: str
    invoices: tuple[Invoice, ...]
    contracts: tuple[Contract, ...]

    @property
    def is_there(self) -> bool:
        return bool(self.invoices)


@dataclass(frozen=True, slots=True)
class Trade:
    """Everything that the rules look at. `chain` is None where nobody asked a node."""

    read: tuple[ReadPaper, ...]
    chain: ChainFacts | None
    papers: Papers
    middle: SaidParty | None
    """The party that buys on the first leg and sells on the second."""
    purchase: Leg
    resale: Leg
    payments: tuple[Payment, ...] = field(default=())
    """Each once, though both the transfer and the bank's notice of it may be there."""
    differing: tuple[tuple[Said[str], Said[str]], ...] = field(default=())
    """Numbers that two papers of a kind have, which say different things."""
    contradicting: tuple[tuple[Payment, Payment], ...] = field(default=())
    """Payments of one reference and amount that are not one payment."""

    @property
    def legs(self) -> tuple[Leg, Leg]:
        return self.purchase, self.resale

    @property
    def has_both_legs(self) -> bool:
        """Only then is what is not among the papers none of this trade's."""
        return self.purchase.is_there and self.resale.is_there

    def contract_of(self, invoice: Invoice) -> Contract | None:
        """The contract that the invoice names; else the only one between the same parties."""
        named = {normal_number(order.value) for order in invoice.orders}
        for contract in self.papers.contracts:
            if normal_number(contract.number.value) in named:
                return contract
        between = [each for each in self.papers.contracts if _is_between(each, invoice)]
        return between[0] if len(between) == 1 else None

    def payments_of(self, invoice: Invoice) -> tuple[Payment, ...]:
        """The payments that name the invoice, by its number in the remittance information."""
        return tuple(payment for payment in self.payments if pays(payment, invoice))

    def credits_of(self, invoice: Invoice) -> tuple[CreditNote, ...]:
        """The credit notes that name the invoice; or that name none, and are its seller's."""
        return tuple(note for note in self.papers.credit_notes if _credits(note, invoice))


def trade_of(read: Sequence[ReadPaper], chain: ChainFacts | None = None) -> Trade:
    """The trade that these papers tell of."""
    papers, differing = papers_once(together(read))
    payments, contradicting = payments_once(papers.payments)
    middle = _middle(papers)
    resale = tuple(each for each in papers.invoices if middle and is_party(each.seller, middle))
    purchase = tuple(each for each in papers.invoices if each not in resale)
    if not resale:  # nobody is known to be between: what is sold is sold once
        purchase, resale = (), papers.invoices
    sold = tuple(each for each in papers.contracts if middle and is_party(each.seller, middle))
    bought = tuple(each for each in papers.contracts if each not in sold)
    return Trade(
        read=tuple(read),
        chain=chain,
        papers=papers,
        middle=middle,
        purchase=Leg("purchase", purchase, bought if middle else ()),
        resale=Leg("resale", resale, sold if middle else papers.contracts),
        payments=payments,
        differing=differing,
        contradicting=contradicting,
    )


def pays(payment: Payment, invoice: Invoice) -> bool:
    number = normal_number(invoice.number.value)
    if any(normal_number(each.value) == number for each in payment.pays):
        return True
    words = (each for text in payment.words for each in normal_text(text.value).split())
    return number in {normal_number(word).strip(".,;:/()") for word in words}


def _middle(papers: Papers) -> SaidParty | None:
    """Who buys on one invoice and sells on another; else on contracts; else the bill's shipper, if
    it sells."""
    for sales in (papers.invoices, papers.contracts):
        found = _between(sales)
        if found is not None:
            return found
    for bill in papers.bills:
        for invoice in papers.invoices:
            if is_party(invoice.seller, bill.shipper):
                return invoice.seller
    return None


def _between(sales: Iterable[Sale]) -> SaidParty | None:
    every = list(sales)
    for later in every:
        for earlier in every:
            if earlier is not later and is_party(later.seller, earlier.buyer):
                return later.seller
    return None


def _credits(note: CreditNote, invoice: Invoice) -> bool:
    if note.seller is not None and not is_party(note.seller, invoice.seller):
        return False
    number = normal_number(invoice.number.value)
    return not note.credits or any(normal_number(each.value) == number for each in note.credits)


def _is_between(contract: Contract, invoice: Invoice) -> bool:
    return is_party(contract.seller, invoice.seller) and is_party(contract.buyer, invoice.buyer)
