"""What the Council decides and parties do about themselves: one class per contract event."""

from __future__ import annotations

from dataclasses import dataclass

from tidan_node.domain.identifiers import Address, PartyIndex
from tidan_node.domain.parties import Role
from tidan_node.domain.platforms import AnchorId, AnchorKind, PlatformCode


@dataclass(frozen=True, slots=True)
class RotationRequested:
    """From `completable_from` on anybody may complete it; an account that is zero is none."""

    party: PartyIndex
    added: Address
    removed: Address
    completable_from: int


@dataclass(frozen=True, slots=True)
class RotationCancelled:
    party: PartyIndex


@dataclass(frozen=True, slots=True)
class RotationCompleted:
    party: PartyIndex


@dataclass(frozen=True, slots=True)
class PartyRecovered:
    party: PartyIndex
    reason: str


@dataclass(frozen=True, slots=True)
class SuccessorNamed:
    party: PartyIndex
    successor: PartyIndex


@dataclass(frozen=True, slots=True)
class CouncilFounded:
    seats: tuple[PartyIndex, ...]
    threshold: int
    delay: int
    objection_window: int


@dataclass(frozen=True, slots=True)
class SeatAdded:
    party: PartyIndex


@dataclass(frozen=True, slots=True)
class SeatRemoved:
    party: PartyIndex


@dataclass(frozen=True, slots=True)
class Proposed:
    proposal: int
    by: PartyIndex
    subject: PartyIndex
    target: Address
    call: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Approved:
    """`executable_from` is 0 while approvals are missing."""

    proposal: int
    by: PartyIndex
    executable_from: int


@dataclass(frozen=True, slots=True)
class ApprovalWithdrawn:
    """`executable_from` is 0 where the approvals that are left are too few."""

    proposal: int
    by: PartyIndex
    executable_from: int


@dataclass(frozen=True, slots=True)
class Objected:
    proposal: int
    by: PartyIndex
    executable_from: int
    reason: str


@dataclass(frozen=True, slots=True)
class Executed:
    proposal: int


@dataclass(frozen=True, slots=True)
class PlatformRecognised:
    anchor_id: AnchorId
    platform: PlatformCode
    kind: AnchorKind
    anchor: bytes
    roles: Role
    acts: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class PlatformWithdrawn:
    anchor_id: AnchorId


@dataclass(frozen=True, slots=True)
class GatewayRecognised:
    gateway: Address
    name: str


@dataclass(frozen=True, slots=True)
class GatewayDismissed:
    gateway: Address


@dataclass(frozen=True, slots=True)
class GatewayAdmitted:
    """By the carrier itself: the gateway may bring in titles of its that were never here."""

    carrier: PartyIndex
    gateway: Address


@dataclass(frozen=True, slots=True)
class AdmissionWithdrawn:
    carrier: PartyIndex
    gateway: Address


MembershipEvent = (
    RotationRequested
    | RotationCancelled
    | RotationCompleted
    | PartyRecovered
    | SuccessorNamed
    | CouncilFounded
    | SeatAdded
    | SeatRemoved
    | Proposed
    | Approved
    | ApprovalWithdrawn
    | Objected
    | Executed
    | PlatformRecognised
    | PlatformWithdrawn
    | GatewayRecognised
    | GatewayDismissed
    | GatewayAdmitted
    | AdmissionWithdrawn
)
