"""The text of a credential is given once, to be handed on, and stays nowhere in the node."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.identity.served import served_offices
from tests.office import Consortium, Office
from tests.shown import Credentials, bearer
from tidan_node.approvals.tables import approvals
from tidan_node.domain.credentials import read_presented
from tidan_node.domain.parties import Role
from tidan_node.people.roles import UserRole
from tidan_node.web.tables import answers

ISSUE = {"subject": "2", "form": "jwt"}


@pytest.fixture
async def offices(tmp_path: Path) -> AsyncIterator[list[Office]]:
    """An issuer, and the party that it vouches for."""
    async with served_offices(Consortium(tmp_path), Role.REGULATOR, Role.CARRIER) as offices:
        yield list(offices)


async def _kept(office: Office) -> str:
    """All that the node keeps of answers and of what waited."""
    async with office.database.reading() as connection:
        rows = [(await connection.execute(select(table))).all() for table in (answers, approvals)]
    return repr(rows)


class TestShownOnce:
    async def test_a_repeated_issue_tells_all_but_the_text(self, offices: Any) -> None:
        issuer, _ = offices
        name = issuer.new_key()

        made = await issuer.client.post("/v1/credentials", json=ISSUE, headers=name)
        again = await issuer.client.post("/v1/credentials", json=ISSUE, headers=name)

        assert made.status_code == 201, made.text
        assert made.json()["credential"] not in await _kept(issuer)
        assert again.headers["idempotency-replayed"] == "true"
        assert again.json() == made.json() | {"credential": None}

    async def test_nor_is_a_presentation_kept(self, offices: Any) -> None:
        issuer, holder = offices
        made = (await issuer.post("/v1/credentials", ISSUE | {"form": "sd-jwt"})).json()
        wish = {"credential": made["credential"], "disclose": [], "audience": "bank"}
        wish["nonce"] = "12345678"
        name = holder.new_key()
        path = "/v1/credentials/presentations"

        shown = await holder.client.post(path, json=wish, headers=name)
        again = await holder.client.post(path, json=wish, headers=name)

        assert shown.status_code == 200, shown.text
        assert shown.json()["presentation"] not in await _kept(holder)
        assert again.json() == {"presentation": None}


class TestUnderFourEyes:
    async def test_whoever_approves_last_is_shown_it(self, offices: Any) -> None:
        issuer, _ = offices
        known = Credentials(issuer)
        checker = bearer((await known.users_key(await known.user(UserRole.CHECKER))).reveal())
        rule = {"act": "credential.issue", "approvers": 1}
        assert (await issuer.post("/v1/approval-rules", rule)).status_code == 200
        name = issuer.new_key()
        asked = await issuer.client.post("/v1/credentials", json=ISSUE, headers=name)
        approval = asked.json()["approval"]["id"]
        assert (await issuer.get("/v1/credentials")).json()["items"] == []
        waiting = (await issuer.get(f"/v1/approvals/{approval}")).json()["intended"]["details"]

        path, yes = f"/v1/approvals/{approval}/approval", issuer.new_key()
        given = await issuer.client.post(path, headers=checker | yes)
        again = await issuer.client.post(path, headers=checker | yes)

        assert given.json()["status"] == "done", given.text
        made = given.json()["answer"]
        (issued,) = (await issuer.get("/v1/credentials")).json()["items"]
        assert read_presented(made["credential"]).claims["id"] == issued["id"]
        assert (waiting["roles"], waiting["validUntil"]) == (["CARRIER"], issued["validUntil"])
        assert made["credential"] not in await _kept(issuer)
        assert again.json()["answer"] == made | {"credential": None}
        shown = (await issuer.get(f"/v1/approvals/{approval}")).json()["answer"]
        assert shown == made | {"credential": None}
