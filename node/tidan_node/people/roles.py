"""The roles that a party gives its people, and what each of them covers."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Final

from tidan_node.people.caller import Scope
from tidan_node.people.problems import UserRoleUnknown


class UserRole(enum.StrEnum):
    """What a person is to its party. Somebody may have several."""

    READER = "READER"
    MAKER = "MAKER"
    CHECKER = "CHECKER"
    ADMIN = "ADMIN"


_READING: Final = frozenset(
    {Scope.RECORDS_READ, Scope.DOCUMENTS_READ, Scope.OPERATIONS_READ, Scope.KEYS_MANAGE}
)
"""What everybody has: with keys:manage alone one can delegate, and look after keys of one's own."""

SCOPES_OF: Final[Mapping[UserRole, frozenset[Scope]]] = {
    UserRole.READER: _READING,
    UserRole.MAKER: _READING
    | {
        Scope.DOCUMENTS_SEND,
        Scope.DOCUMENTS_RECEIVE,
        Scope.TITLES_ACT,
        Scope.INVOICES_ACT,
        Scope.POLICIES_ACT,
        Scope.COUNCIL_ACT,
        Scope.CREDENTIALS_ISSUE,
        Scope.REPORTS_SIGN,
    },
    UserRole.CHECKER: _READING | {Scope.APPROVALS_DECIDE, Scope.TRAIL_READ, Scope.REPORTS_SIGN},
    UserRole.ADMIN: _READING
    | {Scope.ADMIN, Scope.ACCOUNTS_ACT, Scope.TRAIL_READ, Scope.WEBHOOKS_MANAGE},
}
"""The one table of roles within the party."""


def scopes_of(roles: Iterable[UserRole]) -> frozenset[Scope]:
    """All that these roles cover together."""
    return frozenset[Scope]().union(*(SCOPES_OF[role] for role in roles))


def user_roles_named(names: Iterable[str]) -> frozenset[UserRole]:
    """The roles of these names, each of which must exist."""
    found = set()
    for name in names:
        try:
            found.add(UserRole(name))
        except ValueError as error:
            known = ", ".join(UserRole)
            raise UserRoleUnknown(f"{name!r} is none of {known}", field="roles") from error
    return frozenset(found)
