"""What every feature asks of the shared view of the chain, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

from sqlalchemy import ColumnElement, Table, select

from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import (
    Address,
    IssuerCode,
    PartyIndex,
    RecordId,
    SeriesId,
    TitleId,
)
from tidan_node.domain.invoices import InvoiceStatus
from tidan_node.domain.parties import Standing
from tidan_node.domain.party_fold import NumberingKey, PartyState
from tidan_node.domain.policies import PolicyStatus
from tidan_node.domain.profiles import Identifier
from tidan_node.domain.record_fold import (
    InvoiceEvent,
    InvoiceState,
    PolicyEvent,
    PolicyState,
    fold_invoice,
    fold_policy,
)
from tidan_node.domain.record_problems import RecordUnknown
from tidan_node.domain.steps import Step
from tidan_node.domain.title_events import TitleEvent
from tidan_node.domain.title_fold import TitleState, fold_title
from tidan_node.domain.title_problems import TitleUnknown
from tidan_node.domain.titles import TitleStatus
from tidan_node.domain.titles.pledges import pledgee_of
from tidan_node.indexer.event_rows import events_of, kept_events
from tidan_node.records import party_queries
from tidan_node.records.council_records import CouncilRecords
from tidan_node.records.record_rows import INVOICE_ROWS, POLICY_ROWS, TITLE_ROWS
from tidan_node.records.recorded import Recorded
from tidan_node.records.registers import Register
from tidan_node.records.row_store import After
from tidan_node.records.tables import anchors, invoice_links, invoices, policies, titles
from tidan_node.records.trail_anchors import TrailCheckpoint, checkpoint_of

State = TypeVar("State")


class Records(CouncilRecords):
    """Read queries. Lists are newest first; a page goes on just after the record named."""

    async def party_by_index(self, index: PartyIndex, field: str = "party") -> Recorded[PartyState]:
        return await party_queries.party_by_index(self._connection, index, field)

    async def party_by_account(self, account: Address) -> Recorded[PartyState] | None:
        return await party_queries.party_by_account(self._connection, account)

    async def standing_by_account(self, account: Address) -> Standing | None:
        return await party_queries.standing_by_account(self._connection, account)

    async def party_that_ever_had(self, account: Address) -> PartyIndex | None:
        return await party_queries.party_that_ever_had(self._connection, account)

    async def party_by_identifier(
        self, reference: str, field: str = "party"
    ) -> Recorded[PartyState]:
        return await party_queries.party_by_identifier(self._connection, reference, field)

    async def parties(
        self, *, limit: int, after: PartyIndex | None = None
    ) -> list[Recorded[PartyState]]:
        return await party_queries.parties_page(self._connection, limit=limit, after=after)

    async def parties_of(self, indices: Iterable[PartyIndex]) -> dict[PartyIndex, PartyState]:
        """Those of these parties that there are."""
        return await party_queries.parties_of(self._connection, set(indices))

    async def members_with(self, codes: Collection[Identifier]) -> list[PartyState]:
        return await party_queries.members_with(self._connection, codes)

    async def party_names(self, indices: Iterable[PartyIndex]) -> dict[PartyIndex, str]:
        return await party_queries.party_names(self._connection, set(indices))

    async def numbering_key(self, code: IssuerCode) -> NumberingKey | None:
        return await party_queries.numbering_key(self._connection, code)

    async def title_by_id(self, title_id: TitleId) -> Recorded[TitleState]:
        """The title as it stands, or TitleUnknown."""
        found = await TITLE_ROWS.load(self._connection, [title_id])
        if not found:
            raise TitleUnknown(f"there is no title {title_id}", field="title")
        return found[title_id]

    async def title_of_series(self, series: SeriesId) -> Recorded[TitleState] | None:
        """The present title of this series, the last that was issued; if any."""
        rows = await self._connection.execute(
            select(titles)
            .where(titles.c.series == series)
            .order_by(titles.c.first_block.desc(), titles.c.first_log.desc())
            .limit(1)
        )
        row = rows.one_or_none()
        return None if row is None else TITLE_ROWS.recorded(row)

    async def has_title(self, title_id: TitleId) -> bool:
        """Whether this id was ever used."""
        return bool(await TITLE_ROWS.load(self._connection, [title_id]))

    async def titles(
        self,
        *,
        limit: int,
        after: After | None = None,
        status: TitleStatus | None = None,
        possessor: PartyIndex | None = None,
        issuer: PartyIndex | None = None,
        offeree: PartyIndex | None = None,
        pledgee: PartyIndex | None = None,
        proposed_to: PartyIndex | None = None,
    ) -> list[Recorded[TitleState]]:
        wanted = _matching(
            titles, status=status, possessor=possessor, issuer=issuer, offeree=offeree
        )
        for name, bank in (("pledgee", pledgee), ("proposed_to", proposed_to)):
            if bank is not None:
                wanted.append(titles.c[name] == pledgee_of(bank))
        return await self.page(TITLE_ROWS, wanted, limit=limit, after=after)

    async def title_history(self, title_id: TitleId) -> tuple[Step[TitleState], ...]:
        """Every act on the title, oldest first, with the title after each; or TitleUnknown."""
        events = await self._events(title_id, TitleEvent)
        if not events:
            raise TitleUnknown(f"there is no title {title_id}", field="title")
        return fold_title(events)

    async def invoice_by_id(self, invoice_id: RecordId) -> Recorded[InvoiceState]:
        """The invoice as it stands, or RecordUnknown."""
        found = await INVOICE_ROWS.load(self._connection, [invoice_id])
        if not found:
            raise RecordUnknown(f"there is no invoice {invoice_id}", field="invoice")
        return found[invoice_id]

    async def invoices(
        self,
        *,
        limit: int,
        after: After | None = None,
        status: InvoiceStatus | None = None,
        seller: PartyIndex | None = None,
        buyer: PartyIndex | None = None,
        title: TitleId | None = None,
    ) -> list[Recorded[InvoiceState]]:
        wanted = _matching(invoices, status=status, seller=seller, buyer=buyer)
        if title is not None:
            linked = select(invoice_links.c.invoice).where(invoice_links.c.title == title)
            wanted.append(invoices.c.id.in_(linked))
        return await self.page(INVOICE_ROWS, wanted, limit=limit, after=after)

    async def invoice_history(self, invoice_id: RecordId) -> tuple[Step[InvoiceState], ...]:
        events = await self._events(invoice_id, InvoiceEvent)
        if not events:
            raise RecordUnknown(f"there is no invoice {invoice_id}", field="invoice")
        return fold_invoice(events)

    async def titles_of_invoice(self, invoice_id: RecordId, *, limit: int = 100) -> list[TitleId]:
        """The titles that the seller linked the invoice to, in the order in which it did."""
        found = await self._connection.scalars(
            select(invoice_links.c.title)
            .where(invoice_links.c.invoice == invoice_id)
            .order_by(invoice_links.c.seq)
            .limit(limit)
        )
        return list(found)

    async def is_linked(self, invoice_id: RecordId, title_id: TitleId) -> bool:
        """Whether the seller has linked the invoice to this title."""
        found = await self._connection.scalar(
            select(invoice_links.c.seq)
            .where(invoice_links.c.invoice == invoice_id, invoice_links.c.title == title_id)
            .limit(1)
        )
        return found is not None

    async def policy_by_id(self, policy_id: RecordId) -> Recorded[PolicyState]:
        """The policy as it stands, or RecordUnknown."""
        found = await POLICY_ROWS.load(self._connection, [policy_id])
        if not found:
            raise RecordUnknown(f"there is no policy {policy_id}", field="policy")
        return found[policy_id]

    async def policies(
        self,
        *,
        limit: int,
        after: After | None = None,
        status: PolicyStatus | None = None,
        insurer: PartyIndex | None = None,
        insured: PartyIndex | None = None,
        loss_payee: PartyIndex | None = None,
    ) -> list[Recorded[PolicyState]]:
        wanted = _matching(
            policies, status=status, insurer=insurer, insured=insured, loss_payee=loss_payee
        )
        return await self.page(POLICY_ROWS, wanted, limit=limit, after=after)

    async def policy_history(self, policy_id: RecordId) -> tuple[Step[PolicyState], ...]:
        events = await self._events(policy_id, PolicyEvent)
        if not events:
            raise RecordUnknown(f"there is no policy {policy_id}", field="policy")
        return fold_policy(events)

    async def trail_anchors(
        self, party: PartyIndex, *, limit: int, after: int = 0
    ) -> list[TrailCheckpoint]:
        """Checkpoints of the party's trail, in their order, of more than `after` entries."""
        found = await self._connection.execute(
            select(anchors)
            .where(anchors.c.party == party, anchors.c.up_to > after)
            .order_by(anchors.c.up_to)
            .limit(limit)
        )
        return [checkpoint_of(row) for row in found.mappings()]

    async def kept_events(self, record: str, register: Register[State]) -> list[ChainEvent | None]:
        """What is kept of the record, oldest first; None for an event that cannot be read."""
        return [
            happened
            for happened in await kept_events(self._connection, record)
            if happened is None or isinstance(happened.event, register.event_types)
        ]

    async def _events(self, record: str, kinds: object) -> list[ChainEvent]:
        """Only those of this kind: registries know nothing of each other's ids."""
        return [
            happened
            for happened in await events_of(self._connection, record)
            if isinstance(happened.event, kinds)  # type: ignore[arg-type]  # a union of classes
        ]


def _matching(table: Table, **wanted: int | None) -> list[ColumnElement[bool]]:
    """A filter that is None lets everything through."""
    return [table.c[name] == int(value) for name, value in wanted.items() if value is not None]
