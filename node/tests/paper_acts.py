"""Acts on invoices and policies in memory: by their rules, with the event that tells of each."""

from __future__ import annotations

from collections.abc import Mapping

from tidan_node.domain import events as happened
from tidan_node.domain.events import Event
from tidan_node.domain.identifiers import ContentRoot, PartyIndex, TitleId
from tidan_node.domain.invoices import Invoice, InvoiceTerms
from tidan_node.domain.parties import Standing
from tidan_node.domain.policies import Policy, PolicyTerms

Standings = Mapping[PartyIndex, Standing]


def new_invoice(
    terms: InvoiceTerms, seller: Standing, buyer: Standing, *, taken: bool
) -> tuple[Invoice, Event]:
    invoice = Invoice.register(terms, seller=seller, buyer=buyer, taken=taken)
    return invoice, happened.InvoiceRegistered(
        terms.invoice_id,
        seller.party,
        buyer.party,
        terms.content_root,
        terms.schema,
        terms.version,
    )


def new_policy(
    terms: PolicyTerms, insurer: Standing, insured: Standing, *, taken: bool, now: int
) -> tuple[Policy, Event]:
    policy = Policy.issue(terms, insurer=insurer, insured=insured, taken=taken, now=now)
    return policy, happened.PolicyIssued(
        terms.policy_id,
        insurer.party,
        insured.party,
        terms.content_root,
        terms.expires,
        terms.schema,
        terms.version,
    )


def invoice_after(
    invoice: Invoice, act: type[Event], standings: Standings, *, title: TitleId, reason: int = 2
) -> tuple[Invoice, Event]:
    """The invoice after this act of its seller or buyer, or the Problem that refuses it."""
    id_, seq = invoice.invoice_id, invoice.seq
    seller, buyer = standings[invoice.seller], standings[invoice.buyer]
    event: Event
    match act:
        case happened.InvoiceAccepted:
            after = invoice.accept(caller=buyer, expected_seq=seq)
            event = happened.InvoiceAccepted(id_, after.seq, buyer.party)
        case happened.InvoiceDisputed:
            after = invoice.dispute(caller=buyer, expected_seq=seq)
            event = happened.InvoiceDisputed(id_, after.seq, buyer.party, reason)
        case happened.InvoiceSettled:
            after = invoice.settle(caller=seller, expected_seq=seq)
            event = happened.InvoiceSettled(id_, after.seq, seller.party)
        case happened.InvoiceCancelled:
            after = invoice.cancel(caller=seller, expected_seq=seq)
            event = happened.InvoiceCancelled(id_, after.seq, seller.party)
        case happened.InvoiceLinked:
            after = invoice.link(title, caller=seller, expected_seq=seq)
            event = happened.InvoiceLinked(id_, after.seq, seller.party, title)
        case other:
            raise AssertionError(f"{other.__name__} is no act on an invoice")
    return after, event


def policy_after(
    policy: Policy,
    act: type[Event],
    standings: Standings,
    *,
    now: int,
    root: ContentRoot,
    loss_payee: PartyIndex,
) -> tuple[Policy, Event]:
    """The policy after this act of its insurer or insured, or the Problem that refuses it."""
    id_, seq = policy.policy_id, policy.seq
    insurer, insured = standings[policy.insurer], standings[policy.insured]
    event: Event
    match act:
        case happened.PolicyEndorsed:
            version = policy.version + 1
            after = policy.endorse(root, version, caller=insurer, expected_seq=seq, now=now)
            event = happened.PolicyEndorsed(id_, after.seq, insurer.party, root, version)
        case happened.PolicyAssigned:
            payee = standings[loss_payee]
            after = policy.assign(caller=insured, loss_payee=payee, expected_seq=seq, now=now)
            event = happened.PolicyAssigned(id_, after.seq, insured.party, loss_payee)
        case happened.PolicyCancelled:
            after = policy.cancel(caller=insurer, expected_seq=seq, now=now)
            event = happened.PolicyCancelled(id_, after.seq, insurer.party)
        case other:
            raise AssertionError(f"{other.__name__} is no act on a policy")
    return after, event
