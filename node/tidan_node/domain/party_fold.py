"""A party as its events tell it: roles, standing, accounts, numbering keys, its own words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tidan_node.domain.events import (
    AccountAdded,
    AccountRemoved,
    ChainEvent,
    NumberingKeyRegistered,
    PartyEnrolled,
    ProfileChanged,
    RolesChanged,
    StatusChanged,
)
from tidan_node.domain.identifiers import NO_PARTY, ZERO_20, Address, IssuerCode, PartyIndex
from tidan_node.domain.membership_events import (
    PartyRecovered,
    RotationCancelled,
    RotationCompleted,
    RotationRequested,
    SuccessorNamed,
)
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.profiles import Profile, ProfileMalformed, read_profile
from tidan_node.domain.steps import HistoryBroken

PartyEvent = (
    PartyEnrolled
    | RolesChanged
    | StatusChanged
    | AccountAdded
    | AccountRemoved
    | ProfileChanged
    | NumberingKeyRegistered
    | RotationRequested
    | RotationCancelled
    | RotationCompleted
    | PartyRecovered
    | SuccessorNamed
)


@dataclass(frozen=True, slots=True)
class PartyAccount:
    """An account that acts for a party, or once did: nobody else ever gets it."""

    account: Address
    active: bool


@dataclass(frozen=True, slots=True)
class NumberingKey:
    """The key under which a code numbers its documents, for ever."""

    code_hash: str
    code: IssuerCode
    key: bytes
    party: PartyIndex


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a party has asked for its accounts; anybody may complete it from that time on."""

    added: Address | None
    removed: Address | None
    completable_from: int


@dataclass(frozen=True, slots=True)
class PartyState:
    """A party as it stands. A profile that breaks its form leaves its hash and the reason why."""

    index: PartyIndex
    roles: Role
    status: PartyStatus
    rulebook: str
    governing_law: str
    status_reason: str = ""
    accounts: tuple[PartyAccount, ...] = ()
    numbering_keys: tuple[NumberingKey, ...] = ()
    profile_hash: str | None = None
    profile: Profile | None = None
    profile_error: str | None = None
    rotation: Rotation | None = None
    recovery_reason: str | None = None
    successor: PartyIndex = NO_PARTY
    revoked_at: int = 0

    @property
    def standing(self) -> Standing:
        return Standing(
            self.index, self.roles, self.status, self.successor, self.name, self.revoked_at
        )

    @property
    def name(self) -> str:
        """What to call it; a party without a readable profile has its number for a name."""
        return self.profile.name if self.profile else f"party {self.index}"

    def has_account(self, account: Address) -> bool:
        """Whether this account acts for the party today."""
        return PartyAccount(account, active=True) in self.accounts


def advance_party(before: PartyState | None, happened: ChainEvent) -> PartyState:
    """The party after one more event, or `HistoryBroken` where the event cannot come next."""
    event = happened.event
    if not isinstance(event, PartyEvent):
        raise HistoryBroken(f"{type(event).__name__} is no event of a party")
    if isinstance(event, PartyEnrolled):
        if before is not None:
            raise HistoryBroken(f"party {event.party} is enrolled twice")
        return PartyState(
            index=event.party,
            roles=event.roles,
            status=PartyStatus.ACTIVE,
            rulebook=event.rulebook,
            governing_law=event.governing_law,
        )
    if before is None:
        raise HistoryBroken(f"party {event.party} has an event before it was enrolled")
    if event.party != before.index:
        raise HistoryBroken(f"an event of party {event.party} among those of {before.index}")
    return _after(before, event, happened.origin.block_time)


def _after(before: PartyState, event: PartyEvent, time: int) -> PartyState:
    after = before
    match event:
        case RolesChanged():
            after = replace(before, roles=event.roles)
        case StatusChanged():
            since = time if event.status is PartyStatus.REVOKED else before.revoked_at
            after = replace(
                before, status=event.status, status_reason=event.reason, revoked_at=since
            )
        case AccountAdded():
            after = _with_account(before, event.account, active=True)
        case AccountRemoved():
            after = _with_account(before, event.account, active=False)
        case ProfileChanged():
            after = _with_profile(before, event)
        case NumberingKeyRegistered():
            key = NumberingKey(event.code_hash, event.code, event.key, event.party)
            after = replace(before, numbering_keys=(*before.numbering_keys, key))
        case RotationRequested():
            after = replace(before, rotation=_rotation(event))
        case RotationCancelled() | RotationCompleted():
            after = replace(before, rotation=None)
        case PartyRecovered():
            after = replace(before, recovery_reason=event.reason)
        case SuccessorNamed():
            after = replace(before, successor=event.successor)
        case PartyEnrolled():
            raise HistoryBroken(f"party {event.party} is enrolled twice")
    return after


def _rotation(event: RotationRequested) -> Rotation:
    return Rotation(
        added=None if event.added == ZERO_20 else event.added,
        removed=None if event.removed == ZERO_20 else event.removed,
        completable_from=event.completable_from,
    )


def _with_account(before: PartyState, account: Address, *, active: bool) -> PartyState:
    others = tuple(known for known in before.accounts if known.account != account)
    return replace(before, accounts=(*others, PartyAccount(account, active)))


def _with_profile(before: PartyState, event: ProfileChanged) -> PartyState:
    try:
        profile, error = read_profile(event.profile), None
    except ProfileMalformed as malformed:
        profile, error = None, f"{malformed.field}: {malformed.detail}"
    return replace(before, profile_hash=event.profile_hash, profile=profile, profile_error=error)
