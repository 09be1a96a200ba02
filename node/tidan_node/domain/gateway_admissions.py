"""Which gateways each carrier lets bring in titles of its own, as their events tell it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tidan_node.domain.events import ChainEvent, Origin
from tidan_node.domain.gateway_problems import (
    GatewayAlreadyAdmitted,
    GatewayNotAdmitted,
    GatewayUnknown,
)
from tidan_node.domain.identifiers import Address, PartyIndex
from tidan_node.domain.membership_events import AdmissionWithdrawn, GatewayAdmitted
from tidan_node.domain.parties import Role, Standing
from tidan_node.domain.standings import Place, place_of
from tidan_node.domain.steps import HistoryBroken

AdmissionEvent = GatewayAdmitted | AdmissionWithdrawn
_Admission = tuple[PartyIndex, Address]


@dataclass(frozen=True, slots=True)
class Admission:
    """A carrier's own word on a gateway: whether it may bring in what was never here."""

    carrier: PartyIndex
    gateway: Address
    admitted: bool = True


def admission_name(carrier: PartyIndex, gateway: Address) -> str:
    """What one carrier's word on one gateway is called."""
    return f"{carrier}-{gateway}"


def advance_admission(before: Admission | None, happened: ChainEvent) -> Admission:
    """The admission after one more event. One that was withdrawn can be given again."""
    event = happened.event
    if isinstance(event, GatewayAdmitted):
        if before is not None and before.admitted:
            raise HistoryBroken("a gateway is admitted that is so already")
        return Admission(event.carrier, event.gateway)
    if not isinstance(event, AdmissionWithdrawn):
        raise HistoryBroken(f"{type(event).__name__} is no event of an admission")
    if before is None or not before.admitted:
        raise HistoryBroken("an admission is withdrawn that was not given")
    return replace(before, admitted=False)


def require_admissible(
    gateway: Address, *, carrier: Standing, recognised: bool, admitted: bool
) -> None:
    """The carrier may admit this gateway: it is active, the Council recognises the gateway, and it
    has not admitted it yet."""
    carrier.require_active("caller")
    carrier.require_role(Role.CARRIER, "caller")
    if not recognised:
        raise GatewayUnknown(f"{gateway} is no gateway that is recognised", field="gateway")
    if admitted:
        raise GatewayAlreadyAdmitted(
            f"{carrier.called} has admitted {gateway} already", field="gateway"
        )


def require_withdrawable(gateway: Address, *, carrier: Standing, admitted: bool) -> None:
    """There is an admission to withdraw, whether or not the gateway is still recognised, and
    whatever has become of the carrier: it may not have to watch what comes in under its name."""
    if not admitted:
        raise GatewayNotAdmitted(
            f"{carrier.called} has not admitted the gateway {gateway}", field="gateway"
        )


class GatewayAdmissions:
    """Answers whom a carrier admitted when. It is told all events of some, in chain order."""

    def __init__(self, events: Iterable[ChainEvent]) -> None:
        self._places: dict[_Admission, list[Place]] = defaultdict(list)
        self._admitted: dict[_Admission, list[bool]] = defaultdict(list)
        for happened in events:
            event = happened.event
            if isinstance(event, AdmissionEvent):
                admission = event.carrier, event.gateway
                self._places[admission].append(place_of(happened.origin))
                self._admitted[admission].append(isinstance(event, GatewayAdmitted))

    def admitted_at(self, carrier: PartyIndex, gateway: Address, origin: Origin) -> bool:
        """Whether the carrier admitted the gateway just before this place of the chain."""
        admission = carrier, gateway
        before = bisect_left(self._places.get(admission, []), place_of(origin))
        return before > 0 and self._admitted[admission][before - 1]
