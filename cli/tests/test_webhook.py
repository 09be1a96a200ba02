"""`tidan webhook add|list|remove|test` against a node that answers as it is told."""

from __future__ import annotations

from typing import Any

import pytest

ID = "5b0c9a52-1c6f-4e0a-9f63-0a8f6f1c2d3e"
OTHER = "5b0d0000-1c6f-4e0a-9f63-0a8f6f1c2d3e"


def webhook(id_: str = ID, **members: object) -> dict[str, Any]:
    return {
        "id": id_,
        "url": "https://erp.example/tidan",
        "types": None,
        "records": None,
        "createdAt": "2026-10-06T09:00:00Z",
        "delivered": 3,
        "deliveredAt": None,
        "failures": 0,
        "nextAttemptAt": None,
        "problem": None,
        "disabledAt": None,
        "disabledReason": None,
    } | members


@pytest.fixture
def listed(node: Any) -> Any:
    node.answer("GET", "/v1/webhooks", {"items": [webhook(), webhook(OTHER)]})
    return node


def test_one_that_is_added_shows_its_secret(node: Any, tidan: Any) -> None:
    made = webhook(secret="whsec_abc", types=["tidan.title"])
    node.answer("POST", "/v1/webhooks", made, status=201)

    ended = tidan("webhook", "add", "https://erp.example/tidan", "--type", "tidan.title")

    assert node.asked[0].json == {"url": "https://erp.example/tidan", "types": ["tidan.title"]}
    assert "whsec_abc" in ended.out
    assert "not shown again" in ended.out


def test_one_that_was_added_before_says_what_to_do(node: Any, tidan: Any) -> None:
    made = {"id": ID, "secret": None, "types": None, "records": None}
    node.answer("POST", "/v1/webhooks", made, status=201)

    ended = tidan("webhook", "add", "https://erp.example/hook", "--idempotency-key", "one")

    assert "remove it" in " ".join(ended.out.split())


def test_the_list_says_how_deliveries_go(node: Any, tidan: Any) -> None:
    failing = webhook(problem="timeout", nextAttemptAt="2026-10-06T10:00:00Z")
    lost = webhook(disabledAt="2026-10-06T11:00:00Z", disabledReason="http-410")
    node.answer("GET", "/v1/webhooks", {"items": [webhook(), failing, lost]})

    ended = tidan("webhook", "list")

    assert "well" in ended.out
    assert "timeout, again at 2026-10-06T10:00:00Z" in ended.out
    assert "disabled at 2026-10-06T11:00:00Z: http-410" in ended.out


def test_one_is_removed_by_how_its_id_begins(listed: Any, tidan: Any) -> None:
    listed.answer("DELETE", f"/v1/webhooks/{ID}", b"", status=204)

    ended = tidan("webhook", "remove", "5b0c", "--json")

    assert ended.answer == {"removed": ID}
    assert len(listed.taken("DELETE", f"/v1/webhooks/{ID}")) == 1


@pytest.mark.parametrize(("typed", "slug"), [("5b0", "identifier-ambiguous"), ("9", "not-found")])
def test_one_that_is_not_the_only_one_is_not_touched(
    listed: Any, tidan: Any, typed: str, slug: str
) -> None:
    ended = tidan("webhook", "remove", typed, "--json")

    assert ended.problem["type"] == f"/v1/problems/{slug}"
    assert [each.method for each in listed.asked] == ["GET"]


@pytest.mark.parametrize(("problem", "code"), [(None, 0), ("http-500", 1)])
def test_a_trial_says_what_came_of_it(
    listed: Any, tidan: Any, problem: str | None, code: int
) -> None:
    trial = {"delivered": problem is None, "problem": problem, "milliseconds": 12}
    listed.answer("POST", f"/v1/webhooks/{ID}/test", trial)

    ended = tidan("webhook", "test", ID)

    assert ended.code == code
    assert "12 ms" in ended.out
    assert (problem or "taken") in ended.out
