"""Titles, invoices and policies as an audit treats them: alike, each by its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from tidan_node.audit import told_papers, told_titles
from tidan_node.audit.node import Answer
from tidan_node.audit.told import Values
from tidan_node.domain.circumstances import Circumstances
from tidan_node.domain.events import ChainEvent, Event
from tidan_node.domain.identifiers import NO_PARTY, ZERO_20, ZERO_32, PartyIndex
from tidan_node.domain.invoice_legality import invoice_legality
from tidan_node.domain.legality import IllegalAct
from tidan_node.domain.policy_legality import policy_legality
from tidan_node.domain.record_fold import (
    InvoiceState,
    PolicyState,
    fold_invoice,
    fold_policy,
)
from tidan_node.domain.steps import Step
from tidan_node.domain.title_fold import TitleState, fold_title
from tidan_node.domain.title_legality import illegal_acts
from tidan_node.domain.titles import TitleStatus
from tidan_node.ledger.calls import Call
from tidan_node.records.registers import INVOICES, POLICIES, TITLES, Register

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Kind(Generic[State]):
    """One kind of record: where the node shows it, how the chain tells it, what the contract
    keeps of it."""

    name: str
    collection: str
    register: Register[State]
    fold: Callable[[Iterable[ChainEvent]], tuple[Step[State], ...]]
    illegal: Callable[[Iterable[Step[State]], Circumstances], Iterator[IllegalAct]]
    """What the rules refuse."""
    values: Callable[[Sequence[Step[State]]], Values]
    told: Callable[[Answer], Values]
    details: Callable[[Step[State]], Values]
    kept: Callable[[State], Values]
    """The register's members, the content root and the head after these acts."""
    issuer: Callable[[State], PartyIndex]
    """Whose acceptance of rulebook and law the record stands under."""
    series: Callable[[State], str | None] = lambda _: None
    views: tuple[tuple[str, str], ...] = ()
    """What else is kept, and the view that shows it."""

    def about(self, events: Iterable[ChainEvent]) -> dict[str, list[ChainEvent]]:
        """The events of this kind by their record: registries know nothing of each other's ids."""
        found: dict[str, list[ChainEvent]] = {}
        for each in events:
            if isinstance(each.event, self.register.event_types):
                found.setdefault(getattr(each.event, "id"), []).append(each)  # noqa: B009
        return found

    def questions(self, record: str, state: State | None) -> Mapping[str, Call]:
        """What the contract is asked about a record."""
        contract = self.register.contract
        asked = {
            "record": Call(contract, self.register.view, (record,)),
            "head": Call(contract, "headOf", (record,)),
            "contentRoot": Call(contract, "contentRootOf", (record,)),
        }
        for name, function in self.views:
            asked[name] = Call(contract, function, (record,))
        series = None if state is None else self.series(state)
        if series is not None:
            asked["titleOfSeries"] = Call(contract, "titleOfSeries", (series,))
        return asked


def _title_kept(state: TitleState) -> Values:
    title, offer = state.title, state.title.offer
    waiting = offer or title.proposal
    return {
        "issuer": title.issuer,
        "possessor": title.possessor,
        "titleholder": title.titleholder,
        "offeree": offer.recipient if offer else NO_PARTY,
        "seq": title.seq,
        "status": int(title.status),
        "kind": int(title.kind),
        "pledged": title.pledgee is not None,
        "offered": title.bits(),
        "deadline": waiting.deadline if waiting else 0,
        "schema": state.schema,
        "version": state.version,
        "rulebook": state.rulebook,
        "head": state.head,
        "contentRoot": state.content_root,
        "titleOfSeries": title.title_id,
        "pledgee": title.pledgee or (title.proposal.pledgee if title.proposal else ZERO_32),
        "gateway": title.gateway or ZERO_20,
    }


def _series_kept(state: TitleState) -> str | None:
    """The series of which it is the present title; one that others are in place of has none."""
    replaced = state.title.status in (TitleStatus.VOIDED, TitleStatus.PAPER)
    return None if replaced else state.series


def _invoice_kept(state: InvoiceState) -> Values:
    invoice = state.invoice
    return {
        "seller": invoice.seller,
        "buyer": invoice.buyer,
        "seq": invoice.seq,
        "status": int(invoice.status),
        "schema": invoice.schema,
        "version": invoice.version,
        "head": state.head,
        "contentRoot": invoice.content_root,
    }


def _policy_kept(state: PolicyState) -> Values:
    policy = state.policy
    return {
        "insurer": policy.insurer,
        "insured": policy.insured,
        "lossPayee": policy.loss_payee,
        "seq": policy.seq,
        "status": int(policy.status),
        "expires": policy.expires,
        "schema": policy.schema,
        "version": policy.version,
        "head": state.head,
        "contentRoot": policy.content_root,
    }


TITLE: Final = Kind(
    name="title",
    collection="titles",
    register=TITLES,
    fold=fold_title,
    illegal=illegal_acts,
    values=told_titles.title_values,
    told=told_titles.told_title,
    details=told_titles.title_details,
    kept=_title_kept,
    issuer=lambda state: state.title.issuer,
    series=_series_kept,
    views=(("pledgee", "pledgeeOf"), ("gateway", "gatewayOf")),
)
INVOICE: Final = Kind(
    name="invoice",
    collection="invoices",
    register=INVOICES,
    fold=fold_invoice,
    illegal=lambda steps, known: invoice_legality(steps, known.standing_at),
    values=told_papers.invoice_values,
    told=told_papers.told_invoice,
    details=told_papers.invoice_details,
    kept=_invoice_kept,
    issuer=lambda state: state.invoice.seller,
)
POLICY: Final = Kind(
    name="policy",
    collection="policies",
    register=POLICIES,
    fold=fold_policy,
    illegal=lambda steps, known: policy_legality(steps, known.standing_at),
    values=told_papers.policy_values,
    told=told_papers.told_policy,
    details=told_papers.policy_details,
    kept=_policy_kept,
    issuer=lambda state: state.policy.insurer,
)
KINDS: Final[tuple[Kind[Any], ...]] = (TITLE, INVOICE, POLICY)  # Any: each has a state of its own


def kind_of(event: Event) -> Kind[Any] | None:  # Any: as above
    """The kind of record that the event is of; None for those of parties and trails."""
    return next((kind for kind in KINDS if isinstance(event, kind.register.event_types)), None)
