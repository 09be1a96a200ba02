"""What a party is: its standing, its roles, and what each lets it do."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.problems import Problem


class Role(enum.IntFlag):
    """What a party is accredited for; the bits are those of PartyRegistry."""

    CARRIER = 1
    TRADER = 2
    BANK = 4
    INSURER = 8
    REGULATOR = 16
    KEYHOLDER = 32
    NOTARY = 64
    OPERATOR = 128


class PartyStatus(enum.IntEnum):
    """A party's standing, numbered as in PartyRegistry."""

    NONE = 0
    ACTIVE = 1
    SUSPENDED = 2
    REVOKED = 3


class PartyUnknown(Problem):
    status, slug, title = 404, "party-unknown", "No party by this name is enrolled"


class NotEnrolled(Problem):
    status, slug, title = 403, "not-enrolled", "The account belongs to no enrolled party"


class PartyNotActive(Problem):
    status, slug, title = 409, "party-not-active", "The party's standing does not allow this"


class RoleMissing(Problem):
    status, slug, title = 403, "role-missing", "The party is not accredited for this"


@dataclass(frozen=True, slots=True)
class Standing:
    """A party as the chain sees it when it acts or is acted with. Once it is revoked, since
    `revoked_at` (seconds, chain time), `successor` answers the surrenders of its titles."""

    party: PartyIndex
    roles: Role
    status: PartyStatus
    successor: PartyIndex = NO_PARTY
    name: str = field(default="", compare=False)
    """What refusals call it besides its number."""
    revoked_at: int = 0

    @property
    def called(self) -> str:
        """The party as a refusal names it."""
        return f"party {self.party} ({self.name})" if self.name else f"party {self.party}"

    def may_succeed(self, revoked: Standing) -> bool:
        """Whether it can answer for the other in all that it was: surrenders of a carrier's titles,
        pledges of a bank. One that was neither may have been a carrier before."""
        needed = revoked.roles & (Role.CARRIER | Role.BANK) or Role.CARRIER
        other = self.party != revoked.party
        return other and self.status is PartyStatus.ACTIVE and needed in self.roles

    def require_active(self, field: str) -> None:
        """Only a party in good standing starts or takes over anything."""
        if self.status is not PartyStatus.ACTIVE:
            raise PartyNotActive(
                f"{self.called} is {self.status.name.lower()}, not active", field=field
            )

    def require_not_revoked(self, field: str) -> None:
        """A suspended party can still decline and surrender; a revoked one can do nothing."""
        if self.status not in (PartyStatus.ACTIVE, PartyStatus.SUSPENDED):
            raise PartyNotActive(f"{self.called} is {self.status.name.lower()}", field=field)

    def require_role(self, role: Role, field: str) -> None:
        if role not in self.roles:
            raise RoleMissing(
                f"{self.called} does not have the role {role.name or role!r}", field=field
            )


def role_named(name: str) -> Role:
    """The role of this name, whatever its case."""
    try:
        return Role[name.strip().upper()]
    except KeyError as error:
        known = ", ".join(role.name or "" for role in Role)
        raise PartyRoleUnknown(f"{name!r} is none of {known}", field="role") from error


class PartyRoleUnknown(Problem):
    status, slug, title = 422, "party-role-unknown", "There is no such role"


def role_names(roles: Role) -> list[str]:
    """The names of the roles in this set, in the order of their bits."""
    return [role.name or "" for role in Role if role in roles]
