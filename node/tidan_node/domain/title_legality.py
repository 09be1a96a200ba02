"""A title's history held against the rules of `titles`.

What one title's history cannot show is asked elsewhere: that an id or a series was used twice, what
became of origins and successors (`other-effect` shows where a successor is not as it was stated),
through which account a pledgee acted, which gateways were recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tidan_node.domain.identifiers import NO_PARTY, PartyIndex, to_bytes
from tidan_node.domain.legality import IllegalAct, StandingAt, judged
from tidan_node.domain.parties import Standing
from tidan_node.domain.steps import HistoryBroken, Step
from tidan_node.domain.title_act_legality import Scene, judged_act
from tidan_node.domain.title_acts import LaterEvent
from tidan_node.domain.title_events import (
    SuccessorIssued,
    TitleBegun,
    TitleImported,
    TitleIssued,
    TitleIssuedFromPaper,
    issuance_of,
)
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import Title, TitleStatus
from tidan_node.domain.titles.gateways import Arrival, import_title
from tidan_node.domain.titles.issues import begun, issue, issue_from_paper, require_issuer


def illegal_acts(
    steps: Iterable[Step[TitleState]], standing_at: StandingAt, *, paper_delay: int = 0
) -> Iterator[IllegalAct]:
    """Every act of the history that the rules would have refused, each judged on what came before
    it. `paper_delay` is the registry's."""
    states: list[TitleState] = []

    def by_the_rules(before: Title | None, step: Step[TitleState]) -> Title:
        left = states[-1] if states else None
        states.append(step.after)
        return _by_the_rules(before, left, step, standing_at, paper_delay)

    return judged("title", steps, lambda state: state.title, by_the_rules)


def _by_the_rules(
    before: Title | None,
    left: TitleState | None,
    step: Step[TitleState],
    standing_at: StandingAt,
    paper_delay: int,
) -> Title:
    def standing(party: PartyIndex) -> Standing:
        return standing_at(party, step.origin)

    event = step.event
    if isinstance(event, TitleBegun):
        return _begun(event, standing)
    if isinstance(event, TitleImported):
        return _imported(event, left, standing)
    if before is None:
        raise HistoryBroken("the history does not begin with the title's issue")
    if not isinstance(event, LaterEvent):
        raise HistoryBroken(f"{type(event).__name__} is no event of a title")
    return judged_act(before, event, Scene(step.act.actor, step.act.time, standing, paper_delay))


def _begun(event: TitleBegun, standing: Callable[[PartyIndex], Standing]) -> Title:
    issuance, carrier = issuance_of(event), standing(event.issuer)
    possessor = standing(event.possessor)
    titleholder = _named(event.titleholder, standing)
    match event:
        case TitleIssued():
            return issue(
                issuance,
                carrier=carrier,
                possessor=possessor,
                titleholder=titleholder,
                id_taken=False,
                series_taken=False,
            )
        case TitleIssuedFromPaper():
            return issue_from_paper(
                issuance,
                to_bytes(event.withdrawal),
                carrier=carrier,
                possessor=possessor,
                titleholder=titleholder,
                id_taken=False,
                current=TitleStatus.NONE,
            )
        case SuccessorIssued():
            require_issuer(carrier)
            return begun(issuance, carrier.party)


def _imported(
    event: TitleImported, left: TitleState | None, standing: Callable[[PartyIndex], Standing]
) -> Title:
    stated = (event.content_root, event.schema, event.version)
    same = left is None or stated == (left.content_root, left.schema, left.version)
    arrival = Arrival(
        issuance=issuance_of(event),
        transfer=to_bytes(event.transfer),
        there=None if left is None else left.title,
        same_content=same,
        in_series=None if left is None or left.series != event.series else event.id,
    )
    return import_title(
        arrival,
        gateway=event.gateway,
        recognised=True,
        issuer=standing(event.issuer),
        possessor=standing(event.possessor),
        titleholder=_named(event.titleholder, standing),
    )


def _named(party: PartyIndex, standing: Callable[[PartyIndex], Standing]) -> Standing | None:
    return None if party == NO_PARTY else standing(party)
