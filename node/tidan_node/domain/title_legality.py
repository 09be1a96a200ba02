"""A title's history held against the rules of `titles`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tidan_node.domain.events import (
    OfferDeclined,
    OfferWithdrawn,
    SurrenderRejected,
    SurrenderRequested,
    TitleIssued,
    TitleOffered,
    TitleSurrendered,
    TitleTransferred,
)
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.legality import IllegalAct, StandingAt, judged
from tidan_node.domain.parties import Standing
from tidan_node.domain.steps import HistoryBroken, Step
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import Issuance, Offer, Title


def illegal_acts(
    steps: Iterable[Step[TitleState]], standing_at: StandingAt
) -> Iterator[IllegalAct]:
    """Every act of the history that the rules would have refused, each judged on what came before.

    That an id or a series was used twice is not to be seen in one title's history; who audits asks
    the registry for it.
    """
    return judged(
        "title",
        steps,
        lambda state: state.title,
        lambda before, step: _by_the_rules(before, step, standing_at),
    )


def _by_the_rules(before: Title | None, step: Step[TitleState], standing_at: StandingAt) -> Title:
    def standing(party: PartyIndex) -> Standing:
        return standing_at(party, step.origin)

    event, now = step.event, step.act.time
    if isinstance(event, TitleIssued):
        return _issued(event, standing)
    if before is None:
        raise HistoryBroken("the history does not begin with the title's issue")
    caller = standing(step.act.actor)
    seen = before.seq
    match event:
        case TitleOffered():
            after = before.make_offer(
                Offer(event.recipient, event.what, event.deadline),
                caller=caller,
                recipient=standing(event.recipient),
                expected_seq=seen,
                now=now,
            )
        case OfferWithdrawn():
            after = before.withdraw(caller=caller, expected_seq=seen)
        case TitleTransferred():
            after = before.accept(caller=caller, expected_seq=seen, now=now)
        case OfferDeclined():
            after = before.decline(caller=caller, expected_seq=seen)
        case SurrenderRequested():
            after = before.surrender_for_delivery(caller=caller, expected_seq=seen, now=now)
        case TitleSurrendered():
            successor = standing(before.issuer).successor
            after = before.accept_surrender(caller=caller, expected_seq=seen, successor=successor)
        case SurrenderRejected():
            successor = standing(before.issuer).successor
            after = before.reject_surrender(caller=caller, expected_seq=seen, successor=successor)
        case _:
            raise HistoryBroken(f"{type(event).__name__} is no event of a title")
    return after


def _issued(event: TitleIssued, standing: Callable[[PartyIndex], Standing]) -> Title:
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
    return Title.issue(
        issuance,
        carrier=standing(event.issuer),
        possessor=standing(event.possessor),
        titleholder=standing(event.titleholder) if event.titleholder != NO_PARTY else None,
        id_taken=False,
        series_taken=False,
    )
