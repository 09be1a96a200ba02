"""People sign in by a real OpenID provider; whatever goes wrong opens nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from tests.openid import REDIRECT
from tidan_node.people.roles import SCOPES_OF, UserRole
from tidan_node.web.allowance import SharedAllowance

CURRENT = "/v1/sessions/current"


def slug(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]


class TestSession:
    async def test_somebody_in_the_directory_has_what_its_roles_cover(self, house: Any) -> None:
        user = await house.add("ann", "MAKER")

        made = (await house.sign_in("ann")).json()

        assert made["user"] == {"id": user, "name": "the ann"}
        assert made["via"] == "oidc"
        assert made["scopes"] == sorted(SCOPES_OF[UserRole.MAKER])
        assert made["token"].startswith(f"tidans_{made['id']}_")
        assert (await house.office.trail())[-1] == ("session.started", user, {"via": "oidc"})

    async def test_its_token_is_a_key_until_its_user_signs_out(self, house: Any) -> None:
        ann = await house.session("ann", "READER")
        shown = (await ann.ask("GET", CURRENT)).json()
        assert (shown["user"], shown["name"]) == (house.people["ann"], "the ann")
        assert (await ann.ask("GET", "/v1/titles")).status_code == 200
        assert slug(await ann.ask("POST", "/v1/users", {})) == (403, "scope-missing")

        assert (await ann.ask("DELETE", CURRENT)).status_code == 204

        assert slug(await ann.ask("GET", CURRENT)) == (401, "not-authenticated")
        assert (await house.office.trail())[-1][:2] == ("session.ended", house.people["ann"])

    async def test_what_is_asked_twice_by_the_same_person_is_done_once(self, house: Any) -> None:
        ann = await house.session("ann", "ADMIN")
        person = {"subject": "bob", "name": "Bob", "roles": ["READER"]}
        first = await ann.ask("POST", "/v1/users", person, **{"Idempotency-Key": "one"})
        ann.token = (await house.sign_in("ann")).json()["token"]
        again = await ann.ask("POST", "/v1/users", person, **{"Idempotency-Key": "one"})
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()
        assert again.headers["idempotency-replayed"] == "true"

    async def test_unknown_and_disabled_people_are_refused_alike(self, house: Any) -> None:
        user = await house.add("ann", "MAKER")
        await house.office.post(f"/v1/users/{user}/disabling")
        told = []
        for who in ("ann", "nora"):
            carried = await house.redirected(await house.begin(), who)
            with recorded(house.office) as sent:
                answer = await house.office.client.post("/v1/sessions", json=carried)
            told.append((answer.status_code, answer.content, _plain(answer), tuple(sent)))
        assert told[0] == told[1]
        assert told[0][0] == 403
        refused = ("session.refused", "oidc", {"problem": "not-in-directory", "rule": None})
        assert (await house.office.trail())[-2:] == [refused, refused]

    async def test_who_is_disabled_is_out_at_once(self, house: Any) -> None:
        ann = await house.session("ann", "READER")
        await house.office.post(f"/v1/users/{house.people['ann']}/disabling")
        assert slug(await ann.ask("GET", "/v1/titles")) == (401, "not-authenticated")
        await house.office.post(f"/v1/users/{house.people['ann']}/enabling")
        assert slug(await ann.ask("GET", "/v1/titles")) == (401, "not-authenticated")
        assert (await house.sign_in("ann")).status_code == 201

    async def test_it_ends_after_the_hours_of_the_setting(self, house: Any) -> None:
        ann = await house.session("ann", "READER")
        node = house.office.app.state.node
        now = node.clock()
        for hours, status in ((7.9, 200), (8.1, 401)):
            later = now + timedelta(hours=hours)
            house.office.app.state.node = replace(node, clock=lambda later=later: later)
            assert (await ann.ask("GET", "/v1/titles")).status_code == status

    async def test_a_code_is_brought_once(self, house: Any) -> None:
        await house.add("ann", "READER")
        carried = await house.redirected(await house.begin(), "ann")
        assert (await house.office.client.post("/v1/sessions", json=carried)).status_code == 201
        again = await house.office.client.post("/v1/sessions", json=carried)
        assert slug(again) == (403, "sign-in-unknown")

    async def test_a_caught_redirect_opens_nothing_without_the_secret(self, house: Any) -> None:
        await house.add("ann", "READER")
        mine, thiefs = await house.begin(), await house.begin()
        carried = await house.redirected(mine, "ann")
        stolen = carried | {"secret": thiefs["secret"]}
        answer = await house.office.client.post("/v1/sessions", json=stolen)
        assert slug(answer) == (403, "sign-in-unknown")
        assert (await house.office.client.post("/v1/sessions", json=carried)).status_code == 201

    async def test_a_code_of_another_sign_in_is_refused_and_ends_this_one(self, house: Any) -> None:
        await house.add("ann", "READER")
        mine, other = await house.begin(), await house.begin()
        code = (await house.redirected(other, "ann"))["code"]
        carried = await house.redirected(mine, "ann")
        mixed = await house.office.client.post("/v1/sessions", json=carried | {"code": code})
        assert slug(mixed) == (403, "sign-in-refused")
        refused = {"problem": "sign-in-refused", "rule": "code"}
        assert (await house.office.trail())[-1] == ("session.refused", "oidc", refused)
        again = await house.office.client.post("/v1/sessions", json=carried)
        assert slug(again) == (403, "sign-in-unknown")

    async def test_after_ten_minutes_it_is_too_late(self, house: Any) -> None:
        await house.add("ann", "READER")
        carried = await house.redirected(await house.begin(), "ann")
        node = house.office.app.state.node
        late = node.clock() + timedelta(minutes=10)
        house.office.app.state.node = replace(node, clock=lambda: late)
        answer = await house.office.client.post("/v1/sessions", json=carried)
        assert slug(answer) == (403, "sign-in-unknown")

    @pytest.mark.parametrize(
        "body", [{}, {"state": "s", "secret": "s"}, {"state": "s", "secret": "s", "code": ""}]
    )
    async def test_half_a_redirect_is_named(self, house: Any, body: dict[str, str]) -> None:
        answer = await house.office.client.post("/v1/sessions", json=body)
        assert slug(answer) == (422, "invalid-input")


class TestSignIn:
    @pytest.mark.parametrize(
        "uri",
        [
            "https://elsewhere.example/callback",
            "http://localhost:4711/callback",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:70000/callback",
            "http://127.0.0.1:4711/callback?x=1",
            "http://127.0.0.1:4711@elsewhere.example/callback",
            "http://127.0.0.1:4711.elsewhere.example/",
            "javascript:alert(1)",
        ],
    )
    async def test_nobody_is_sent_elsewhere(self, house: Any, uri: str) -> None:
        answer = await house.office.client.post("/v1/sign-ins", json={"redirectUri": uri})
        assert slug(answer) == (422, "redirect-refused")
        assert answer.json()["field"] == "redirectUri"

    @pytest.mark.parametrize(
        "uri", ["https://desk.example/signed-in", "http://[::1]:4711/callback", REDIRECT]
    )
    async def test_this_machine_and_the_setting_are_fine(self, house: Any, uri: str) -> None:
        answer = await house.office.client.post("/v1/sign-ins", json={"redirectUri": uri})
        assert answer.status_code == 201
        assert answer.json()["state"] in answer.json()["authorizationUrl"]
        assert answer.json()["secret"] not in answer.json()["authorizationUrl"]

    async def test_strangers_begin_only_so_many(self, house: Any) -> None:
        node = house.office.app.state.node
        few = SharedAllowance(2, 2, timedelta(minutes=1))
        house.office.app.state.node = replace(node, signing_in=few)
        answers = [
            await house.office.client.post("/v1/sign-ins", json={"redirectUri": REDIRECT})
            for _ in range(3)
        ]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert 0 < int(answers[-1].headers["retry-after"]) <= 60

    async def test_a_node_without_a_provider_says_so(self, office: Any) -> None:
        begun = await office.client.post("/v1/sign-ins", json={"redirectUri": REDIRECT})
        ended = await office.client.post(
            "/v1/sessions", json={"state": "s", "secret": "s", "code": "c"}
        )
        assert slug(begun) == slug(ended) == (404, "sign-in-not-offered")


class recorded:  # noqa: N801  a context manager
    """The SQL that a node sends meanwhile."""

    def __init__(self, office: Any) -> None:
        database = office.database
        self._engines = [database._reader.sync_engine, database._writer.sync_engine]
        self._sent: list[str] = []

    def __enter__(self) -> list[str]:
        for engine in self._engines:
            event.listen(engine, "before_cursor_execute", self._note)
        return self._sent

    def __exit__(self, *_: object) -> None:
        for engine in self._engines:
            event.remove(engine, "before_cursor_execute", self._note)

    def _note(self, *told: object) -> None:
        self._sent.append(str(told[2]))


def _plain(answer: Any) -> dict[str, str]:
    """Its headers but those that name the one request."""
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}
