"""What the acts by which a title goes back, or ends, say beside who did them.

They name no party, so whoever tells of them says the same.
"""

from __future__ import annotations

from tidan_node.domain import title_events as told
from tidan_node.domain.events import Event
from tidan_node.domain.reasons import AmendmentReason, SurrenderRefusal, told_reason
from tidan_node.domain.title_acts import replaced_by
from tidan_node.domain.titles import TitleStatus


def ending_details(event: Event) -> dict[str, object]:
    """Of a surrender and its answer, a replacement, paper or a crossing; of other acts nothing."""
    if isinstance(event, told.SurrenderEvent):
        return _of_surrenders(event)
    match event:
        case told.TitleAmended() | told.TitleSplit() | told.TitlesCombined() | told.TitleSwitched():
            return {
                "how": replaced_by(event).name,
                "successors": tuple(told.successors_of(event)),
                "reason": told_reason(AmendmentReason, event.reason),
            }
        case told.TitleSwitchedToPaper():
            return {"reason": told_reason(AmendmentReason, event.reason)}
        case told.TitleLocked():
            return {"gateway": event.gateway, "transfer": event.transfer}
        case told.TitleExported() | told.TitleReturned():
            return {"gateway": event.gateway}
        case _:
            return {}


def _of_surrenders(event: told.SurrenderEvent) -> dict[str, object]:
    match event:
        case told.SurrenderRequested() if event.pending is TitleStatus.PENDING_AMENDMENT:
            reason = told_reason(AmendmentReason, event.reason)
            return {"pending": event.pending.name, "reason": reason}
        case told.SurrenderRequested():
            return {"pending": event.pending.name}
        case told.SurrenderRejected():
            return {"reason": told_reason(SurrenderRefusal, event.reason)}
        case _:
            return {}
