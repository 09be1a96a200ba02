"""Who is calling: the key or session that they showed, what it covers, and whom they speak for."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.people.problems import ScopeMissing, ScopeUnknown


class Scope(enum.StrEnum):
    """What a key can cover. No scope includes another: a key has what it was given, and no more."""

    RECORDS_READ = "records:read"
    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_SEND = "documents:send"
    DOCUMENTS_RECEIVE = "documents:receive"
    TITLES_ACT = "titles:act"
    INVOICES_ACT = "invoices:act"
    POLICIES_ACT = "policies:act"
    COUNCIL_ACT = "council:act"
    ACCOUNTS_ACT = "accounts:act"
    CREDENTIALS_ISSUE = "credentials:issue"
    APPROVALS_DECIDE = "approvals:decide"
    OPERATIONS_READ = "operations:read"
    TRAIL_READ = "trail:read"
    REPORTS_SIGN = "reports:sign"
    WEBHOOKS_MANAGE = "webhooks:manage"
    KEYS_MANAGE = "keys:manage"
    ADMIN = "admin"


EVERY_SCOPE: Final = frozenset(Scope)

NEVER_AN_AGENTS: Final = frozenset({Scope.APPROVALS_DECIDE, Scope.KEYS_MANAGE, Scope.ADMIN})
"""A person answers for these itself: an agent decides nothing, and hands nothing on."""

NEVER_A_PLATFORMS: Final = frozenset(
    {
        Scope.ADMIN,
        Scope.KEYS_MANAGE,
        Scope.WEBHOOKS_MANAGE,
        Scope.ACCOUNTS_ACT,
        Scope.COUNCIL_ACT,
    }
)
"""What is handed on by these would outlive the recognition of a foreign platform: people in the
directory, keys, places that events are sent to, the party's accounts, the gateways that it admits;
and decisions on recognitions themselves."""


def scopes_named(names: Iterable[str]) -> frozenset[Scope]:
    """The scopes of these names, each of which must exist."""
    return _scopes_named(tuple(names))


@lru_cache(maxsize=256)
def _scopes_named(names: tuple[str, ...]) -> frozenset[Scope]:
    """A key shows the same ones in each request."""
    found = set()
    for name in names:
        try:
            found.add(Scope(name))
        except ValueError as error:
            known = ", ".join(Scope)
            raise ScopeUnknown(f"{name!r} is none of {known}", field="scopes") from error
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Caller:
    """One authenticated request's sender. `party` is None while the node's account has none."""

    key_id: str
    """The id of the key or session that was shown: what logs and the trail call the caller."""
    name: str
    scopes: frozenset[Scope]
    party: PartyIndex | None = None
    user: str | None = None
    """The id of the person: who has signed in, or whose key it is. A service's key has none."""
    agent: bool = False
    """Whether somebody acts by delegation of this user, and not the user itself."""
    session: bool = False
    anchor_id: str | None = None
    """The recognition of a foreign platform that a session lives by."""
    made_by: str | None = None
    """The id of the person who made it, where it is a service's key."""
    expires_at: datetime | None = None
    """When the key or session that was shown ends."""

    @property
    def responsible(self) -> str:
        """Who answers for what is asked: the person, whoever made the service's key, or where
        nobody of the directory did, the key itself."""
        return self.user or self.made_by or self.key_id

    def require(self, scope: Scope) -> None:
        """Nothing happens without the scope that it needs."""
        if scope not in self.scopes:
            shown = "session" if self.session else "key"
            raise ScopeMissing(f"the {shown} lacks the scope {scope}", scope=str(scope))

    def speaking_for(self, party: PartyIndex | None) -> Caller:
        """The same caller, for the party that the node's account belongs to."""
        return replace(self, party=party)

    def within(self, scopes: frozenset[Scope]) -> Caller:
        """The same caller, who may do of all it may only what is among these."""
        return replace(self, scopes=self.scopes & scopes)
