"""A title given back to its carrier, against the cargo or to be changed, and the answer."""

from __future__ import annotations

from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.parties import Standing
from tidan_node.domain.titles.terms import TitleKind, TitleStatus
from tidan_node.domain.titles.title import SURRENDERED, Title


def surrender_for_delivery(title: Title, *, caller: Standing, expected_seq: int, now: int) -> Title:
    """Who is entitled gives the title back to its carrier against the cargo, in any standing."""
    title.require_live(expected_seq)
    title.require_entitled(caller)
    title.require_free(now)
    return _surrendered(title, TitleStatus.PENDING_DELIVERY)


def surrender_for_amendment(
    title: Title, reason: int, *, caller: Standing, expected_seq: int, now: int
) -> Title:
    """Who is entitled gives it back to be changed, split, combined, switched or made paper. Of a
    straight title that is the possessor: the shipper, until the consignee has it. The reason is
    what its carrier can answer by; the chain takes any number."""
    title.require_live(expected_seq)
    require_entitled_to_change(title, caller)
    title.require_free(now)
    return _surrendered(title, TitleStatus.PENDING_AMENDMENT)._replace(surrendered_for=reason)


def cancel_surrender(title: Title, *, caller: Standing, expected_seq: int) -> Title:
    """The possessor takes its surrender back before it is answered, in any standing."""
    title.require_pending(expected_seq, *SURRENDERED)
    title.require_possessor(caller)
    return title._replace(seq=title.seq + 1, status=TitleStatus.LIVE, surrendered_for=None)


def accept_surrender(
    title: Title, *, caller: Standing, expected_seq: int, successor: PartyIndex = NO_PARTY
) -> Title:
    """The carrier takes the title in; it is delivered and ends. For a revoked carrier its
    successor does, if one is named."""
    title.require_pending(expected_seq, TitleStatus.PENDING_DELIVERY)
    title.require_carrier(caller, successor)
    caller.require_active("caller")
    return title._replace(seq=title.seq + 1, status=TitleStatus.DELIVERED)


def reject_surrender(
    title: Title, *, caller: Standing, expected_seq: int, successor: PartyIndex = NO_PARTY
) -> Title:
    """The carrier, or its successor, refuses; the title is as before it was surrendered."""
    title.require_pending(expected_seq, *SURRENDERED)
    title.require_carrier(caller, successor)
    caller.require_active("caller")
    return title._replace(seq=title.seq + 1, status=TitleStatus.LIVE, surrendered_for=None)


def require_entitled_to_change(title: Title, caller: Standing) -> None:
    """As for delivery; but a straight title's possessor need not be its consignee."""
    if title.kind is TitleKind.STRAIGHT:
        title.require_possessor(caller)
    else:
        title.require_entitled(caller)


def _surrendered(title: Title, pending: TitleStatus) -> Title:
    return title._replace(seq=title.seq + 1, status=pending, offer=None, proposal=None)
