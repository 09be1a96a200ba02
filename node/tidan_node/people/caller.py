"""Who is calling: the key that they showed, what it covers, and the party that they speak for."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    OPERATIONS_READ = "operations:read"
    TRAIL_READ = "trail:read"
    REPORTS_SIGN = "reports:sign"
    WEBHOOKS_MANAGE = "webhooks:manage"
    ADMIN = "admin"


EVERY_SCOPE: Final = frozenset(Scope)


def scopes_named(names: Iterable[str]) -> frozenset[Scope]:
    """The scopes of these names, each of which must exist."""
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
    name: str
    scopes: frozenset[Scope]
    party: PartyIndex | None = None

    def require(self, scope: Scope) -> None:
        """Nothing happens without the scope that it needs."""
        if scope not in self.scopes:
            raise ScopeMissing(f"the key lacks the scope {scope}", scope=str(scope))

    def speaking_for(self, party: PartyIndex | None) -> Caller:
        """The same caller, for the party that the node's account belongs to."""
        return replace(self, party=party)
