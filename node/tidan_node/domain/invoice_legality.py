"""An invoice's history held against the rules of `invoices`, in the way of `title_legality`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tidan_node.domain.events import (
    InvoiceAccepted,
    InvoiceCancelled,
    InvoiceDisputed,
    InvoiceLinked,
    InvoiceRegistered,
    InvoiceSettled,
)
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.invoices import Invoice, InvoiceTerms
from tidan_node.domain.parties import Standing
from tidan_node.domain.record_fold import InvoiceState
from tidan_node.domain.steps import HistoryBroken, Step
from tidan_node.domain.title_legality import IllegalAct, StandingAt
from tidan_node.problems import Problem


def invoice_legality(
    steps: Iterable[Step[InvoiceState]], standing_at: StandingAt
) -> Iterator[IllegalAct]:
    """Every act of the history that the rules would have refused, each judged on what came before.

    That an id was used twice is not to be seen in one invoice's history.
    """
    before: Invoice | None = None
    for step in steps:
        try:
            allowed = _by_the_rules(before, step, standing_at)
        except Problem as refusal:
            yield IllegalAct(step.act.seq, refusal.slug, refusal.detail)
        else:
            if allowed != step.after.invoice:
                yield IllegalAct(
                    step.act.seq,
                    "other-effect",
                    f"{step.act.kind.name} left the invoice otherwise than the rules say",
                )
        before = step.after.invoice


def _by_the_rules(
    before: Invoice | None, step: Step[InvoiceState], standing_at: StandingAt
) -> Invoice:
    def standing(party: PartyIndex) -> Standing:
        return standing_at(party, step.origin)

    event = step.event
    if isinstance(event, InvoiceRegistered):
        return _registered(event, standing)
    if before is None:
        raise HistoryBroken("the history does not begin with the invoice's registration")
    caller, seen = standing(step.act.actor), before.seq
    match event:
        case InvoiceAccepted():
            return before.accept(caller=caller, expected_seq=seen)
        case InvoiceDisputed():
            return before.dispute(caller=caller, expected_seq=seen)
        case InvoiceSettled():
            return before.settle(caller=caller, expected_seq=seen)
        case InvoiceCancelled():
            return before.cancel(caller=caller, expected_seq=seen)
        case InvoiceLinked():
            return before.link(event.title, caller=caller, expected_seq=seen)
        case _:
            raise HistoryBroken(f"{type(event).__name__} is no event of an invoice")


def _registered(event: InvoiceRegistered, standing: Callable[[PartyIndex], Standing]) -> Invoice:
    terms = InvoiceTerms(
        invoice_id=event.id,
        content_root=event.content_root,
        schema=event.schema,
        version=event.version,
    )
    return Invoice.register(
        terms, seller=standing(event.seller), buyer=standing(event.buyer), taken=False
    )
