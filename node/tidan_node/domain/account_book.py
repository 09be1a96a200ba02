"""Whose each account was at any place of the chain, from the parties' events alone."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

from tidan_node.domain.events import AccountAdded, AccountRemoved, ChainEvent, Origin
from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex
from tidan_node.domain.standings import Place, place_of


class AccountBook:
    """Is told all events of some parties, in chain order; it knows of no other's accounts."""

    def __init__(self, events: Iterable[ChainEvent]) -> None:
        self._places: dict[Address, list[Place]] = defaultdict(list)
        self._parties: dict[Address, list[PartyIndex]] = defaultdict(list)
        for happened in events:
            event = happened.event
            if isinstance(event, AccountAdded | AccountRemoved):
                acts = isinstance(event, AccountAdded)
                self._places[event.account].append(place_of(happened.origin))
                self._parties[event.account].append(event.party if acts else NO_PARTY)

    def party_of(self, account: Address, origin: Origin) -> PartyIndex:
        """The party that it acted for just before this place of the chain, or no party."""
        before = bisect_left(self._places.get(account, []), place_of(origin))
        return self._parties[account][before - 1] if before else NO_PARTY
