"""What this node's view of the chain says of a record, whatever its kind is."""

from __future__ import annotations

from dataclasses import dataclass

from tidan_node.domain.identifiers import (
    NO_PARTY,
    Address,
    ContentRoot,
    Head,
    PartyIndex,
    RecordId,
    TitleId,
)
from tidan_node.domain.package_checks import RecordOnChain, TitleOnChain
from tidan_node.domain.packages import RecordKind
from tidan_node.domain.title_events import SuccessorIssued, TitleImported
from tidan_node.domain.titles import Title, TitleStatus
from tidan_node.domain.titles.pledges import bank_of
from tidan_node.records.records import Records
from tidan_node.web.state import ChainFacts


@dataclass(frozen=True, slots=True)
class _Version:
    """The content that a record had after one of its acts."""

    content_root: ContentRoot
    schema: int
    version: int
    head: Head


async def record_on_chain(
    records: Records, kind: RecordKind, record: RecordId, content_root: ContentRoot | None = None
) -> RecordOnChain:
    """The record, in the version whose content has this root, else in its present one.

    A record that is not read yet is `TitleUnknown` or `RecordUnknown`.
    """
    versions, issuer, title = await _versions(records, kind, record)
    of_root = [each for each in versions if each.content_root == content_root]
    chosen = of_root[-1] if of_root else versions[-1]
    return RecordOnChain(
        kind=kind,
        record_id=record,
        issuer=issuer,
        schema=chosen.schema,
        version=chosen.version,
        content_root=chosen.content_root,
        heads=tuple(each.head for each in versions),
        title=title,
    )


async def parties_concerned(
    records: Records, kind: RecordKind, record: RecordId
) -> set[PartyIndex]:
    """Who has a place in the record as it stands; an offer that has run out gives none. In a title
    that was replaced only its last possessor has one: the others have theirs in its successor.

    A record that is not read yet is `TitleUnknown` or `RecordUnknown`.
    """
    match kind:
        case "title":
            title = (await records.title_by_id(TitleId(record))).state.title
            parties = {title.possessor}
            if title.status is not TitleStatus.VOIDED:
                parties.add(title.titleholder)
            if title.has_open_offer(await records.chain_time()):
                parties.add(_asked(title))
            if title.pledgee is not None:
                parties.add(bank_of(title.pledgee))
        case "invoice":
            invoice = (await records.invoice_by_id(record)).state.invoice
            parties = {invoice.seller, invoice.buyer}
        case "policy":
            policy = (await records.policy_by_id(record)).state.policy
            parties = {policy.insurer, policy.insured, policy.loss_payee}
    return parties - {NO_PARTY}


def _asked(title: Title) -> PartyIndex:
    """To whom the title is offered, or a pledge on it."""
    if title.proposal is not None:
        return bank_of(title.proposal.pledgee)
    return NO_PARTY if title.offer is None else title.offer.recipient


def registry_of(chain: ChainFacts, kind: RecordKind) -> Address:
    """The contract that keeps records of this kind."""
    match kind:
        case "title":
            return chain.title_registry
        case "invoice":
            return chain.invoice_registry
        case "policy":
            return chain.policy_registry


async def _versions(
    records: Records, kind: RecordKind, record: RecordId
) -> tuple[list[_Version], PartyIndex, TitleOnChain | None]:
    if kind == "title":
        steps = await records.title_history(TitleId(record))
        titles = [step.after for step in steps]
        first, last = titles[0], titles[-1]
        goes_on = isinstance(steps[0].event, SuccessorIssued | TitleImported)
        on_chain = TitleOnChain(first.series, first.title.kind, goes_on)
        versions = [_Version(t.content_root, t.schema, t.version, t.head) for t in titles]
        return versions, last.title.issuer, on_chain
    if kind == "invoice":
        invoices = [step.after for step in await records.invoice_history(record)]
        versions = [
            _Version(i.invoice.content_root, i.invoice.schema, i.invoice.version, i.head)
            for i in invoices
        ]
        return versions, invoices[-1].invoice.seller, None
    policies = [step.after for step in await records.policy_history(record)]
    versions = [
        _Version(p.policy.content_root, p.policy.schema, p.policy.version, p.head) for p in policies
    ]
    return versions, policies[-1].policy.insurer, None
