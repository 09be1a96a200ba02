"""The audit of the platforms and gateways that the Council recognises, and whom carriers admit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast, get_args

from eth_hash.auto import keccak

from tidan_node.audit import told_council
from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.findings import Audit
from tidan_node.audit.node import AuditedNode
from tidan_node.audit.recognised import Recognised, Shown, audit_recognised
from tidan_node.audit.told import Values
from tidan_node.domain.events import ChainEvent, Event
from tidan_node.domain.gateway_admissions import Admission, AdmissionEvent, advance_admission
from tidan_node.domain.gateway_register import (
    RegisteredGateway,
    RegisterEvent,
    advance_gateway,
)
from tidan_node.domain.identifiers import PartyIndex, to_hex
from tidan_node.domain.membership_events import GatewayAdmitted
from tidan_node.domain.platform_fold import PlatformEvent, advance_recognition
from tidan_node.domain.platforms import Recognition
from tidan_node.domain.steps import HistoryBroken
from tidan_node.indexer.event_rows import record_of
from tidan_node.ledger.calls import Call

_MEMBERS: Final = ("kind", "roles", "expiresAt", "withdrawn", "actsHash")


async def audit_platforms(chain: AuditedChain, node: AuditedNode) -> list[Audit]:
    """Each anchor that was ever recognised."""
    return await audit_recognised(chain, node, _PLATFORMS)


async def audit_gateways(chain: AuditedChain, node: AuditedNode) -> list[Audit]:
    """Each gateway that was ever recognised, with what every carrier has said of it."""
    return await audit_recognised(chain, node, _GATEWAYS)


def _recognition_kept(shown: Sequence[Shown]) -> Values:
    ((_, outputs),) = shown
    record: Any  # Any: a struct is a tuple inside the outputs
    (record,) = outputs
    return dict(zip(_MEMBERS, record, strict=True))


def _recognition_by_events(state: Recognition) -> Values:
    return {
        "kind": int(state.kind),
        "roles": int(state.roles),
        "expiresAt": state.expires_at,
        "withdrawn": state.withdrawn,
        "actsHash": to_hex(keccak(state.acts.encode())),
    }


@dataclass(frozen=True, slots=True)
class _Gateway:
    """A gateway with what every carrier has said of it."""

    registered: RegisteredGateway
    admissions: Mapping[PartyIndex, Admission] = field(default_factory=dict)

    @property
    def admitted_by(self) -> list[PartyIndex]:
        return [carrier for carrier, each in self.admissions.items() if each.admitted]


def _gateway_of(event: Event) -> str:
    return cast(RegisterEvent | AdmissionEvent, event).gateway


def _gateway_after(before: _Gateway | None, happened: ChainEvent) -> _Gateway:
    event = happened.event
    if not isinstance(event, AdmissionEvent):
        registered = advance_gateway(before.registered if before else None, happened)
        return _Gateway(registered, before.admissions if before else {})
    admits = isinstance(event, GatewayAdmitted)
    if before is None or (admits and not before.registered.recognised):
        raise HistoryBroken("a carrier speaks of a gateway that is not recognised")
    after = advance_admission(before.admissions.get(event.carrier), happened)
    return _Gateway(before.registered, {**before.admissions, event.carrier: after})


def _gateway_views(gateway: str, events: Sequence[ChainEvent]) -> list[Call]:
    told = [each.event for each in events if isinstance(each.event, AdmissionEvent)]
    carriers = sorted({event.carrier for event in told})
    return [
        Call("GatewayRegistry", "isGateway", (gateway,)),
        *(Call("GatewayRegistry", "isAdmitted", (carrier, gateway)) for carrier in carriers),
    ]


def _gateway_kept(shown: Sequence[Shown]) -> Values:
    return {
        "recognised" if call.function == "isGateway" else _admitted(call.args[0]): outputs[0]
        for call, outputs in shown
    }


def _gateway_by_events(gateway: _Gateway) -> Values:
    admissions = {_admitted(each): said.admitted for each, said in gateway.admissions.items()}
    return {"recognised": gateway.registered.recognised, **admissions}


def _admitted(carrier: object) -> str:
    return f"admitted by party {carrier}"


_PLATFORMS: Final = Recognised(
    name="recognition",
    collection="platforms",
    key="anchor",
    contract="PlatformRegistry",
    event_types=get_args(PlatformEvent),
    key_of=record_of,
    advance=advance_recognition,
    values=told_council.recognition_values,
    told=told_council.told_recognition,
    views=lambda anchor, _: [Call("PlatformRegistry", "recognitionOf", (anchor,))],
    kept=_recognition_kept,
    by_events=_recognition_by_events,
)
_GATEWAYS: Final = Recognised(
    name="gateway",
    collection="gateways",
    key="gateway",
    contract="GatewayRegistry",
    event_types=(*get_args(RegisterEvent), *get_args(AdmissionEvent)),
    key_of=_gateway_of,
    advance=_gateway_after,
    values=lambda known, _: told_council.gateway_values(known.registered, known.admitted_by),
    told=told_council.told_gateway,
    views=_gateway_views,
    kept=_gateway_kept,
    by_events=_gateway_by_events,
)
