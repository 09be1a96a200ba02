"""Titles, invoices and policies as columns, and back."""

from __future__ import annotations

from typing import Final

from sqlalchemy import RowMapping

from tidan_node.domain.invoices import Invoice, InvoiceStatus
from tidan_node.domain.policies import Policy, PolicyStatus
from tidan_node.domain.record_fold import InvoiceState, PolicyState
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import Offer, Offered, Proposal, Title, TitleKind, TitleStatus
from tidan_node.domain.titles.title import CONSENTED, ENFORCED
from tidan_node.records.row_store import RowStore
from tidan_node.records.tables import invoices, policies, titles

_MOVED: Final = sum(Offered)


def title_columns(state: TitleState) -> dict[str, object]:
    title = state.title
    waiting = title.offer or title.proposal
    return {
        "series": state.series,
        "content_root": state.content_root,
        "issuer": title.issuer,
        "possessor": title.possessor,
        "titleholder": title.titleholder,
        "kind": int(title.kind),
        "status": int(title.status),
        "seq": title.seq,
        "offeree": title.offer.recipient if title.offer else None,
        "offered": title.bits() or None,
        "deadline": None if waiting is None else waiting.deadline,
        "pledgee": title.pledgee,
        "proposed_to": title.proposal.pledgee if title.proposal else None,
        "gateway": title.gateway,
        "surrendered_for": title.surrendered_for,
        "schema": state.schema,
        "version": state.version,
        "rulebook": state.rulebook,
        "head": state.head,
    }


def title_state(row: RowMapping) -> TitleState:
    offer, proposal = None, None
    if row["offeree"] is not None:
        offer = Offer(
            recipient=row["offeree"],
            what=Offered(row["offered"] & _MOVED),
            deadline=row["deadline"],
            consented=bool(row["offered"] & CONSENTED),
            enforced=bool(row["offered"] & ENFORCED),
        )
    if row["proposed_to"] is not None:
        proposal = Proposal(row["proposed_to"], row["deadline"])
    title = Title(
        title_id=row["id"],
        issuer=row["issuer"],
        possessor=row["possessor"],
        titleholder=row["titleholder"],
        kind=TitleKind(row["kind"]),
        status=TitleStatus(row["status"]),
        seq=row["seq"],
        offer=offer,
        proposal=proposal,
        pledgee=row["pledgee"],
        gateway=row["gateway"],
        surrendered_for=row["surrendered_for"],
    )
    return TitleState(
        title=title,
        series=row["series"],
        content_root=row["content_root"],
        schema=row["schema"],
        version=row["version"],
        rulebook=row["rulebook"],
        head=row["head"],
    )


def invoice_columns(state: InvoiceState) -> dict[str, object]:
    invoice = state.invoice
    return {
        "content_root": invoice.content_root,
        "seller": invoice.seller,
        "buyer": invoice.buyer,
        "status": int(invoice.status),
        "seq": invoice.seq,
        "schema": invoice.schema,
        "version": invoice.version,
        "head": state.head,
    }


def invoice_state(row: RowMapping) -> InvoiceState:
    invoice = Invoice(
        invoice_id=row["id"],
        seller=row["seller"],
        buyer=row["buyer"],
        status=InvoiceStatus(row["status"]),
        seq=row["seq"],
        content_root=row["content_root"],
        schema=row["schema"],
        version=row["version"],
    )
    return InvoiceState(invoice, row["head"])


def policy_columns(state: PolicyState) -> dict[str, object]:
    policy = state.policy
    return {
        "content_root": policy.content_root,
        "insurer": policy.insurer,
        "insured": policy.insured,
        "loss_payee": policy.loss_payee,
        "status": int(policy.status),
        "seq": policy.seq,
        "expires": policy.expires,
        "schema": policy.schema,
        "version": policy.version,
        "head": state.head,
    }


def policy_state(row: RowMapping) -> PolicyState:
    policy = Policy(
        policy_id=row["id"],
        insurer=row["insurer"],
        insured=row["insured"],
        loss_payee=row["loss_payee"],
        status=PolicyStatus(row["status"]),
        seq=row["seq"],
        expires=row["expires"],
        content_root=row["content_root"],
        schema=row["schema"],
        version=row["version"],
    )
    return PolicyState(policy, row["head"])


TITLE_ROWS: Final = RowStore(titles, title_columns, title_state)
INVOICE_ROWS: Final = RowStore(invoices, invoice_columns, invoice_state)
POLICY_ROWS: Final = RowStore(policies, policy_columns, policy_state)
