"""The parties of a chain from their events: who was what when, and what each calls itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields

from tidan_node.domain.events import ChainEvent, Event, TrailAnchored
from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex
from tidan_node.domain.party_fold import PartyEvent, PartyState, advance_party
from tidan_node.domain.standings import Standings
from tidan_node.domain.steps import HistoryBroken
from tidan_node.domain.title_events import GatewayEvent, TitleImported
from tidan_node.domain.titles.pledges import bank_of

_NAMING_A_PARTY = frozenset(
    {
        *("issuer", "possessor", "titleholder", "sender", "recipient", "by", "seller", "buyer"),
        *("insurer", "insured", "loss_payee", "party", "subject", "successor", "carrier"),
    }
)
"""The fields of events that hold a party's number."""


def parties_named(event: Event) -> set[PartyIndex]:
    """Every party that has a part in what happened."""
    values = {getattr(event, each.name) for each in fields(event) if each.name in _NAMING_A_PARTY}
    # the successor of a title is a title
    named = {PartyIndex(each) for each in values if isinstance(each, int)}
    pledgee = getattr(event, "pledgee", None)
    if pledgee is not None:
        named.add(bank_of(pledgee))
    return named - {NO_PARTY}


def gateways_named(event: Event) -> set[Address]:
    """The gateway that has a part in what happened to a title."""
    return {event.gateway} if isinstance(event, TitleImported | GatewayEvent) else set()


class Members:
    """Told all events of some parties, in chain order."""

    def __init__(self, events: Iterable[ChainEvent]) -> None:
        ours = [each for each in events if isinstance(each.event, PartyEvent)]
        self.standings = Standings(ours)
        self.events: dict[PartyIndex, list[ChainEvent]] = {}
        self.states: dict[PartyIndex, PartyState] = {}
        self.broken: dict[PartyIndex, str] = {}
        for happened in ours:
            self._take(happened)

    @property
    def names(self) -> Mapping[PartyIndex, str]:
        return {index: party.name for index, party in self.states.items()}

    def _take(self, happened: ChainEvent) -> None:
        assert not isinstance(happened.event, TrailAnchored)  # noqa: S101 - filtered above
        index: PartyIndex = getattr(happened.event, "party")  # noqa: B009
        self.events.setdefault(index, []).append(happened)
        try:
            self.states[index] = advance_party(self.states.get(index), happened)
        except HistoryBroken as broken:
            self.broken.setdefault(index, broken.detail)
