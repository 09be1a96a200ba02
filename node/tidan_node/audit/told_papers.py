"""What a node must say of an invoice or a policy, and what it does say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tidan_node.audit.node import Answer
from tidan_node.audit.told import Values, parties, party_or_none, plain, texts, told_moment
from tidan_node.domain import events as told
from tidan_node.domain.chain_time import moment
from tidan_node.domain.reasons import DisputeReason, told_reason
from tidan_node.domain.record_fold import InvoiceState, PolicyState
from tidan_node.domain.steps import Step

_MOST_LINKS: Final = 100
"""As many titles as the answer about an invoice names."""


def invoice_values(steps: Sequence[Step[InvoiceState]]) -> Values:
    """What `GET /v1/invoices/{id}` must say after these acts."""
    state = steps[-1].after
    invoice = state.invoice
    links = [step.event.title for step in steps if isinstance(step.event, told.InvoiceLinked)]
    return {
        "id": invoice.invoice_id,
        "status": invoice.status.name,
        "seq": invoice.seq,
        "seller": int(invoice.seller),
        "buyer": int(invoice.buyer),
        "contentRoot": invoice.content_root,
        "schema": invoice.schema,
        "version": invoice.version,
        "head": state.head,
        "titles": tuple(dict.fromkeys(links[:_MOST_LINKS])),
        "registeredAt": moment(steps[0].act.time),
        "changedAt": moment(steps[-1].act.time),
    }


def told_invoice(answer: Answer) -> Values:
    """What the node's answer says of the same."""
    return {
        **plain(answer, "id", "status", "seq", "contentRoot", "schema", "version", "head"),
        **parties(answer, "seller", "buyer"),
        "titles": texts(answer.get("titles")),
        "registeredAt": told_moment(answer.get("registeredAt")),
        "changedAt": told_moment(answer.get("changedAt")),
    }


def invoice_details(step: Step[InvoiceState]) -> Values:
    """What an act says beside who did it."""
    match step.event:
        case told.InvoiceRegistered() as registered:
            return {"buyer": int(registered.buyer), "contentRoot": registered.content_root}
        case told.InvoiceDisputed() as disputed:
            return {"reason": told_reason(DisputeReason, disputed.reason)}
        case told.InvoiceLinked() as linked:
            return {"title": linked.title}
        case _:
            return {}


def policy_values(steps: Sequence[Step[PolicyState]]) -> Values:
    """What `GET /v1/policies/{id}` must say after these acts."""
    state = steps[-1].after
    policy = state.policy
    return {
        "id": policy.policy_id,
        "status": policy.status.name,
        "seq": policy.seq,
        "insurer": int(policy.insurer),
        "insured": int(policy.insured),
        "lossPayee": party_or_none(policy.loss_payee),
        "expires": moment(policy.expires),
        "contentRoot": policy.content_root,
        "schema": policy.schema,
        "version": policy.version,
        "head": state.head,
        "issuedAt": moment(steps[0].act.time),
        "changedAt": moment(steps[-1].act.time),
    }


def told_policy(answer: Answer) -> Values:
    """What the node's answer says of the same."""
    return {
        **plain(answer, "id", "status", "seq", "contentRoot", "schema", "version", "head"),
        **parties(answer, "insurer", "insured", "lossPayee"),
        "expires": told_moment(answer.get("expires")),
        "issuedAt": told_moment(answer.get("issuedAt")),
        "changedAt": told_moment(answer.get("changedAt")),
    }


def policy_details(step: Step[PolicyState]) -> Values:
    """What an act says beside who did it."""
    match step.event:
        case told.PolicyIssued() as issued:
            return {
                "insured": int(issued.insured),
                "contentRoot": issued.content_root,
                "expires": moment(issued.expires),
            }
        case told.PolicyEndorsed() as endorsed:
            return {"contentRoot": endorsed.content_root, "version": endorsed.version}
        case told.PolicyAssigned() as assigned:
            return {"lossPayee": int(assigned.loss_payee)}
        case _:
            return {}
