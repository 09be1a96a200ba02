"""What the roles within the party cover."""

from __future__ import annotations

import pytest

from tidan_node.people.caller import Scope
from tidan_node.people.problems import UserRoleUnknown
from tidan_node.people.roles import SCOPES_OF, UserRole, scopes_of, user_roles_named

ACTS = {
    Scope.TITLES_ACT,
    Scope.INVOICES_ACT,
    Scope.POLICIES_ACT,
    Scope.COUNCIL_ACT,
    Scope.CREDENTIALS_ISSUE,
}


class TestTable:
    def test_every_role_stands_in_it(self) -> None:
        assert set(SCOPES_OF) == set(UserRole)

    def test_every_scope_belongs_to_some_role(self) -> None:
        assert scopes_of(UserRole) == set(Scope)

    @pytest.mark.parametrize("role", sorted(set(UserRole) - {UserRole.MAKER}))
    def test_only_a_maker_acts(self, role: UserRole) -> None:
        assert not ACTS & SCOPES_OF[role]

    @pytest.mark.parametrize("role", sorted(set(UserRole) - {UserRole.CHECKER}))
    def test_only_a_checker_decides_on_approvals(self, role: UserRole) -> None:
        assert Scope.APPROVALS_DECIDE not in SCOPES_OF[role]

    @pytest.mark.parametrize("role", sorted(set(UserRole) - {UserRole.ADMIN}))
    def test_only_an_administrator_changes_people(self, role: UserRole) -> None:
        assert Scope.ADMIN not in SCOPES_OF[role]


class TestScopesOf:
    def test_no_role_covers_nothing(self) -> None:
        assert scopes_of([]) == frozenset()

    def test_two_roles_cover_what_both_do(self) -> None:
        both = scopes_of([UserRole.MAKER, UserRole.CHECKER])
        assert both == SCOPES_OF[UserRole.MAKER] | SCOPES_OF[UserRole.CHECKER]


class TestUserRolesNamed:
    def test_a_name_that_is_none_is_refused_with_those_that_are(self) -> None:
        assert user_roles_named(["MAKER"]) == {UserRole.MAKER}
        with pytest.raises(UserRoleUnknown, match="READER"):
            user_roles_named(["maker"])
