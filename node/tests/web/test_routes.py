"""What every endpoint goes through before its own code runs."""

from __future__ import annotations

from typing import Any

import pytest

from tidan_node.web.caller import public, question, requires
from tidan_node.web.quick_reads import QuickRead, QuickRoutes, quickly
from tidan_node.web.routes import GuardedRoute, RuleMissing, guarded_router

KEY = {"Idempotency-Key": "one"}


async def _nothing() -> None:
    """An endpoint of no consequence."""


def test_an_endpoint_without_a_rule_cannot_be_built() -> None:
    with pytest.raises(RuleMissing, match="needs a rule"):
        guarded_router("/v1/x").get("")(_nothing)


def test_a_rule_names_a_scope_that_exists() -> None:
    with pytest.raises(ValueError, match="titles:burn"):
        requires("titles:burn")


def test_an_endpoint_is_asked_in_one_of_three_ways() -> None:
    with pytest.raises(RuleMissing, match="by GET, POST or DELETE"):
        guarded_router("/v1/x").put("", dependencies=[requires("admin")])(_nothing)


def test_a_question_needs_no_idempotency_key_and_no_transaction() -> None:
    router = guarded_router("/v1/x")
    router.post("/a", dependencies=[requires("records:read"), question()])(_nothing)
    router.post("/b", dependencies=[requires("records:read")])(_nothing)
    router.delete("/c", dependencies=[requires("admin")])(_nothing)

    routes = [each for each in router.routes if isinstance(each, GuardedRoute)]

    assert [(each.once, each.changes) for each in routes] == [
        (False, False),
        (True, True),
        (False, True),
    ]


async def test_a_field_that_is_not_known_is_refused_by_its_place(edge: Any) -> None:
    async with edge.client() as client:
        answer = await client.post("/v1/notes", json={"text": "a", "txet": "b"}, headers=KEY)

    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == "/v1/problems/invalid-input"
    assert problem["field"] == "txet"
    assert [(each["pointer"], each["rule"]) for each in problem["errors"]] == [
        ("/txet", "extra_forbidden")
    ]
    assert await edge.count() == 0


async def test_a_refused_value_is_not_repeated(edge: Any) -> None:
    async with edge.client() as client:
        answer = await client.post("/v1/notes", json={"text": {"secret": "x"}}, headers=KEY)

    assert answer.status_code == 422
    assert answer.json()["field"] == "text"
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b'{"text": "a", "text": "b"}',
        b'{"text": NaN}',
        b'{"text": ',
        b'{"text": "\xff"}',
        b'{"text": "\\ud800"}',
        b"[" * 100_000,
        b'{"text": 1' + b"0" * 5000 + b"}",
    ],
)
async def test_json_with_more_than_one_meaning_is_no_json(edge: Any, body: bytes) -> None:
    edge.app.user_middleware.clear()  # the limit is not what is asked here
    headers = KEY | {"Content-Type": "application/json"}
    async with edge.client() as client:
        answer = await client.post("/v1/notes", content=body, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/v1/problems/json-malformed"


async def test_a_body_that_is_not_json_is_of_the_wrong_kind(edge: Any) -> None:
    headers = KEY | {"Content-Type": "text/plain"}
    async with edge.client() as client:
        answer = await client.post("/v1/notes", content=b'{"text": "a"}', headers=headers)

    assert answer.status_code == 415
    assert answer.json()["type"] == "/v1/problems/unsupported-media-type"


def test_only_a_get_that_requires_a_scope_is_answered_quickly() -> None:
    read = quickly(QuickRead((), lambda keys: keys, lambda _row, _caller: None))
    asked, posted, open_to_all = (guarded_router(f"/v1/{name}") for name in "xyz")
    asked.get("/{id}", dependencies=[requires("records:read"), read])(_nothing)
    posted.post("/{id}", dependencies=[requires("titles:act"), read])(_nothing)
    open_to_all.get("/{id}", dependencies=[public(), read])(_nothing)

    assert QuickRoutes([asked]).find("/v1/x/0x" + "1f" * 32) is not None
    for router in (posted, open_to_all):
        with pytest.raises(RuleMissing, match="answered quickly"):
            QuickRoutes([router])
