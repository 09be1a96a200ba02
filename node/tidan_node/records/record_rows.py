"""Titles, invoices and policies as columns, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row

from tidan_node.domain.invoices import Invoice, InvoiceStatus
from tidan_node.domain.policies import Policy, PolicyStatus
from tidan_node.domain.record_fold import InvoiceState, PolicyState
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import Offer, Offered, Proposal, Title, TitleKind, TitleStatus
from tidan_node.domain.titles.title import CONSENTED, ENFORCED
from tidan_node.records.row_store import RowStore
from tidan_node.records.tables import invoices, policies, titles

_MOVED: Final = sum(Offered)
_OFFERED: Final = {number: Offered(number) for number in range(_MOVED + 1)}
_KINDS: Final = {int(kind): kind for kind in TitleKind}
_STATUSES: Final = {int(status): status for status in TitleStatus}


def title_values(state: TitleState) -> tuple[object, ...]:
    title, series, content_root, schema, version, rulebook, head = state
    _, issuer, possessor, titleholder, kind, status, seq, offer, proposal = title[:9]
    offeree = offered = deadline = proposed_to = None
    waiting = offer or proposal
    if waiting is not None:
        offered, deadline = title.bits() or None, waiting.deadline
        offeree = None if offer is None else offer.recipient
        proposed_to = None if proposal is None else proposal.pledgee
    return (
        *(series, content_root, issuer, possessor, titleholder, int(kind), int(status), seq),
        *(offeree, offered, deadline, title.pledgee, proposed_to, title.gateway),
        *(title.surrendered_for, schema, version, rulebook, head),
    )


def title_state(row: Sequence[Any]) -> TitleState:
    """As all of these; taken apart at once, since titles are read more than anything else."""
    values: tuple[Any, ...] = tuple(row)
    title_id, series, content_root, issuer, possessor, titleholder, kind, status, seq = values[:9]
    offeree, offered, deadline, pledgee, proposed_to, gateway, surrendered_for = values[9:16]
    offer = None
    if offeree is not None:
        consented, enforced = bool(offered & CONSENTED), bool(offered & ENFORCED)
        offer = Offer(offeree, _OFFERED[offered & _MOVED], deadline, consented, enforced)
    title = Title(
        title_id,
        issuer,
        possessor,
        titleholder,
        _KINDS[kind],
        _STATUSES[status],
        seq,
        offer,
        None if proposed_to is None else Proposal(proposed_to, deadline),
        pledgee,
        gateway,
        surrendered_for,
    )
    return TitleState(title, series, content_root, *values[16:20])


def invoice_values(state: InvoiceState) -> tuple[object, ...]:
    invoice = state.invoice
    return (
        invoice.content_root,
        invoice.seller,
        invoice.buyer,
        int(invoice.status),
        invoice.seq,
        invoice.schema,
        invoice.version,
        state.head,
    )


def invoice_state(row: Row[Any]) -> InvoiceState:
    invoice = Invoice(
        invoice_id=row.id,
        seller=row.seller,
        buyer=row.buyer,
        status=InvoiceStatus(row.status),
        seq=row.seq,
        content_root=row.content_root,
        schema=row.schema,
        version=row.version,
    )
    return InvoiceState(invoice, row.head)


def policy_values(state: PolicyState) -> tuple[object, ...]:
    policy = state.policy
    return (
        policy.content_root,
        policy.insurer,
        policy.insured,
        policy.loss_payee,
        int(policy.status),
        policy.seq,
        policy.expires,
        policy.schema,
        policy.version,
        state.head,
    )


def policy_state(row: Row[Any]) -> PolicyState:
    policy = Policy(
        policy_id=row.id,
        insurer=row.insurer,
        insured=row.insured,
        loss_payee=row.loss_payee,
        status=PolicyStatus(row.status),
        seq=row.seq,
        expires=row.expires,
        content_root=row.content_root,
        schema=row.schema,
        version=row.version,
    )
    return PolicyState(policy, row.head)


TITLE_ROWS: Final = RowStore(titles, title_values, title_state)
INVOICE_ROWS: Final = RowStore(invoices, invoice_values, invoice_state)
POLICY_ROWS: Final = RowStore(policies, policy_values, policy_state)
