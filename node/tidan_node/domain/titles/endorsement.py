"""What the possessor writes on the back by itself: in blank, to its order, or to its order alone.

To endorse a title to somebody else is an offer (`transfers`): that one must accept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tidan_node.domain.identifiers import NO_PARTY
from tidan_node.domain.parties import Standing
from tidan_node.domain.title_problems import EndorsementUnfit
from tidan_node.domain.titles.terms import TitleKind
from tidan_node.domain.titles.title import Title

_TO: Final[Mapping[TitleKind, tuple[TitleKind, ...]]] = {
    TitleKind.STRAIGHT: (),
    TitleKind.ORDER: (TitleKind.BLANK, TitleKind.ORDER_FINAL),
    TitleKind.ORDER_FINAL: (),
    TitleKind.BLANK: (TitleKind.ORDER, TitleKind.ORDER_FINAL),
}


def endorse(
    title: Title, kind: TitleKind, *, caller: Standing, expected_seq: int, now: int
) -> Title:
    """Who is entitled changes the kind, at once: it names nobody but itself."""
    title.require_live(expected_seq)
    title.require_entitled(caller)
    caller.require_active("caller")
    title.require_free(now)
    if kind not in _TO[title.kind]:
        raise EndorsementUnfit(
            f"a title of kind {title.kind.name} is not endorsed to {kind.name}", field="kind"
        )
    return title._replace(
        seq=title.seq + 1,
        kind=kind,
        titleholder=NO_PARTY if kind is TitleKind.BLANK else caller.party,
        offer=None,
        proposal=None,
    )
