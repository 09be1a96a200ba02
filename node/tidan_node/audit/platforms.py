"""The audit of the platforms and of the gateways that the Council recognises."""

from __future__ import annotations

from typing import Any, Final, get_args

from eth_hash.auto import keccak

from tidan_node.audit import told_council
from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.findings import Audit
from tidan_node.audit.node import AuditedNode
from tidan_node.audit.recognised import Recognised, audit_recognised
from tidan_node.audit.told import Values
from tidan_node.domain.gateway_register import RegisterEvent, advance_gateway
from tidan_node.domain.identifiers import to_hex
from tidan_node.domain.platform_fold import PlatformEvent, advance_recognition
from tidan_node.domain.platforms import Recognition
from tidan_node.ledger.abi import Value

_MEMBERS: Final = ("kind", "roles", "expiresAt", "withdrawn", "actsHash")


async def audit_platforms(chain: AuditedChain, node: AuditedNode) -> list[Audit]:
    """Each anchor that was ever recognised."""
    return await audit_recognised(chain, node, _PLATFORMS)


async def audit_gateways(chain: AuditedChain, node: AuditedNode) -> list[Audit]:
    """Each gateway that was ever recognised."""
    return await audit_recognised(chain, node, _GATEWAYS)


def _recognition_kept(shown: tuple[Value, ...]) -> Values:
    record: Any  # Any: a struct is a tuple inside the outputs
    (record,) = shown
    return dict(zip(_MEMBERS, record, strict=True))


def _recognition_by_events(state: Recognition) -> Values:
    return {
        "kind": int(state.kind),
        "roles": int(state.roles),
        "expiresAt": state.expires_at,
        "withdrawn": state.withdrawn,
        "actsHash": to_hex(keccak(state.acts.encode())),
    }


_PLATFORMS: Final = Recognised(
    name="recognition",
    collection="platforms",
    key="anchor",
    contract="PlatformRegistry",
    view="recognitionOf",
    event_types=get_args(PlatformEvent),
    advance=advance_recognition,
    values=told_council.recognition_values,
    told=told_council.told_recognition,
    kept=_recognition_kept,
    by_events=_recognition_by_events,
)
_GATEWAYS: Final = Recognised(
    name="gateway",
    collection="gateways",
    key="gateway",
    contract="GatewayRegistry",
    view="isGateway",
    event_types=get_args(RegisterEvent),
    advance=advance_gateway,
    values=lambda gateway, _: told_council.gateway_values(gateway),
    told=told_council.told_gateway,
    kept=lambda shown: {"recognised": shown[0]},
    by_events=lambda gateway: {"recognised": gateway.recognised},
)
