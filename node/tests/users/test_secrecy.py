"""What opens something, and who somebody is elsewhere, stays out of the log and the trail."""

from __future__ import annotations

import json
from typing import Any

from tests.logs import captured
from tests.openid import REDIRECT
from tests.users.conftest import Person
from tests.users.test_key_endpoints import ROBOT, soon


class Secrets:
    """All that must be nowhere, gathered from what is sent and answered on the way."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def of(self, *texts: str) -> None:
        for text in texts:
            self.found.add(text)
            self.found |= {part for part in text.split("_") if len(part) > 16}

    def within(self, log: str) -> list[str]:
        return sorted(secret for secret in self.found if secret in log)


async def _everything(house: Any, secrets: Secrets) -> None:
    office, mail = house.office, "ann-subject@mail.example"
    secrets.of(mail, office.client.headers["Authorization"].split()[-1])
    person = {"subject": mail, "name": "Ann", "roles": ["MAKER", "CHECKER"]}
    added = (await office.post("/v1/users", person)).json()
    assert (await office.post("/v1/users", person)).status_code == 409

    # a sign-in that fails at each of its checks, and one that succeeds
    failed = await house.begin()
    for answer in (
        await office.client.post("/v1/sign-ins", json={"redirectUri": "https://x/" + mail}),
        await office.client.post(
            "/v1/sessions",
            json={"state": failed["state"], "secret": failed["secret"], "code": "false-code-1234"},
        ),
        await office.client.post("/v1/sessions", json={"state": mail}),
    ):
        assert answer.status_code in {403, 422}
    secrets.of(failed["state"], failed["secret"], "false-code-1234")
    begun = await house.begin()
    carried = await house.redirected(begun, mail)
    secrets.of(begun["state"], begun["secret"], carried["code"])
    secrets.of(begun["authorizationUrl"].split("nonce=")[1].split("&")[0])
    secrets.of(begun["authorizationUrl"].split("code_challenge=")[1].split("&")[0])
    made = (await office.client.post("/v1/sessions", json=carried)).json()
    secrets.of(made["token"])
    ann = Person(office, made["token"])

    # keys made, used, misused and revoked
    robot = await ann.ask("POST", "/v1/keys", ROBOT | {"expiresAt": soon(days=1)})
    secrets.of(robot.json()["key"])
    used = Person(office, robot.json()["key"])
    assert (await used.ask("GET", "/v1/titles")).status_code == 200
    assert (await used.ask("POST", "/v1/keys", ROBOT)).status_code == 403
    false = Person(office, used.token[:-64] + "5" * 64)
    secrets.of(false.token)
    assert (await false.ask("GET", "/v1/titles")).status_code == 401
    assert (await ann.ask("GET", f"/v1/titles?token={ann.token}")).status_code == 200
    await office.post(f"/v1/users/{added['id']}/disabling")
    assert (await used.ask("GET", "/v1/titles")).status_code == 401
    assert (await ann.ask("DELETE", "/v1/sessions/current")).status_code == 401


async def _verifiers(house: Any) -> set[str]:
    """Those of the sign-ins under way, which only the node's own table has."""
    async with house.office.database.reading() as connection:
        rows = await connection.exec_driver_sql("SELECT verifier, nonce FROM sign_ins")
        return {text for row in rows for text in row}


async def test_nothing_that_opens_anything_is_in_the_log_or_the_trail(house: Any) -> None:
    secrets = Secrets()
    with captured() as log:
        await house.office.client.post("/v1/sign-ins", json={"redirectUri": REDIRECT})
        secrets.of(*await _verifiers(house))
        await _everything(house, secrets)

    written = log.getvalue()
    trail = json.dumps(await house.office.trail())
    assert len(secrets.found) > 15
    assert written.count('"event": "request"') > 15
    assert secrets.within(written) == []
    assert secrets.within(trail) == []


async def test_a_failure_of_the_nodes_own_tells_no_secret_either(
    house: Any, monkeypatch: Any
) -> None:
    secrets = Secrets()
    begun = await house.begin()
    carried = await house.redirected(begun, "ann-subject@mail.example")
    secrets.of(carried["code"], carried["state"], carried["secret"], "ann-subject@mail.example")

    def broken(*told: object, **more: object) -> object:
        raise RuntimeError(f"cannot work with {told} {more}")

    monkeypatch.setattr("tidan_node.people.openid.subject_of_token", broken)
    with captured() as log:
        answer = await house.office.client.post("/v1/sessions", json=carried)

    assert answer.status_code == 500
    assert "request failed" in log.getvalue()
    assert secrets.within(log.getvalue() + answer.text) == []
