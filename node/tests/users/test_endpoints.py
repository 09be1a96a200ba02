"""An administrator keeps the directory; the trail says what became of whom, and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest

PERSON = {
    "issuer": "https://id.example",
    "subject": "ann@mail.example",
    "name": "Ann",
    "roles": ["MAKER", "READER"],
}


async def _add(office: Any, **changed: object) -> dict[str, Any]:
    answer = await office.post("/v1/users", PERSON | changed)
    assert answer.status_code == 201, answer.text
    added: dict[str, Any] = answer.json()
    return added


class TestAdd:
    async def test_the_person_stands_in_the_directory(self, office: Any) -> None:
        added = await _add(office)
        listed = (await office.get("/v1/users")).json()
        shown = (await office.get(f"/v1/users/{added['id']}")).json()
        assert listed == {"items": [added], "nextCursor": None}
        assert shown == added
        assert added["roles"] == ["MAKER", "READER"]
        assert "titles:act" in added["scopes"]
        assert added["disabledAt"] is None

    async def test_the_trail_names_nobody_but_by_id(self, office: Any) -> None:
        added = await _add(office)
        trail = await office.trail()
        assert trail == [("user.added", added["id"], {"roles": "MAKER READER"})]
        assert "mail.example" not in json.dumps(trail)

    async def test_nobody_is_added_twice(self, office: Any) -> None:
        await _add(office)
        again = await office.post("/v1/users", PERSON | {"name": "another Ann"})
        assert (again.status_code, again.json()["type"]) == (409, "/v1/problems/user-exists")
        assert "mail.example" not in again.text

    @pytest.mark.parametrize(
        ("changed", "slug"),
        [
            ({"issuer": None}, "invalid-input"),
            ({"issuer": "mail.example"}, "invalid-input"),
            ({"roles": ["OWNER"]}, "user-role-unknown"),
            ({"roles": []}, "invalid-input"),
            ({"subject": ""}, "invalid-input"),
            ({"name": "a\nb"}, "invalid-input"),
            ({"mail": "ann@mail.example"}, "invalid-input"),
        ],
    )
    async def test_what_breaks_a_rule_adds_nobody(
        self, office: Any, changed: dict[str, object], slug: str
    ) -> None:
        answer = await office.post("/v1/users", PERSON | changed)
        assert (answer.status_code, answer.json()["type"]) == (422, f"/v1/problems/{slug}")
        assert (await office.get("/v1/users")).json()["items"] == []
        assert await office.trail() == []


class TestList:
    async def test_pages_have_everybody_once(self, office: Any) -> None:
        added = [(await _add(office, subject=f"s{number}"))["id"] for number in range(5)]
        seen: list[str] = []
        query: dict[str, str] = {"limit": "2"}
        while True:
            page = (await office.get("/v1/users", **query)).json()
            seen += [each["id"] for each in page["items"]]
            if page["nextCursor"] is None:
                break
            query["cursor"] = page["nextCursor"]
        assert seen == added

    async def test_a_cursor_past_all_time_is_no_fault(self, office: Any) -> None:
        await _add(office)
        cursor = "WzkyMjMzNzIwMzY4NTQ3NzU4MDcsIngiXQ"  # [9223372036854775807,"x"]
        answer = await office.get("/v1/users", cursor=cursor)
        assert (answer.status_code, answer.json()["items"]) == (200, [])


class TestChange:
    async def test_other_roles_take_the_place_of_those_before(self, office: Any) -> None:
        added = await _add(office)
        changed = await office.post(f"/v1/users/{added['id']}/roles", {"roles": ["CHECKER"]})
        assert changed.json()["roles"] == ["CHECKER"]
        assert (await office.trail())[-1] == (
            "user.roles_changed",
            added["id"],
            {"roles": "CHECKER"},
        )

    async def test_who_is_disabled_can_be_enabled(self, office: Any) -> None:
        added = await _add(office)
        disabled = await office.post(f"/v1/users/{added['id']}/disabling")
        assert disabled.json()["disabledAt"] is not None
        enabled = await office.post(f"/v1/users/{added['id']}/enabling")
        assert enabled.json() == added
        assert [act for act, _, _ in await office.trail()] == [
            "user.added",
            "user.disabled",
            "user.enabled",
        ]

    @pytest.mark.parametrize("change", ["roles", "disabling", "enabling"])
    async def test_nobody_by_this_id_is_said_so(self, office: Any, change: str) -> None:
        body = {"roles": ["READER"]} if change == "roles" else None
        answer = await office.post(f"/v1/users/{'0' * 16}/{change}", body)
        assert (answer.status_code, answer.json()["type"]) == (404, "/v1/problems/user-unknown")
        assert await office.trail() == []
