"""An invoice's history held against the rules of `invoices`."""

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
from tidan_node.domain.legality import IllegalAct, StandingAt, judged
from tidan_node.domain.parties import Standing
from tidan_node.domain.record_fold import InvoiceState
from tidan_node.domain.steps import HistoryBroken, Step


def invoice_legality(
    steps: Iterable[Step[InvoiceState]], standing_at: StandingAt
) -> Iterator[IllegalAct]:
    """Every act of the history that the rules would have refused, each judged on what came before.

    That an id was used twice is not to be seen in one invoice's history.
    """
    return judged(
        "invoice",
        steps,
        lambda state: state.invoice,
        lambda before, step: _by_the_rules(before, step, standing_at),
    )


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
