"""A title as its events tell it: the projection and the audit both stand on this one fold.

Events are taken at their word, since the chain is the truth; only their order is insisted upon.
Whether each act was allowed is asked in `title_legality`. `title_acts` knows what each event tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from tidan_node.domain.events import ChainEvent
from tidan_node.domain.history import FIRST_HEAD, Act, next_head
from tidan_node.domain.identifiers import NO_PARTY, ContentRoot, Head, SeriesId
from tidan_node.domain.steps import HistoryBroken, Step, require_next, steps_of
from tidan_node.domain.title_acts import TELLERS
from tidan_node.domain.title_details import (
    import_detail,
    issue_detail,
    paper_issue_detail,
    successor_detail,
)
from tidan_node.domain.title_events import (
    SuccessorIssued,
    TitleBegun,
    TitleImported,
    TitleIssued,
    TitleIssuedFromPaper,
    issuance_of,
)
from tidan_node.domain.titles import Title, TitleAct, TitleStatus
from tidan_node.domain.titles.gateways import arrived
from tidan_node.domain.titles.issues import begun


class TitleState(NamedTuple):
    """A title with what the chain keeps beside it: what it was issued with, and its head."""

    title: Title
    series: SeriesId
    content_root: ContentRoot
    schema: int
    version: int
    rulebook: int
    head: Head


def fold_title(events: Iterable[ChainEvent]) -> tuple[Step[TitleState], ...]:
    """The history of one title from all its events; the last step holds the title as it stands."""
    return steps_of(advance_title, events)


def advance_title(before: TitleState | None, happened: ChainEvent) -> Step[TitleState]:
    """The title after one more event, or `HistoryBroken` where the event cannot come next."""
    event: Any = happened.event  # Any: of which kind it is, its teller knows
    origin = happened.origin
    tell = TELLERS.get(type(event))
    if tell is None:
        return _entered(before, happened)
    if before is None:
        raise HistoryBroken(f"title {event.id} has an event before it was issued", record=event.id)
    title = before.title
    if event.id != title.title_id:
        raise HistoryBroken(f"an event of {event.id} among those of {title.title_id}")
    require_next(event.id, seq=event.seq, expected=title.seq + 1)
    told = tell(title, event)
    act = Act(told.kind, event.seq, told.actor, origin.block_time, told.detail)
    after = title._replace(seq=event.seq, **told.changes)
    state = before._replace(title=after, head=next_head(before.head, act))
    return Step(act, event, origin, state)


def _entered(before: TitleState | None, happened: ChainEvent) -> Step[TitleState]:
    """The title begins, or is brought in."""
    event, origin = happened.event, happened.origin
    if isinstance(event, TitleBegun):
        if before is not None:
            raise HistoryBroken(f"title {event.id} is issued twice", record=event.id)
        kind, detail = _beginning(event)
        act = Act(kind, 1, event.issuer, origin.block_time, detail)
        return Step(
            act, event, origin, _stated(event, begun(issuance_of(event), event.issuer), act)
        )
    if isinstance(event, TitleImported):
        return _import(before, event, happened)
    raise HistoryBroken(f"{type(event).__name__} is no event of a title")


def _import(
    before: TitleState | None, event: TitleImported, happened: ChainEvent
) -> Step[TitleState]:
    """The title is here for the first time, or comes back."""
    title: Title | None = None if before is None else before.title
    if title is not None and title.title_id != event.id:
        raise HistoryBroken(f"an event of {event.id} among those of {title.title_id}")
    if title is not None and title.status is not TitleStatus.EXPORTED:
        raise HistoryBroken(f"title {event.id} is imported while it is here", record=event.id)
    require_next(event.id, seq=event.seq, expected=1 if title is None else title.seq + 1)
    issuance = issuance_of(event)
    detail = import_detail(issuance, event.issuer, event.gateway, event.transfer)
    act = Act(TitleAct.IMPORT, event.seq, NO_PARTY, happened.origin.block_time, detail)
    after = arrived(issuance, event.issuer, event.gateway, event.seq)
    head = FIRST_HEAD if before is None else before.head
    return Step(act, event, happened.origin, _stated(event, after, act, head))


def _beginning(event: TitleBegun) -> tuple[TitleAct, bytes]:
    issuance = issuance_of(event)
    match event:
        case TitleIssued():
            return TitleAct.ISSUE, issue_detail(issuance)
        case TitleIssuedFromPaper():
            return TitleAct.ISSUE_FROM_PAPER, paper_issue_detail(issuance, event.withdrawal)
        case SuccessorIssued():
            return TitleAct.ISSUE_SUCCESSOR, successor_detail(issuance, event.origins)


def _stated(
    event: TitleBegun | TitleImported, title: Title, act: Act, head: Head = FIRST_HEAD
) -> TitleState:
    return TitleState(
        title=title,
        series=event.series,
        content_root=event.content_root,
        schema=event.schema,
        version=event.version,
        rulebook=event.rulebook,
        head=next_head(head, act),
    )
