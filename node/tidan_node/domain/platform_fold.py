"""A recognition as its events tell it."""

from __future__ import annotations

from dataclasses import replace

from tidan_node.domain.events import ChainEvent
from tidan_node.domain.membership_events import PlatformRecognised, PlatformWithdrawn
from tidan_node.domain.platforms import Recognition
from tidan_node.domain.steps import HistoryBroken

PlatformEvent = PlatformRecognised | PlatformWithdrawn


def advance_recognition(before: Recognition | None, happened: ChainEvent) -> Recognition:
    """The recognition after one more event. Recognising it again replaces its terms."""
    event = happened.event
    if isinstance(event, PlatformRecognised):
        return Recognition(
            anchor_id=event.anchor_id,
            platform=event.platform,
            kind=event.kind,
            anchor=event.anchor,
            roles=event.roles,
            acts=event.acts,
            expires_at=event.expires_at,
        )
    if not isinstance(event, PlatformWithdrawn):
        raise HistoryBroken(f"{type(event).__name__} is no event of a recognition")
    if before is None:
        raise HistoryBroken("an anchor is withdrawn that was never recognised")
    return replace(before, withdrawn=True)
