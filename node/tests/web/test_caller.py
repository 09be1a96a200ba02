"""Who may call: the key and its scope are looked at before anything else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tidan_node.people.roles import UserRole
from tidan_node.people.sessions import Sessions
from tidan_node.people.users import Users, utc_now

NOTE = {"text": "forty bales"}
KEY = {"Idempotency-Key": "one"}


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer nonsense",
        "Basic dGlkYW46dGlkYW4=",
        "Bearer tidan_" + "0" * 16 + "_" + "0" * 64,
    ],
)
async def test_without_a_good_key_nobody_gets_in(edge: Any, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    async with edge.client(None) as client:
        answer = await client.get("/v1/notes", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["type"] == "/v1/problems/not-authenticated"


async def test_a_key_covers_its_scopes_and_no_more(edge: Any) -> None:
    async with edge.client("reader") as client:
        read = await client.get("/v1/notes")
        written = await client.post("/v1/notes", json=NOTE, headers=KEY)

    assert read.status_code == 200
    assert written.status_code == 403
    assert written.json()["type"] == "/v1/problems/scope-missing"
    assert written.json()["scope"] == "titles:act"
    assert await edge.count() == 0


async def test_the_body_of_a_stranger_is_not_even_read(edge: Any) -> None:
    async def body() -> Any:
        raise AssertionError("the body was asked for")
        yield b""

    async with edge.client(None) as client:
        answer = await client.post("/v1/notes", content=body(), headers=KEY)

    assert answer.status_code == 401


@pytest.mark.parametrize(("anchor", "status"), [(None, 200), ("0x" + "ab" * 32, 401)])
async def test_a_session_of_another_platform_needs_a_node_that_recognises_it(
    edge: Any, anchor: str | None, status: int
) -> None:
    async with edge.database.writing() as connection:
        guest = await Users(connection).add(
            issuer="platform:HARBOUR", subject="7", name="a guest", roles=[UserRole.READER]
        )
        _, text = await Sessions(connection).start(
            guest,
            via="platform:HARBOUR",
            expires_at=utc_now() + timedelta(hours=1),
            anchor_id=anchor,
        )

    async with edge.client(None) as client:
        headers = {"Authorization": f"Bearer {text.reveal()}"}
        answer = await client.get("/v1/notes", headers=headers)

    assert answer.status_code == status
