"""What the history of a title says of each act beside who did it and when."""

from __future__ import annotations

from typing import Any

from tidan_node.domain import title_events as told
from tidan_node.domain.events import Event
from tidan_node.domain.identifiers import PartyIndex, Pledgee
from tidan_node.domain.title_endings import ending_details
from tidan_node.domain.titles.pledges import bank_of
from tidan_node.titles.schemas import moved_names
from tidan_node.web.shapes import Names, PartyName, as_utc, moment_of

Details = dict[str, Any]  # Any: JSON, by kind of act


def details_of(event: Event, names: Names) -> Details:
    """The details of the act that this event tells of."""
    if isinstance(event, told.TitleBegun | told.TitleImported):
        return _beginning(event, names)
    if isinstance(event, told.OfferEvent):
        return _of_offers(event, names)
    if isinstance(event, told.PledgeEvent):
        return _of_pledges(event, names)
    return ending_details(event)


def banks_of(event: Event) -> set[PartyIndex]:
    """The bank that the event names as a pledgee."""
    pledgee = getattr(event, "pledgee", None)
    return set() if pledgee is None else {bank_of(pledgee)}


def _beginning(event: told.TitleBegun | told.TitleImported, names: Names) -> Details:
    stated = {
        "possessor": _named(event.possessor, names),
        "titleholder": _named(event.titleholder, names),
        "kind": event.kind.name,
        "contentRoot": event.content_root,
        "series": event.series,
    }
    match event:
        case told.TitleIssuedFromPaper():
            return stated | {"withdrawal": event.withdrawal}
        case told.SuccessorIssued():
            return stated | {"origins": list(event.origins)}
        case told.TitleImported():
            crossing = {"gateway": event.gateway, "transfer": event.transfer}
            return stated | crossing | {"issuer": _named(event.issuer, names)}
        case _:
            return stated


def _of_offers(event: told.OfferEvent, names: Names) -> Details:
    match event:
        case told.TitleOffered():
            return {
                "recipient": _named(event.recipient, names),
                "what": moved_names(event.what),
                "deadline": as_utc(moment_of(event.deadline)),
            }
        case told.TitleTransferred():
            return {
                "possessor": _named(event.possessor, names),
                "titleholder": _named(event.titleholder, names),
                "kind": event.kind.name,
            }
        case told.TitleEndorsed():
            titleholder = _named(event.titleholder, names)
            return {"titleholder": titleholder, "kind": event.kind.name}
        case _:
            return {}


def _of_pledges(event: told.PledgeEvent, names: Names) -> Details:
    of_pledgee = _pledgee(event.pledgee, names)
    match event:
        case told.PledgeProposed():
            return of_pledgee | {"deadline": as_utc(moment_of(event.deadline))}
        case told.PledgeEnforced():
            return of_pledgee | {
                "recipient": _named(event.recipient, names),
                "what": moved_names(event.what),
                "deadline": as_utc(moment_of(event.deadline)),
            }
        case _:
            return of_pledgee


def _pledgee(pledgee: Pledgee, names: Names) -> Details:
    return {"pledgee": pledgee, "bank": _named(bank_of(pledgee), names)}


def _named(party: PartyIndex, names: Names) -> Details | None:
    found = PartyName.or_none(party, names)
    return None if found is None else found.model_dump()
