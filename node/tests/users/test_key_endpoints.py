"""Keys of services, of people and of their agents: who may make which, and when they stop."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.users.conftest import Person
from tidan_node.people.tables import api_keys
from tidan_node.people.users import utc_now
from tidan_node.web.shapes import as_utc
from tidan_node.web.tables import answers


def soon(**after: float) -> str:
    return as_utc(utc_now() + timedelta(**after))


def slug(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]


ROBOT = {"name": "robot", "scopes": ["records:read", "titles:act"], "agent": True}


async def _delegate(person: Person, **changed: object) -> dict[str, Any]:
    answer = await person.ask("POST", "/v1/keys", ROBOT | {"expiresAt": soon(days=30)} | changed)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


class TestServices:
    async def test_a_services_key_is_made_listed_and_revoked(self, office: Any) -> None:
        made = (await office.post("/v1/keys", {"name": "erp", "scopes": ["records:read"]})).json()
        erp = Person(office, made["key"])
        assert (await erp.ask("GET", "/v1/titles")).status_code == 200
        listed = (await office.get("/v1/keys")).json()["items"]
        assert {key: value for key, value in made.items() if key != "key"} in listed
        assert (made["user"], made["agent"], made["good"]) == (None, False, True)

        gone = await office.client.delete(f"/v1/keys/{made['id']}")

        assert gone.status_code == 204
        assert slug(await erp.ask("GET", "/v1/titles")) == (401, "not-authenticated")
        assert [(act, subject) for act, subject, _ in await office.trail()] == [
            ("key.created", made["id"]),
            ("key.revoked", made["id"]),
        ]

    async def test_its_text_is_nowhere_in_the_node(self, office: Any) -> None:
        body = {"name": "erp", "scopes": ["records:read"]}
        name = office.new_key()
        made = await office.client.post("/v1/keys", json=body, headers=name)
        secret = made.json()["key"].rsplit("_", 1)[-1]

        async with office.database.reading() as connection:
            kept = [
                repr((await connection.execute(select(table))).all())
                for table in (api_keys, answers)
            ]
        again = await office.client.post("/v1/keys", json=body, headers=name)

        assert all(secret not in rows for rows in kept)
        assert secret not in json.dumps(await office.trail())
        assert again.headers["idempotency-replayed"] == "true"
        assert again.json() == made.json() | {"key": None}
        assert len((await office.get("/v1/keys")).json()["items"]) == 2  # with the clerk's own

    async def test_only_an_administrator_makes_one(self, house: Any) -> None:
        ann = await house.session("ann", "MAKER")
        body = {"name": "erp", "scopes": ["records:read"]}
        assert slug(await ann.ask("POST", "/v1/keys", body)) == (403, "scope-missing")

    async def test_nobody_gives_one_what_it_has_not_itself(self, house: Any) -> None:
        boss = await house.session("boss", "ADMIN")
        body = {"name": "erp", "scopes": ["records:read", "titles:act"]}

        beyond = await boss.ask("POST", "/v1/keys", body)
        within = await boss.ask("POST", "/v1/keys", body | {"scopes": ["records:read"]})

        assert slug(beyond) == (403, "delegation-refused")
        assert within.json()["madeBy"] == house.people["boss"]

    @pytest.mark.parametrize(
        ("changed", "refused"),
        [
            ({"scopes": ["root"]}, "scope-unknown"),
            ({"scopes": []}, "invalid-input"),
            ({"name": "a\x1bb"}, "invalid-input"),
            ({"expiresAt": "2020-01-01T00:00:00Z"}, "invalid-input"),
            ({"expiresAt": "2030-01-01T00:00:00"}, "invalid-input"),
            ({"expiresAt": "9999-12-31T23:59:59-12:00"}, "invalid-input"),
        ],
    )
    async def test_what_breaks_a_rule_makes_none(
        self, office: Any, changed: dict[str, object], refused: str
    ) -> None:
        body = {"name": "erp", "scopes": ["records:read"]} | changed
        assert slug(await office.post("/v1/keys", body)) == (422, refused)
        assert len((await office.get("/v1/keys")).json()["items"]) == 1


class TestAgents:
    async def test_an_agent_acts_for_its_owner_with_what_it_was_given(self, house: Any) -> None:
        ann = await house.session("ann", "MAKER")
        made = await _delegate(ann, scopes=["records:read"])
        robot = Person(house.office, made["key"])
        assert (made["user"], made["agent"]) == (house.people["ann"], True)
        assert (await robot.ask("GET", "/v1/titles")).status_code == 200
        assert slug(await robot.ask("GET", "/v1/keys")) == (403, "scope-missing")
        assert slug(await robot.ask("GET", "/v1/sessions/current")) == (401, "not-authenticated")

    async def test_it_stops_at_once_when_its_owner_is_disabled(self, house: Any) -> None:
        ann = await house.session("ann", "MAKER")
        robot = Person(house.office, (await _delegate(ann))["key"])
        await house.office.post(f"/v1/users/{house.people['ann']}/disabling")
        assert slug(await robot.ask("GET", "/v1/titles")) == (401, "not-authenticated")

    async def test_it_loses_what_its_owner_loses(self, house: Any) -> None:
        ann = await house.session("ann", "MAKER")
        robot = Person(house.office, (await _delegate(ann))["key"])
        assert slug(await robot.ask("POST", "/v1/titles", {})) == (422, "invalid-input")
        await house.office.post(f"/v1/users/{house.people['ann']}/roles", {"roles": ["READER"]})
        assert slug(await robot.ask("POST", "/v1/titles", {})) == (403, "scope-missing")

    async def test_it_ends_when_it_was_said_to(self, house: Any) -> None:
        ann = await house.session("ann", "MAKER")
        robot = Person(house.office, (await _delegate(ann, expiresAt=soon(hours=2)))["key"])
        node = house.office.app.state.node
        later = node.clock() + timedelta(hours=2)
        house.office.app.state.node = replace(node, clock=lambda: later)
        assert slug(await robot.ask("GET", "/v1/titles")) == (401, "not-authenticated")

    async def test_its_owner_revokes_it(self, house: Any) -> None:
        ann = await house.session("ann", "MAKER")
        made = await _delegate(ann)
        assert (await ann.ask("DELETE", f"/v1/keys/{made['id']}")).status_code == 204
        robot = Person(house.office, made["key"])
        assert slug(await robot.ask("GET", "/v1/titles")) == (401, "not-authenticated")

    @pytest.mark.parametrize(
        ("changed", "refused"),
        [
            ({"scopes": ["webhooks:manage"]}, (403, "delegation-refused")),
            ({"scopes": ["keys:manage"]}, (403, "delegation-refused")),
            ({"expiresAt": None}, (422, "invalid-input")),
            ({"expiresAt": "2099-01-01T00:00:00Z"}, (422, "invalid-input")),
            ({"user": "0" * 16}, (403, "delegation-refused")),
        ],
    )
    async def test_what_cannot_be_delegated_is_said_so(
        self, house: Any, changed: dict[str, object], refused: tuple[int, str]
    ) -> None:
        ann = await house.session("ann", "MAKER")
        body = ROBOT | {"expiresAt": soon(days=1)} | changed
        assert slug(await ann.ask("POST", "/v1/keys", body)) == refused
        assert (await ann.ask("GET", "/v1/keys")).json()["items"] == []


class TestOthers:
    async def test_a_key_of_another_is_as_unknown_as_none(self, house: Any) -> None:
        ann = await house.session("ann", "MAKER")
        bob = await house.session("bob", "MAKER")
        made = await _delegate(ann)
        others = await bob.ask("DELETE", f"/v1/keys/{made['id']}")
        nobodys = await bob.ask("DELETE", f"/v1/keys/{'0' * 16}")
        assert others.status_code == 404
        assert others.content == nobodys.content
        assert (await bob.ask("GET", "/v1/keys")).json()["items"] == []
        robot = Person(house.office, made["key"])
        assert (await robot.ask("GET", "/v1/titles")).status_code == 200

    async def test_an_administrator_revokes_and_does_not_impersonate(self, house: Any) -> None:
        ann = await house.session("ann", "MAKER")
        boss = await house.session("boss", "ADMIN", "MAKER")
        made = await _delegate(ann)
        theirs = ROBOT | {"user": house.people["ann"], "expiresAt": soon(days=1)}
        assert slug(await boss.ask("POST", "/v1/keys", theirs)) == (403, "delegation-refused")
        assert made["id"] in {
            each["id"] for each in (await boss.ask("GET", "/v1/keys")).json()["items"]
        }
        assert (await boss.ask("DELETE", f"/v1/keys/{made['id']}")).status_code == 204


class TestOwn:
    async def test_a_person_calls_by_a_key_of_its_own(self, house: Any) -> None:
        ann = await house.session("ann", "MAKER")
        body = {"name": "script", "scopes": ["records:read", "keys:manage"], "user": "me"}
        made = (await ann.ask("POST", "/v1/keys", body | {"expiresAt": soon(days=1)})).json()
        assert (made["user"], made["agent"]) == (house.people["ann"], False)
        script = Person(house.office, made["key"])
        assert (await script.ask("GET", "/v1/titles")).status_code == 200

        more = body | {"scopes": ["titles:act"], "expiresAt": soon(days=1)}

        assert slug(await script.ask("POST", "/v1/keys", more)) == (403, "delegation-refused")

    @pytest.mark.parametrize(("days", "status"), [(1, 201), (2, 403)])
    async def test_a_key_makes_none_that_outlives_it(
        self, house: Any, days: int, status: int
    ) -> None:
        ann = await house.session("ann", "READER")
        body = {"name": "script", "scopes": ["keys:manage"], "user": "me"}
        ends = soon(days=1)
        made = (await ann.ask("POST", "/v1/keys", body | {"expiresAt": ends})).json()
        script = Person(house.office, made["key"])

        wish = body | {"expiresAt": ends if days == 1 else soon(days=days)}
        answer = await script.ask("POST", "/v1/keys", wish)

        assert answer.status_code == status, answer.text
        if status == 403:
            assert (answer.json()["field"], "sign in" in answer.text) == ("expiresAt", True)

    async def test_where_nobody_can_sign_in_keys_are_made_by_keys(self, office: Any) -> None:
        person = {"issuer": "https://login.example", "subject": "ann", "name": "Ann"}
        user = (await office.post("/v1/users", person | {"roles": ["READER"]})).json()["id"]
        body = {"name": "first", "scopes": ["keys:manage"], "user": user}
        made = (await office.post("/v1/keys", body | {"expiresAt": soon(days=1)})).json()

        again = body | {"user": "me", "expiresAt": soon(days=80)}
        answer = await Person(office, made["key"]).ask("POST", "/v1/keys", again)

        assert answer.status_code == 201, answer.text

    async def test_the_operator_makes_one_until_acts_are_under_four_eyes(self, house: Any) -> None:
        user = await house.add("ann", "MAKER", "CHECKER")
        body = {"name": "first", "scopes": ["approvals:decide"], "user": user}
        body |= {"expiresAt": soon(days=1)}
        made = await house.office.post("/v1/keys", body)
        assert made.status_code == 201, made.text
        assert made.json()["user"] == user

        rule = await house.office.post("/v1/approval-rules", {"act": "title.offer", "approvers": 1})

        assert rule.is_success, rule.text
        again = await house.office.post("/v1/keys", body | {"name": "second"})
        assert slug(again) == (403, "delegation-refused")
        assert "under four eyes" in again.json()["detail"]
