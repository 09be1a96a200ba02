"""Invoices and policies as their events tell them, in the way of `title_fold`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tidan_node.domain.events import (
    ChainEvent,
    InvoiceAccepted,
    InvoiceCancelled,
    InvoiceDisputed,
    InvoiceLinked,
    InvoiceRegistered,
    InvoiceSettled,
    PolicyAssigned,
    PolicyCancelled,
    PolicyEndorsed,
    PolicyIssued,
)
from tidan_node.domain.history import (
    FIRST_HEAD,
    Act,
    InvoiceAct,
    PolicyAct,
    hashed_detail,
    link_detail,
    next_head,
    word,
)
from tidan_node.domain.identifiers import Head, to_bytes
from tidan_node.domain.invoices import Invoice, InvoiceStatus
from tidan_node.domain.policies import Policy, PolicyStatus
from tidan_node.domain.steps import HistoryBroken, Step, require_next, steps_of

InvoiceEvent = (
    InvoiceRegistered
    | InvoiceAccepted
    | InvoiceDisputed
    | InvoiceSettled
    | InvoiceCancelled
    | InvoiceLinked
)
PolicyEvent = PolicyIssued | PolicyEndorsed | PolicyAssigned | PolicyCancelled


@dataclass(frozen=True, slots=True)
class InvoiceState:
    """An invoice and its head."""

    invoice: Invoice
    head: Head


@dataclass(frozen=True, slots=True)
class PolicyState:
    """A policy and its head."""

    policy: Policy
    head: Head


def fold_invoice(events: Iterable[ChainEvent]) -> tuple[Step[InvoiceState], ...]:
    """The history of one invoice from all its events."""
    return steps_of(advance_invoice, events)


def fold_policy(events: Iterable[ChainEvent]) -> tuple[Step[PolicyState], ...]:
    """The history of one policy from all its events."""
    return steps_of(advance_policy, events)


def advance_invoice(before: InvoiceState | None, happened: ChainEvent) -> Step[InvoiceState]:
    """The invoice after one more event, or `HistoryBroken` where the event cannot come next."""
    event, origin = happened.event, happened.origin
    if isinstance(event, InvoiceRegistered):
        if before is not None:
            raise HistoryBroken(f"invoice {event.id} is registered twice", record=event.id)
        act, invoice = _register(event, origin.block_time)
        return Step(act, event, origin, InvoiceState(invoice, next_head(FIRST_HEAD, act)))
    if not isinstance(event, InvoiceEvent):
        raise HistoryBroken(f"{type(event).__name__} is no event of an invoice")
    if before is None:
        raise HistoryBroken(f"invoice {event.id} has an event before it began", record=event.id)
    if event.id != before.invoice.invoice_id:
        raise HistoryBroken(f"an event of {event.id} among those of {before.invoice.invoice_id}")
    require_next(event.id, seq=event.seq, expected=before.invoice.seq + 1)
    kind, detail, status = _invoice_act(before.invoice, event)
    act = Act(kind, event.seq, event.by, origin.block_time, detail)
    invoice = replace(before.invoice, seq=event.seq, status=status)
    return Step(act, event, origin, InvoiceState(invoice, next_head(before.head, act)))


def advance_policy(before: PolicyState | None, happened: ChainEvent) -> Step[PolicyState]:
    """The policy after one more event, or `HistoryBroken` where the event cannot come next."""
    event, origin = happened.event, happened.origin
    if isinstance(event, PolicyIssued):
        if before is not None:
            raise HistoryBroken(f"policy {event.id} is issued twice", record=event.id)
        act, policy = _issue(event, origin.block_time)
        return Step(act, event, origin, PolicyState(policy, next_head(FIRST_HEAD, act)))
    if not isinstance(event, PolicyEvent):
        raise HistoryBroken(f"{type(event).__name__} is no event of a policy")
    if before is None:
        raise HistoryBroken(f"policy {event.id} has an event before it began", record=event.id)
    if event.id != before.policy.policy_id:
        raise HistoryBroken(f"an event of {event.id} among those of {before.policy.policy_id}")
    require_next(event.id, seq=event.seq, expected=before.policy.seq + 1)
    kind, detail, policy = _policy_act(before.policy, event)
    act = Act(kind, event.seq, event.by, origin.block_time, detail)
    return Step(act, event, origin, PolicyState(policy, next_head(before.head, act)))


def _register(event: InvoiceRegistered, time: int) -> tuple[Act, Invoice]:
    detail = hashed_detail(
        ["bytes32", "bytes32", "uint32", "uint16", "uint16"],
        [
            to_bytes(event.id),
            to_bytes(event.content_root),
            event.buyer,
            event.schema,
            event.version,
        ],
    )
    invoice = Invoice(
        invoice_id=event.id,
        seller=event.seller,
        buyer=event.buyer,
        status=InvoiceStatus.REGISTERED,
        seq=1,
        content_root=event.content_root,
        schema=event.schema,
        version=event.version,
    )
    return Act(InvoiceAct.REGISTER, 1, event.seller, time, detail), invoice


def _invoice_act(invoice: Invoice, event: InvoiceEvent) -> tuple[InvoiceAct, bytes, InvoiceStatus]:
    match event:
        case InvoiceAccepted():
            return InvoiceAct.ACCEPT, bytes(32), InvoiceStatus.ACCEPTED
        case InvoiceDisputed():
            return InvoiceAct.DISPUTE, word(event.reason), InvoiceStatus.DISPUTED
        case InvoiceSettled():
            return InvoiceAct.SETTLE, bytes(32), InvoiceStatus.SETTLED
        case InvoiceCancelled():
            return InvoiceAct.CANCEL, bytes(32), InvoiceStatus.CANCELLED
        case InvoiceLinked():
            return InvoiceAct.LINK, link_detail(event.title), invoice.status
        case InvoiceRegistered():
            raise HistoryBroken(f"invoice {event.id} is registered twice", record=event.id)


def _issue(event: PolicyIssued, time: int) -> tuple[Act, Policy]:
    detail = hashed_detail(
        ["bytes32", "bytes32", "uint32", "uint40", "uint16", "uint16"],
        [
            to_bytes(event.id),
            to_bytes(event.content_root),
            event.insured,
            event.expires,
            event.schema,
            event.version,
        ],
    )
    policy = Policy(
        policy_id=event.id,
        insurer=event.insurer,
        insured=event.insured,
        status=PolicyStatus.ISSUED,
        seq=1,
        content_root=event.content_root,
        expires=event.expires,
        schema=event.schema,
        version=event.version,
    )
    return Act(PolicyAct.ISSUE, 1, event.insurer, time, detail), policy


def _policy_act(policy: Policy, event: PolicyEvent) -> tuple[PolicyAct, bytes, Policy]:
    match event:
        case PolicyEndorsed():
            # an endorsement leaves an assigned policy assigned
            status = (
                PolicyStatus.ENDORSED if policy.status is PolicyStatus.ISSUED else policy.status
            )
            detail = hashed_detail(
                ["bytes32", "uint16"], [to_bytes(event.content_root), event.version]
            )
            return (
                PolicyAct.ENDORSE,
                detail,
                replace(
                    policy,
                    seq=event.seq,
                    status=status,
                    content_root=event.content_root,
                    version=event.version,
                ),
            )
        case PolicyAssigned():
            after = replace(
                policy, seq=event.seq, status=PolicyStatus.ASSIGNED, loss_payee=event.loss_payee
            )
            return PolicyAct.ASSIGN, word(event.loss_payee), after
        case PolicyCancelled():
            after = replace(policy, seq=event.seq, status=PolicyStatus.CANCELLED)
            return PolicyAct.CANCEL, bytes(32), after
        case PolicyIssued():
            raise HistoryBroken(f"policy {event.id} is issued twice", record=event.id)
