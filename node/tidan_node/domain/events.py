"""What happened on the chain: one frozen class per contract event, named as the event."""

from __future__ import annotations

from dataclasses import dataclass

from tidan_node.domain.identifiers import (
    Address,
    BlockHash,
    ContentRoot,
    IssuerCode,
    PartyIndex,
    RecordId,
    TitleId,
    TxHash,
)
from tidan_node.domain.membership_events import MembershipEvent
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.title_events import TitleEvent


@dataclass(frozen=True, slots=True)
class PartyEnrolled:
    party: PartyIndex
    roles: Role
    rulebook: str
    governing_law: str


@dataclass(frozen=True, slots=True)
class RolesChanged:
    party: PartyIndex
    roles: Role


@dataclass(frozen=True, slots=True)
class StatusChanged:
    party: PartyIndex
    status: PartyStatus
    reason: str


@dataclass(frozen=True, slots=True)
class AccountAdded:
    party: PartyIndex
    account: Address


@dataclass(frozen=True, slots=True)
class AccountRemoved:
    party: PartyIndex
    account: Address


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    party: PartyIndex
    profile_hash: str
    profile: bytes


@dataclass(frozen=True, slots=True)
class NumberingKeyRegistered:
    party: PartyIndex
    code_hash: str
    code: IssuerCode
    key: bytes


@dataclass(frozen=True, slots=True)
class InvoiceRegistered:
    id: RecordId
    seller: PartyIndex
    buyer: PartyIndex
    content_root: ContentRoot
    schema: int
    version: int


@dataclass(frozen=True, slots=True)
class InvoiceAccepted:
    id: RecordId
    seq: int
    by: PartyIndex


@dataclass(frozen=True, slots=True)
class InvoiceDisputed:
    id: RecordId
    seq: int
    by: PartyIndex
    reason: int


@dataclass(frozen=True, slots=True)
class InvoiceSettled:
    id: RecordId
    seq: int
    by: PartyIndex


@dataclass(frozen=True, slots=True)
class InvoiceCancelled:
    id: RecordId
    seq: int
    by: PartyIndex


@dataclass(frozen=True, slots=True)
class InvoiceLinked:
    id: RecordId
    seq: int
    by: PartyIndex
    title: TitleId


@dataclass(frozen=True, slots=True)
class PolicyIssued:
    id: RecordId
    insurer: PartyIndex
    insured: PartyIndex
    content_root: ContentRoot
    expires: int
    schema: int
    version: int


@dataclass(frozen=True, slots=True)
class PolicyEndorsed:
    id: RecordId
    seq: int
    by: PartyIndex
    content_root: ContentRoot
    version: int


@dataclass(frozen=True, slots=True)
class PolicyAssigned:
    id: RecordId
    seq: int
    by: PartyIndex
    loss_payee: PartyIndex


@dataclass(frozen=True, slots=True)
class PolicyCancelled:
    id: RecordId
    seq: int
    by: PartyIndex


@dataclass(frozen=True, slots=True)
class TrailAnchored:
    party: PartyIndex
    up_to: int
    checkpoint: str
    previous_up_to: int


Event = (
    PartyEnrolled
    | RolesChanged
    | StatusChanged
    | AccountAdded
    | AccountRemoved
    | ProfileChanged
    | NumberingKeyRegistered
    | TitleEvent
    | InvoiceRegistered
    | InvoiceAccepted
    | InvoiceDisputed
    | InvoiceSettled
    | InvoiceCancelled
    | InvoiceLinked
    | PolicyIssued
    | PolicyEndorsed
    | PolicyAssigned
    | PolicyCancelled
    | TrailAnchored
    | MembershipEvent
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where on which chain an event stands; (chain_id, block_hash, log_index) names it."""

    chain_id: int
    contract: Address
    block_number: int
    block_hash: BlockHash
    block_time: int
    tx_hash: TxHash
    log_index: int


@dataclass(frozen=True, slots=True)
class ChainEvent:
    """An event and where it stands."""

    event: Event
    origin: Origin
