"""A title as it is shown, from what was found of it."""

from __future__ import annotations

from typing import TypeVar

from tidan_node.domain.title_fold import TitleState
from tidan_node.records.recorded import Recorded
from tidan_node.titles.schemas import OfferAnswer, PledgeAnswer, ProposalAnswer, TitleAnswer
from tidan_node.web.accepted_terms import AcceptedTerms
from tidan_node.web.shapes import Names, PartyName, Shape, moment_of

Shown = TypeVar("Shown", bound=TitleAnswer)


def answer_of(
    shape: type[Shown],
    recorded: Recorded[TitleState],
    names: Names,
    now: int,
    *,
    terms: AcceptedTerms | None,
    number: str | None,
    tells_number: bool,
    **more: Shape,
) -> Shown:
    """As this shape, with what it has more. There is a number where the content is held."""
    state, title = recorded.state, recorded.state.title
    return shape(
        id=title.title_id,
        series=state.series,
        status=title.status.name,
        kind=title.kind.name,
        seq=title.seq,
        issuer=PartyName.of(title.issuer, names),
        possessor=PartyName.or_none(title.possessor, names),
        titleholder=PartyName.or_none(title.titleholder, names),
        offer=None if title.offer is None else OfferAnswer.of(title.offer, names, now),
        proposal=None
        if title.proposal is None
        else ProposalAnswer.proposed(title.proposal, names, now),
        pledge=None if title.pledgee is None else PledgeAnswer.of(title.pledgee, names),
        gateway=title.gateway,
        rulebook=state.rulebook,
        terms=terms,
        content_root=state.content_root,
        schema_=state.schema,
        version=state.version,
        head=state.head,
        issued_at=moment_of(recorded.first.time),
        changed_at=moment_of(recorded.last.time),
        holds_content=number is not None,
        number=number if tells_number else None,
        fault=recorded.fault,
        **more,
    )
