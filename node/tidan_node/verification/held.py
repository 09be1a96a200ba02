"""What this node has of a trade: the records of its title on the chain, and their contents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.documents.references import BILL_OF_LADING, normalised_reference
from tidan_node.domain.identifiers import (
    NO_PARTY,
    ContentRoot,
    PartyIndex,
    Pledgee,
    RecordId,
    TitleId,
)
from tidan_node.domain.invoices import Invoice, InvoiceStatus
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.policies import Policy, PolicyStatus
from tidan_node.domain.record_problems import RecordUnknown
from tidan_node.domain.steps import Step
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import Title, TitleStatus
from tidan_node.domain.titles.pledges import bank_of
from tidan_node.ledger.blocks import BlockRef
from tidan_node.records.records import Records
from tidan_node.storage.content_references import ContentReferences
from tidan_node.storage.contents import ContentRepository, StoredContent

MOST_RECORDS: Final = 100
"""Invoices, and policies, that are looked at with one title."""

_NOT_OWED: Final = (InvoiceStatus.DISPUTED, InvoiceStatus.CANCELLED, InvoiceStatus.REPLACED)
_PAYS: Final = (PolicyStatus.ISSUED, PolicyStatus.ENDORSED, PolicyStatus.ASSIGNED)


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record of the trade, and its content where this node holds it."""

    kind: str
    record_id: str
    content_root: ContentRoot
    status: str
    in_force: bool
    content: StoredContent | None


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """The title as it stands in this node's view of the chain."""

    title_id: TitleId
    status: TitleStatus
    possessor: PartyIndex
    titleholder: PartyIndex
    issued_to: PartyState | None
    """Its first titleholder, as it stands now; nobody where it was issued in blank."""
    pledgee: Pledgee | None
    """Who has it as security; else to whom it is proposed, as long as that can be accepted."""
    proposed_until: int | None
    """The deadline of a pledge that is only proposed."""


@dataclass(frozen=True, slots=True)
class HeldTrade:
    """A title with all that goes with it, at one block. The first record is the title's own."""

    as_of: BlockRef
    title: HeldTitle | None
    records: tuple[HeldRecord, ...]
    names: dict[PartyIndex, str]


async def held_trade(
    connection: AsyncConnection, title_id: TitleId | None, parties: Sequence[PartyIndex]
) -> HeldTrade:
    """The title's own document, invoices that its parties have linked to it or that name it,
    policies naming it; and what to call these parties. TitleUnknown where the chain has no such
    title."""
    records = Records(connection)
    as_of = await records.as_of()
    if title_id is None:
        return HeldTrade(as_of, None, (), await records.party_names(parties))
    state = (await records.title_by_id(title_id)).state
    title = state.title
    contents = ContentRepository(connection)
    own = await contents.of(title_id, state.content_root)
    is_live = title.status is TitleStatus.LIVE
    first = HeldRecord("title", title_id, state.content_root, title.status.name, is_live, own)
    number = None if own is None else own.numbering.number
    found = [first]
    history = await records.title_history(title_id)
    async for record in _invoices(connection, title_id, number, _parties_of(history)):
        found.append(record)
    async for record in _policies(connection, number, as_of.timestamp):
        found.append(record)
    pledgee, proposed_until = _security(title, as_of.timestamp)
    banks = () if pledgee is None else (bank_of(pledgee),)
    named = await records.party_names({title.possessor, title.titleholder, *banks, *parties})
    made_out = history[0].after.title.titleholder
    issued_to = (await records.parties_of([made_out])).get(made_out)
    held = HeldTitle(
        title_id=title_id,
        status=title.status,
        possessor=title.possessor,
        titleholder=title.titleholder,
        issued_to=issued_to,
        pledgee=pledgee,
        proposed_until=proposed_until,
    )
    return HeldTrade(as_of, held, tuple(found), named)


def _security(title: Title, now: int) -> tuple[Pledgee | None, int | None]:
    proposal = title.proposal
    if proposal is None or now >= proposal.deadline:
        return title.pledgee, None
    return proposal.pledgee, proposal.deadline


async def _invoices(
    connection: AsyncConnection,
    title_id: TitleId,
    number: str | None,
    sellers: Sequence[PartyIndex],
) -> AsyncIterator[HeldRecord]:
    records, contents = Records(connection), ContentRepository(connection)
    found: dict[str, Invoice] = {}
    for seller in sellers:
        for each in await records.invoices(limit=MOST_RECORDS, title=title_id, seller=seller):
            found[each.state.invoice.invoice_id] = each.state.invoice
    for record_id in await _naming(connection, "invoice", number):
        try:
            there = await records.invoice_by_id(record_id)
        except RecordUnknown:
            continue  # content of a registration that never reached the chain
        found.setdefault(record_id, there.state.invoice)
    for invoice in list(found.values())[:MOST_RECORDS]:
        yield HeldRecord(
            "invoice",
            invoice.invoice_id,
            invoice.content_root,
            invoice.status.name,
            invoice.status not in _NOT_OWED,
            await contents.of(invoice.invoice_id, invoice.content_root),
        )


def _parties_of(history: Sequence[Step[TitleState]]) -> list[PartyIndex]:
    """Whoever has issued or held the title. The chain lets any seller link its invoice to any
    title: a stranger's link must neither spoil the check nor crowd out what belongs to it."""
    titles = [step.after.title for step in history]
    found = {p for each in titles for p in (each.issuer, each.possessor, each.titleholder)}
    return sorted(found - {NO_PARTY})


async def _policies(
    connection: AsyncConnection, number: str | None, now: int
) -> AsyncIterator[HeldRecord]:
    records, contents = Records(connection), ContentRepository(connection)
    for record_id in await _naming(connection, "policy", number):
        try:
            policy: Policy = (await records.policy_by_id(record_id)).state.policy
        except RecordUnknown:
            continue
        expired = policy.has_expired(now)
        yield HeldRecord(
            "policy",
            policy.policy_id,
            policy.content_root,
            "EXPIRED" if expired else policy.status.name,
            policy.status in _PAYS and not expired,
            await contents.of(policy.policy_id, policy.content_root),
        )


async def _naming(connection: AsyncConnection, kind: str, number: str | None) -> list[RecordId]:
    """The records of this kind that this node holds and that name the bill of lading."""
    value = None if number is None else normalised_reference(number)
    if value is None:
        return []
    # An invoice may name it without saying what it is: any scheme will do there.
    scheme = BILL_OF_LADING if kind == "policy" else None
    found = await ContentReferences(connection).found(
        value, limit=MOST_RECORDS, whole=True, kind=kind, scheme=scheme
    )
    return list(dict.fromkeys(RecordId(each.record_id) for each in found))
