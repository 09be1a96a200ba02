"""A caller may do what its key covers."""

from __future__ import annotations

import pytest

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.people.caller import EVERY_SCOPE, Caller, Scope, scopes_named
from tidan_node.people.problems import ScopeMissing, ScopeUnknown


class TestRequire:
    def test_a_scope_that_the_key_has_is_enough(self) -> None:
        Caller("k", "desk", frozenset({Scope.TITLES_ACT})).require(Scope.TITLES_ACT)

    @pytest.mark.parametrize("scope", sorted(EVERY_SCOPE))
    def test_no_scope_stands_for_another(self, scope: Scope) -> None:
        caller = Caller("k", "desk", EVERY_SCOPE - {scope})
        with pytest.raises(ScopeMissing) as refusal:
            caller.require(scope)
        assert refusal.value.document()["status"] == 403
        assert refusal.value.document()["scope"] == scope.value

    def test_whoever_has_signed_in_is_told_of_its_session(self) -> None:
        caller = Caller("k", "a maker", frozenset(), session=True)
        with pytest.raises(ScopeMissing, match="the session lacks the scope records:read"):
            caller.require(Scope.RECORDS_READ)


class TestSpeakingFor:
    def test_keeps_everything_but_the_party(self) -> None:
        caller = Caller("k", "desk", frozenset({Scope.ADMIN}))
        assert caller.party is None
        speaking = caller.speaking_for(PartyIndex(3))
        assert speaking == Caller("k", "desk", caller.scopes, PartyIndex(3))


class TestScopesNamed:
    def test_every_scope_has_its_name(self) -> None:
        assert scopes_named(str(scope) for scope in Scope) == EVERY_SCOPE

    def test_a_name_that_is_none_is_refused_with_those_that_are(self) -> None:
        with pytest.raises(ScopeUnknown, match="records:read"):
            scopes_named(["records:read", "root"])
