"""The standing that each party had at any place of the chain, from its events alone."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from tidan_node.domain.events import ChainEvent, Origin, PartyEnrolled, RolesChanged, StatusChanged
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.membership_events import SuccessorNamed
from tidan_node.domain.parties import PartyStatus, Role, Standing

Place = tuple[int, int]


def place_of(origin: Origin) -> Place:
    """Where an event stands on its chain: events are in order by this."""
    return origin.block_number, origin.log_index


class Standings:
    """Answers who was what, when. It is told all events of PartyRegistry, in chain order."""

    def __init__(self, events: Iterable[ChainEvent]) -> None:
        self._places: dict[PartyIndex, list[Place]] = defaultdict(list)
        self._standings: dict[PartyIndex, list[Standing]] = defaultdict(list)
        for happened in events:
            self._add(happened)

    def at(self, party: PartyIndex, origin: Origin) -> Standing:
        """The party's standing just before this place of the chain."""
        if party not in self._places:
            return stranger(party)
        before = bisect_left(self._places[party], place_of(origin))
        return self._standings[party][before - 1] if before else stranger(party)

    def _add(self, happened: ChainEvent) -> None:
        event = happened.event
        if not isinstance(event, PartyEnrolled | RolesChanged | StatusChanged | SuccessorNamed):
            return
        earlier = self._standings[event.party]
        last = earlier[-1] if earlier else stranger(event.party)
        match event:
            case PartyEnrolled():
                standing = Standing(event.party, event.roles, PartyStatus.ACTIVE)
            case RolesChanged():
                standing = replace(last, roles=event.roles)
            case StatusChanged():
                standing = replace(last, status=event.status)
                if event.status is PartyStatus.REVOKED:
                    standing = replace(standing, revoked_at=happened.origin.block_time)
            case SuccessorNamed():
                standing = replace(last, successor=event.successor)
        self._places[event.party].append(place_of(happened.origin))
        earlier.append(standing)


def stranger(party: PartyIndex) -> Standing:
    """Who is not enrolled."""
    return Standing(party, Role(0), PartyStatus.NONE)
