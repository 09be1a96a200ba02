"""A title that ends as a paper bill: by its carrier, or by its possessor where no carrier is left.

How one begins in place of paper is among the issues.
"""

from __future__ import annotations

from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.parties import PartyStatus, Standing
from tidan_node.domain.reasons import AmendmentReason
from tidan_node.domain.title_problems import (
    CarrierHasSuccessor,
    CarrierNotRevoked,
    PaperTooEarly,
)
from tidan_node.domain.titles.surrenders import require_entitled_to_change
from tidan_node.domain.titles.terms import TitleStatus
from tidan_node.domain.titles.title import SURRENDERED, Title


def switch_to_paper(
    title: Title, *, caller: Standing, expected_seq: int, successor: PartyIndex = NO_PARTY
) -> Title:
    """The carrier has handed out a paper bill for a title that was surrendered for it."""
    title.require_pending(expected_seq, TitleStatus.PENDING_AMENDMENT)
    title.require_carrier(caller, successor)
    caller.require_active("caller")
    title.require_surrendered_for(AmendmentReason.TO_PAPER)
    return _on_paper(title)


def end_as_paper(
    title: Title,
    *,
    caller: Standing,
    carrier: Standing,
    successor: Standing | None,
    delay: int,
    expected_seq: int,
    now: int,
) -> Title:
    """The possessor, in any standing, ends a title that nobody is left to answer for: its carrier
    is revoked since the delay, and so is its successor, if one was named."""
    title.require_seq(expected_seq)
    if title.status not in (TitleStatus.LIVE, *SURRENDERED):
        raise title.not_live()
    require_entitled_to_change(title, caller)
    title.require_free(now)
    if carrier.status is not PartyStatus.REVOKED:
        raise CarrierNotRevoked(f"surrender the title to {carrier.called}", field="title")
    if successor is not None and successor.status is not PartyStatus.REVOKED:
        raise CarrierHasSuccessor(f"surrender the title to {successor.called}", field="title")
    abandoned_at = max(carrier.revoked_at, 0 if successor is None else successor.revoked_at)
    possible_from = abandoned_at + delay
    if now < possible_from:
        raise PaperTooEarly(
            f"before {moment(possible_from)} a successor of the carrier may still be named",
            field="title",
            possibleFrom=possible_from,
        )
    return _on_paper(title)


def _on_paper(title: Title) -> Title:
    return title._replace(
        seq=title.seq + 1,
        status=TitleStatus.PAPER,
        offer=None,
        proposal=None,
        surrendered_for=None,
    )
