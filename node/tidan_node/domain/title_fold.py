"""A title as its events tell it: the projection and the audit both stand on this one fold.

Events are taken at their word, since the chain is the truth; only their order is insisted upon.
Whether each act was allowed is asked in `title_legality`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tidan_node.domain.events import (
    ChainEvent,
    OfferDeclined,
    OfferWithdrawn,
    Origin,
    SurrenderRejected,
    SurrenderRequested,
    TitleIssued,
    TitleOffered,
    TitleSurrendered,
    TitleTransferred,
)
from tidan_node.domain.history import (
    FIRST_HEAD,
    Act,
    TitleAct,
    issue_detail,
    next_head,
    offer_detail,
    transfer_detail,
    word,
)
from tidan_node.domain.identifiers import ContentRoot, Head, PartyIndex, SeriesId
from tidan_node.domain.steps import HistoryBroken, Step, require_next, steps_of
from tidan_node.domain.titles import Issuance, Offer, Title, TitleStatus

TitleEvent = (
    TitleIssued
    | TitleOffered
    | OfferWithdrawn
    | TitleTransferred
    | OfferDeclined
    | SurrenderRequested
    | TitleSurrendered
    | SurrenderRejected
)


@dataclass(frozen=True, slots=True)
class TitleState:
    """A title with what the chain keeps beside it: what it was issued with, and its head."""

    title: Title
    series: SeriesId
    content_root: ContentRoot
    schema: int
    version: int
    head: Head


def fold_title(events: Iterable[ChainEvent]) -> tuple[Step[TitleState], ...]:
    """The history of one title from all its events; the last step holds the title as it stands."""
    return steps_of(advance_title, events)


def advance_title(before: TitleState | None, happened: ChainEvent) -> Step[TitleState]:
    """The title after one more event, or `HistoryBroken` where the event cannot come next."""
    event = happened.event
    if isinstance(event, TitleIssued):
        return _issue(before, event, happened.origin)
    if not isinstance(event, TitleEvent):
        raise HistoryBroken(f"{type(event).__name__} is no event of a title")
    if before is None:
        raise HistoryBroken(f"title {event.id} has an event before it was issued", record=event.id)
    if event.id != before.title.title_id:
        raise HistoryBroken(f"an event of {event.id} among those of {before.title.title_id}")
    require_next(event.id, seq=event.seq, expected=before.title.seq + 1)
    kind, actor, detail, after = _after(before.title, event)
    act = Act(kind, event.seq, actor, happened.origin.block_time, detail)
    state = replace(before, title=after, head=next_head(before.head, act))
    return Step(act, event, happened.origin, state)


def _issue(before: TitleState | None, event: TitleIssued, origin: Origin) -> Step[TitleState]:
    if before is not None:
        raise HistoryBroken(f"title {event.id} is issued twice", record=event.id)
    issuance = Issuance(
        title_id=event.id,
        series=event.series,
        content_root=event.content_root,
        possessor=event.possessor,
        titleholder=event.titleholder,
        kind=event.kind,
        schema=event.schema,
        version=event.version,
    )
    act = Act(TitleAct.ISSUE, 1, event.issuer, origin.block_time, issue_detail(issuance))
    title = Title(
        title_id=event.id,
        issuer=event.issuer,
        possessor=event.possessor,
        titleholder=event.titleholder,
        kind=event.kind,
        status=TitleStatus.LIVE,
        seq=1,
    )
    state = TitleState(
        title=title,
        series=event.series,
        content_root=event.content_root,
        schema=event.schema,
        version=event.version,
        head=next_head(FIRST_HEAD, act),
    )
    return Step(act, event, origin, state)


def _after(title: Title, event: TitleEvent) -> tuple[TitleAct, PartyIndex, bytes, Title]:
    """The act that the event tells of: its kind, who did it, its detail, and the title after it."""
    detail = bytes(32)
    match event:
        case TitleOffered():
            kind, actor = TitleAct.OFFER, event.sender
            offer = Offer(event.recipient, event.what, event.deadline)
            detail = offer_detail(offer)
            after = replace(title, seq=event.seq, offer=offer)
        case OfferWithdrawn():
            kind, actor = TitleAct.WITHDRAW, event.by
            after = replace(title, seq=event.seq, offer=None)
        case TitleTransferred():
            kind, actor = TitleAct.ACCEPT, event.recipient
            detail = transfer_detail(event.possessor, event.titleholder)
            after = replace(
                title,
                seq=event.seq,
                offer=None,
                possessor=event.possessor,
                titleholder=event.titleholder,
            )
        case OfferDeclined():
            kind, actor = TitleAct.DECLINE, event.by
            after = replace(title, seq=event.seq, offer=None)
        case SurrenderRequested():
            if event.pending is not TitleStatus.PENDING_DELIVERY:
                raise HistoryBroken(f"a surrender makes no title {event.pending.name}")
            kind, actor = TitleAct.SURRENDER_FOR_DELIVERY, event.by
            after = replace(title, seq=event.seq, status=event.pending, offer=None)
        case TitleSurrendered():
            kind, actor = TitleAct.ACCEPT_SURRENDER, event.by
            after = replace(title, seq=event.seq, status=TitleStatus.DELIVERED)
        case SurrenderRejected():
            kind, actor = TitleAct.REJECT_SURRENDER, event.by
            detail = word(event.reason)
            after = replace(title, seq=event.seq, status=TitleStatus.LIVE)
        case TitleIssued():
            raise HistoryBroken(f"title {event.id} is issued twice", record=event.id)
    return kind, actor, detail, after
