"""`tidan user …` against a node that answers as it is told."""

from __future__ import annotations

from typing import Any

import pytest

USER = "5b0c9a521c6f4e0a"
OTHER = "5b0d00001c6f4e0a"


def user(id_: str = USER, **members: object) -> dict[str, Any]:
    return {
        "id": id_,
        "issuer": "https://id.example",
        "subject": "248289761001",
        "name": "Ann",
        "roles": ["MAKER"],
        "scopes": ["records:read", "titles:act"],
        "createdAt": "2026-10-06T09:00:00Z",
        "disabledAt": None,
    } | members


class TestDirectory:
    @pytest.mark.parametrize(
        ("options", "issuer"),
        [
            ((), None),
            (("--issuer", "https://id.example"), "https://id.example"),
            (("--platform", "HARBOUR"), "platform:HARBOUR"),
        ],
    )
    def test_somebody_is_added_as_the_issuer_knows_it(
        self, node: Any, tidan: Any, options: tuple[str, ...], issuer: str | None
    ) -> None:
        node.answer("POST", "/v1/users", user(), status=201)
        ended = tidan("user", "add", "Ann", "--subject", "7", "--role", "MAKER", *options)
        assert ended.code == 0
        assert node.asked[0].json == {
            "name": "Ann",
            "subject": "7",
            "roles": ["MAKER"],
            "issuer": issuer,
        }

    @pytest.mark.parametrize("typed", ["5b0c9", "Ann", "5b0c…"])
    @pytest.mark.parametrize(
        ("command", "path"), [("disable", "disabling"), ("enable", "enabling")]
    )
    def test_who_is_meant_is_found_by_id_or_name(
        self, node: Any, tidan: Any, typed: str, command: str, path: str
    ) -> None:
        people = {"items": [user(), user(OTHER, name="Bob")], "nextCursor": None}
        node.answer("GET", "/v1/users?limit=200", people)
        node.answer("POST", f"/v1/users/{USER}/{path}", user())
        assert tidan("user", command, typed).code == 0
        assert len(node.taken("POST", f"/v1/users/{USER}/{path}")) == 1

    @pytest.mark.parametrize(("typed", "code"), [("5b0", 1), ("nobody", 2), ("", 2)])
    def test_who_is_not_clearly_meant_is_not_touched(
        self, node: Any, tidan: Any, typed: str, code: int
    ) -> None:
        people = {"items": [user(), user(OTHER, name="Bob")], "nextCursor": None}
        node.answer("GET", "/v1/users?limit=200", people)
        assert tidan("user", "disable", typed).code == code
        assert [asked.method for asked in node.asked] == ["GET"]

    @pytest.mark.parametrize(("able", "warned"), [(0, True), (1, False)])
    def test_who_disables_the_last_that_could_approve_is_told(
        self, node: Any, tidan: Any, able: int, warned: bool
    ) -> None:
        node.answer("GET", "/v1/users?limit=200", {"items": [user()], "nextCursor": None})
        node.answer("POST", f"/v1/users/{USER}/disabling", user())
        items = [{"act": "title.offer", "approvers": 1}]
        node.answer("GET", "/v1/approval-rules", {"items": items, "able": able})
        said = tidan("user", "disable", "Ann").err
        assert ("approval reset" in " ".join(said.split())) is warned

    def test_roles_take_the_place_of_those_before(self, node: Any, tidan: Any) -> None:
        node.answer("GET", "/v1/users?limit=200", {"items": [user()], "nextCursor": None})
        node.answer("POST", f"/v1/users/{USER}/roles", user(roles=["CHECKER"]))
        ended = tidan("user", "roles", USER, "--role", "CHECKER")
        (asked,) = node.taken("POST", f"/v1/users/{USER}/roles")
        assert asked.json == {"roles": ["CHECKER"]}
        assert "CHECKER" in ended.out

    def test_a_change_that_waits_for_others_says_so(self, node: Any, tidan: Any) -> None:
        waiting = {"approval": {"id": "77", "act": "user.add", "status": "open"}}
        node.answer("POST", "/v1/users", waiting, status=202)
        ended = tidan("user", "add", "Ann", "--subject", "7", "--role", "MAKER")
        assert ended.code == 8
        assert "tidan approval approve 77" in ended.err

    def test_the_list_says_who_may_sign_in(self, node: Any, tidan: Any) -> None:
        out = user(OTHER, name="Bob", disabledAt="2026-10-06T11:00:00Z")
        node.answer("GET", "/v1/users?limit=50", {"items": [user(), out], "nextCursor": None})
        ended = tidan("user", "list")
        assert "may sign in" in ended.out
        assert "disabled at 2026-10-06T11:00:00Z" in ended.out

    def test_who_asks_about_itself_sees_its_session(self, node: Any, tidan: Any) -> None:
        session = {"id": "aaaa", "user": USER, "name": "Ann", "scopes": ["records:read"]}
        node.answer("GET", "/v1/sessions/current", session)
        assert tidan("user", "show", "--json").answer == session
