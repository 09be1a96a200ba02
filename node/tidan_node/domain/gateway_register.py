"""The gateways that the Council recognises, as their events tell it: now, and at any place."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tidan_node.domain.events import ChainEvent, Origin
from tidan_node.domain.identifiers import Address
from tidan_node.domain.membership_events import GatewayDismissed, GatewayRecognised
from tidan_node.domain.standings import Place, place_of
from tidan_node.domain.steps import HistoryBroken

RegisterEvent = GatewayRecognised | GatewayDismissed


@dataclass(frozen=True, slots=True)
class RegisteredGateway:
    """An account that titles can be locked for and arrive by, while it is recognised."""

    gateway: Address
    name: str
    recognised: bool = True


def advance_gateway(before: RegisteredGateway | None, happened: ChainEvent) -> RegisteredGateway:
    """The gateway after one more event. One that was dismissed can be recognised again."""
    event = happened.event
    if isinstance(event, GatewayRecognised):
        if before is not None and before.recognised:
            raise HistoryBroken("a gateway is recognised that is so already")
        return RegisteredGateway(event.gateway, event.name)
    if not isinstance(event, GatewayDismissed):
        raise HistoryBroken(f"{type(event).__name__} is no event of a gateway")
    if before is None or not before.recognised:
        raise HistoryBroken("a gateway is dismissed that is not recognised")
    return replace(before, recognised=False)


class GatewayRegister:
    """Answers which gateway was recognised when. It is told all events of some, in chain order."""

    def __init__(self, events: Iterable[ChainEvent]) -> None:
        self._places: dict[Address, list[Place]] = defaultdict(list)
        self._recognised: dict[Address, list[bool]] = defaultdict(list)
        for happened in events:
            event = happened.event
            if isinstance(event, RegisterEvent):
                self._places[event.gateway].append(place_of(happened.origin))
                self._recognised[event.gateway].append(isinstance(event, GatewayRecognised))

    def recognised_at(self, gateway: Address, origin: Origin) -> bool:
        """Whether it was recognised just before this place of the chain."""
        before = bisect_left(self._places.get(gateway, []), place_of(origin))
        return before > 0 and self._recognised[gateway][before - 1]
