"""What callers ask about invoices: one, a page, a history, and the document where it is held."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain import events as told
from tidan_node.domain.identifiers import PartyIndex, RecordId, title_id
from tidan_node.domain.invoices import InvoiceStatus
from tidan_node.domain.reasons import DisputeReason, told_reason
from tidan_node.domain.record_fold import InvoiceState
from tidan_node.invoices.schemas import (
    InvoiceAnswer,
    InvoiceAsOf,
    InvoiceFilter,
    InvoiceHistory,
    InvoicePage,
)
from tidan_node.problems import NotFound
from tidan_node.records.proving import Proven
from tidan_node.records.recorded import Recorded
from tidan_node.records.records import Records
from tidan_node.storage.contents import ContentRepository, StoredContent
from tidan_node.web.accepted_terms import AcceptedTerms
from tidan_node.web.acts import ActAnswer
from tidan_node.web.pagination import PageRequest, Position, cursor_of
from tidan_node.web.proven_history import HistoryProof
from tidan_node.web.shapes import AsOf, Names, PartyName


class InvoiceReader:
    """Answers from one view of the chain; each says which block it was true at."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._records = Records(connection)
        self._contents = ContentRepository(connection)

    async def invoice(self, invoice_id: RecordId) -> InvoiceAsOf:
        found = await self._records.invoice_by_id(invoice_id)
        (answer,) = await self._answers([found])
        return InvoiceAsOf(
            **dict(answer),
            titles=list(dict.fromkeys(await self._records.titles_of_invoice(invoice_id))),
            as_of=AsOf.of(await self._records.as_of()),
        )

    async def invoices(self, page: PageRequest, wanted: InvoiceFilter) -> InvoicePage:
        """A page of invoices, the newest first."""
        found = await self._records.invoices(
            limit=page.limit + 1,
            after=(page.after.key, page.after.id) if page.after else None,
            status=None if wanted.status is None else InvoiceStatus[wanted.status],
            seller=await self._index(wanted.seller, "seller"),
            buyer=await self._index(wanted.buyer, "buyer"),
            title=None if wanted.title is None else title_id(wanted.title),
        )
        shown = found[: page.limit]
        last = shown[-1] if len(found) > page.limit else None
        position = last and Position(last.first.block, last.state.invoice.invoice_id)
        return InvoicePage(
            items=await self._answers(shown),
            next_cursor=cursor_of(position) if position else None,
            as_of=AsOf.of(await self._records.as_of()),
        )

    async def history(
        self, invoice_id: RecordId, proven: Proven[InvoiceState] | None = None
    ) -> InvoiceHistory:
        """Every act, with the head after each: the last head is the one on the chain."""
        steps = proven.steps if proven else await self._records.invoice_history(invoice_id)
        invoice = steps[-1].after.invoice
        named = {invoice.buyer} | {step.act.actor for step in steps}
        names = await self._records.party_names(named)
        return InvoiceHistory(
            invoice=invoice_id,
            head=steps[-1].after.head,
            acts=[ActAnswer.of(step, names, _details(step.event, names)) for step in steps],
            as_of=AsOf.of(proven.as_of if proven else await self._records.as_of()),
            proof=HistoryProof.of(proven),
        )

    async def content(self, invoice_id: RecordId) -> StoredContent:
        """The content of the invoice; one whose content is not held here is not there."""
        found = await self._records.invoice_by_id(invoice_id)
        content = await self._contents.of(invoice_id, found.state.invoice.content_root)
        if content is None:
            raise NotFound("this node holds no content of this invoice", field="invoice")
        return content

    async def _answers(self, found: list[Recorded[InvoiceState]]) -> list[InvoiceAnswer]:
        invoices = [each.state.invoice for each in found]
        parties = await self._records.parties_of(
            {party for each in invoices for party in (each.seller, each.buyer)}
        )
        names = {index: party.name for index, party in parties.items()}
        held = await self._contents.held((each.invoice_id, each.content_root) for each in invoices)
        return [
            InvoiceAnswer.of(
                each,
                names,
                terms=AcceptedTerms.of(parties.get(each.state.invoice.seller)),
                holds=each.state.invoice.invoice_id in held,
            )
            for each in found
        ]

    async def _index(self, reference: str | None, field: str) -> PartyIndex | None:
        if reference is None:
            return None
        return (await self._records.party_by_identifier(reference, field)).state.index


def _details(event: told.Event, names: Names) -> dict[str, Any]:  # Any: JSON, by kind of act
    match event:
        case told.InvoiceRegistered():
            return {
                "buyer": PartyName.of(event.buyer, names).model_dump(),
                "contentRoot": event.content_root,
            }
        case told.InvoiceDisputed():
            return {"reason": told_reason(DisputeReason, event.reason)}
        case told.InvoiceLinked():
            return {"title": event.title}
        case _:
            return {}
