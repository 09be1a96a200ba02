"""A title's history held against the rules of `titles`.

What one title's history cannot show is asked elsewhere: that an id or a series was used twice, what
became of origins and successors (`other-effect` shows where a successor is not as it was stated).
Who stood how, which gateways were recognised, for whom an account acted and the paper delay are the
circumstances. A pledgee's act is held against the account that did it where that is known; where it
is not, against the pledgee that the event names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tidan_node.domain.circumstances import Circumstances
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex, to_bytes
from tidan_node.domain.legality import IllegalAct, judged
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
    steps: Iterable[Step[TitleState]], circumstances: Circumstances
) -> Iterator[IllegalAct]:
    """Every act of the history that the rules would have refused, each judged on what came before
    it."""
    states: list[TitleState] = []

    def by_the_rules(before: Title | None, step: Step[TitleState]) -> Title:
        left = states[-1] if states else None
        states.append(step.after)
        return _by_the_rules(before, left, step, circumstances)

    return judged("title", steps, lambda state: state.title, by_the_rules)


def _by_the_rules(
    before: Title | None,
    left: TitleState | None,
    step: Step[TitleState],
    circumstances: Circumstances,
) -> Title:
    event, scene = step.event, Scene(step.act.actor, step.origin, circumstances)
    if isinstance(event, TitleBegun):
        return _begun(event, scene.standing)
    if isinstance(event, TitleImported):
        return _imported(event, left, scene)
    if before is None:
        raise HistoryBroken("the history does not begin with the title's issue")
    if not isinstance(event, LaterEvent):
        raise HistoryBroken(f"{type(event).__name__} is no event of a title")
    return judged_act(before, event, scene)


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


def _imported(event: TitleImported, left: TitleState | None, scene: Scene) -> Title:
    stated = (event.content_root, event.schema, event.version, event.rulebook)
    same = left is None or stated == (
        *(left.content_root, left.schema, left.version, left.rulebook),
    )
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
        known=scene,
        issuer=scene.standing(event.issuer),
        possessor=scene.standing(event.possessor),
        titleholder=_named(event.titleholder, scene.standing),
    )


def _named(party: PartyIndex, standing: Callable[[PartyIndex], Standing]) -> Standing | None:
    return None if party == NO_PARTY else standing(party)
