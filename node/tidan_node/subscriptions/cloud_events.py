"""Events of the chain, and alarms, as CloudEvents 1.0 (https://cloudevents.io), in JSON."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Final, get_args

from pydantic.alias_generators import to_camel

from tidan_node.domain import events as told
from tidan_node.domain import membership_events as membership
from tidan_node.domain.events import ChainEvent, Event, Origin
from tidan_node.domain.identifiers import to_hex
from tidan_node.domain.title_events import TitleEvent
from tidan_node.indexer.event_rows import record_of
from tidan_node.problems import InvalidInput
from tidan_node.records.surrender_alarms import SurrenderAlarm
from tidan_node.web.shapes import as_utc, moment_of

MEDIA_TYPE: Final = "application/cloudevents+json"

_PREFIX: Final = "tidan"
_KINDS: Final[Mapping[str, tuple[type[Event], ...]]] = {
    "party": (
        told.PartyEnrolled,
        told.RolesChanged,
        told.StatusChanged,
        told.AccountAdded,
        told.AccountRemoved,
        told.ProfileChanged,
        told.NumberingKeyRegistered,
        membership.RotationRequested,
        membership.RotationCancelled,
        membership.RotationCompleted,
        membership.PartyRecovered,
        membership.SuccessorNamed,
    ),
    "council": (
        membership.CouncilFounded,
        membership.SeatAdded,
        membership.SeatRemoved,
        membership.Proposed,
        membership.Approved,
        membership.ApprovalWithdrawn,
        membership.Objected,
        membership.Executed,
    ),
    "platform": (membership.PlatformRecognised, membership.PlatformWithdrawn),
    "gateway": (
        membership.GatewayRecognised,
        membership.GatewayDismissed,
        membership.GatewayAdmitted,
        membership.AdmissionWithdrawn,
    ),
    "title": get_args(TitleEvent),
    "invoice": (
        told.InvoiceRegistered,
        told.InvoiceAccepted,
        told.InvoiceDisputed,
        told.InvoiceSettled,
        told.InvoiceCancelled,
        told.InvoiceLinked,
    ),
    "policy": (
        told.PolicyIssued,
        told.PolicyEndorsed,
        told.PolicyAssigned,
        told.PolicyCancelled,
    ),
    "trail": (told.TrailAnchored,),
}


def _type(kind: str, event: type[Event]) -> str:
    """`TitleOffered` is `tidan.title.offered`, `OfferWithdrawn` `tidan.title.offer-withdrawn`."""
    words = re.findall(r"[A-Z][a-z]+", event.__name__)
    said = words[1:] if words[0].lower() == kind else words
    return f"{_PREFIX}.{kind}.{'-'.join(said).lower()}"


TYPES: Final[Mapping[str, str]] = {
    event.__name__: _type(kind, event) for kind, events in _KINDS.items() for event in events
}
"""The type of each event, by the event's own name."""

ALARM: Final = "SurrenderUnanswered"
_ALARM_TYPE: Final = "tidan.title.surrender-unanswered"
_ALL_TYPES: Final = {**TYPES, ALARM: _ALARM_TYPE}
"""With what no contract tells: what this node itself has to say."""


def events_of_types(asked: Iterable[str], field: str) -> tuple[str, ...]:
    """The events that these types name; `tidan.title` names all types that go on from it."""
    found: list[str] = []
    for each in asked:
        named = [
            event
            for event, kind in _ALL_TYPES.items()
            if kind == each or kind.startswith(f"{each}.")
        ]
        if not named:
            every = ", ".join(sorted(_ALL_TYPES.values()))
            raise InvalidInput(f"there is no such type; they are {every}", field=field)
        found += named
    return tuple(dict.fromkeys(found))


def id_of(origin: Origin) -> str:
    """Names the event for ever: the same on every node, another one on another branch."""
    return f"{origin.chain_id}-{origin.block_hash}-{origin.log_index}"


def cloud_event(happened: ChainEvent) -> dict[str, object]:
    """The event with what it says, and where on the chain it stands."""
    event, origin = happened.event, happened.origin
    said = {to_camel(each.name): _plain(getattr(event, each.name)) for each in fields(event)}
    return {
        "specversion": "1.0",
        "id": id_of(origin),
        "source": f"urn:tidan:chain:{origin.chain_id}",
        "type": TYPES[type(event).__name__],
        "subject": record_of(event),
        "time": as_utc(moment_of(origin.block_time)),
        "datacontenttype": "application/json",
        "data": said
        | {
            "block": origin.block_number,
            "blockHash": origin.block_hash,
            "transaction": origin.tx_hash,
        },
    }


def alarm_event(alarm: SurrenderAlarm, chain_id: int) -> dict[str, object]:
    """The alarm in the same form. Its id names the surrender: each time it is told is the same."""
    return {
        "specversion": "1.0",
        "id": f"{chain_id}-{alarm.title}-{alarm.seq}-unanswered",
        "source": f"urn:tidan:chain:{chain_id}",
        "type": _ALARM_TYPE,
        "subject": alarm.title,
        "time": as_utc(alarm.raised_at),
        "datacontenttype": "application/json",
        "data": {
            "id": alarm.title,
            "seq": alarm.seq,
            "status": alarm.status.name,
            "possessor": alarm.possessor,
            "awaited": alarm.awaited or None,
            "since": as_utc(moment_of(alarm.since)),
            "due": as_utc(moment_of(alarm.due)),
        },
    }


def _plain(value: object) -> object:
    """Flags and choices by their names, as all answers have them."""
    if isinstance(value, enum.IntFlag):
        return [flag.name for flag in type(value) if flag in value]
    if isinstance(value, enum.Enum):
        return value.name
    return to_hex(value) if isinstance(value, bytes) else value
