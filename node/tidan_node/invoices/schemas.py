"""Invoices as callers send and see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from tidan_node.domain.record_fold import InvoiceState
from tidan_node.operations.operation import Operation
from tidan_node.records.recorded import Recorded
from tidan_node.web.accepted_terms import AcceptedTerms
from tidan_node.web.acts import ActAnswer, ExpectedSeq
from tidan_node.web.operation_answers import OperationAnswer
from tidan_node.web.proven_history import HistoryProof
from tidan_node.web.shapes import (
    VISIBLE,
    AsOf,
    Moment,
    Names,
    PartyName,
    PartyReference,
    Shape,
    moment_of,
)

StatusName = Literal["REGISTERED", "ACCEPTED", "DISPUTED", "SETTLED", "CANCELLED", "REPLACED"]
ReasonName = Literal["AMOUNT", "QUANTITY", "QUALITY", "NOT_ORDERED", "OTHER"]
TitleReference = Annotated[
    str, Field(max_length=66, pattern=VISIBLE, description="The id of a title.")
]


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """Which invoices are listed."""

    status: Annotated[StatusName | None, Query()] = None
    seller: Annotated[PartyReference | None, Query()] = None
    buyer: Annotated[PartyReference | None, Query()] = None
    title: Annotated[
        TitleReference | None, Query(description="Only those that are linked to this title.")
    ] = None


class RegisterRequest(Shape):
    """An invoice (UBL 2.1 XML, as text) and the party that it is for."""

    document: Annotated[str, Field(min_length=1)]
    buyer: PartyReference


class ActRequest(Shape):
    """An act that needs no more said."""

    expected_seq: ExpectedSeq = None


class DisputeRequest(Shape):
    """An invoice disputed, and what is wrong with it."""

    reason: ReasonName
    expected_seq: ExpectedSeq = None


class LinkRequest(Shape):
    """The title whose goods the invoice is for."""

    title: TitleReference
    expected_seq: ExpectedSeq = None


class InvoiceAccepted(Shape):
    """The intention is kept; watch the operation to see it done."""

    operation: OperationAnswer
    invoice: str

    @classmethod
    def of(cls, operation: Operation) -> InvoiceAccepted:
        return cls(operation=OperationAnswer.accepted(operation), invoice=operation.target)


class InvoiceAnswer(Shape):
    """An invoice as it stands on the chain."""

    id: str
    status: str
    seq: int
    seller: PartyName
    buyer: PartyName
    content_root: str
    schema_: Annotated[int, Field(alias="schema")]
    version: int
    head: str
    registered_at: Moment
    changed_at: Moment
    terms: AcceptedTerms | None
    """What its seller accepted when it was enrolled."""
    holds_content: bool
    fault: str | None = None
    """What is wrong with the node's view of it, where something is."""

    @classmethod
    def of(
        cls,
        recorded: Recorded[InvoiceState],
        names: Names,
        *,
        terms: AcceptedTerms | None,
        holds: bool,
    ) -> InvoiceAnswer:
        invoice = recorded.state.invoice
        return cls(
            id=invoice.invoice_id,
            status=invoice.status.name,
            seq=invoice.seq,
            seller=PartyName.of(invoice.seller, names),
            buyer=PartyName.of(invoice.buyer, names),
            content_root=invoice.content_root,
            schema_=invoice.schema,
            version=invoice.version,
            head=recorded.state.head,
            registered_at=moment_of(recorded.first.time),
            changed_at=moment_of(recorded.last.time),
            terms=terms,
            holds_content=holds,
            fault=recorded.fault,
        )


class InvoiceAsOf(InvoiceAnswer):
    """An invoice with the titles that it is linked to, and the block that this was true at."""

    titles: list[str]
    as_of: AsOf


class InvoicePage(Shape):
    """Invoices, the newest first."""

    items: list[InvoiceAnswer]
    next_cursor: str | None
    as_of: AsOf


class InvoiceHistory(Shape):
    """Every act on an invoice, oldest first."""

    invoice: str
    head: str
    acts: list[ActAnswer]
    as_of: AsOf
    proof: HistoryProof | None = None
    """Where one was asked for."""
