"""`tidan title alarms` against a node that answers as it is told."""

from __future__ import annotations

from typing import Any

LIST = "/v1/title-alarms?limit=50"


def alarm(told: Any, **members: object) -> dict[str, object]:
    return {
        "title": told.title_id,
        "number": "TDB-0417",
        "seq": 2,
        "status": "PENDING_DELIVERY",
        "possessor": told.shipper,
        "awaited": told.carrier,
        "since": "2026-10-04T09:00:00Z",
        "due": "2026-10-06T09:00:00Z",
        "raisedAt": "2026-10-06T09:00:10Z",
    } | members


def test_it_says_who_should_answer_and_since_when(node: Any, tidan: Any, told: Any) -> None:
    node.answer("GET", LIST, told.page(alarm(told)))

    ended = tidan("title", "alarms")

    assert ended.code == 0
    words = " ".join(ended.out.split())
    for said in (
        "3f2a91c0",
        "TDB-0417",
        "PENDING_DELIVERY",
        "Jade Kiln",
        "Paper Heron",
        "2026-10-04T09:00:00Z",
    ):
        assert said in words


def test_where_no_carrier_is_left_nobody_should(node: Any, tidan: Any, told: Any) -> None:
    node.answer("GET", LIST, told.page(alarm(told, awaited=None)))

    ended = tidan("title", "alarms")

    assert "nobody" in ended.out
    assert "tidan title end-as-paper" in ended.err


def test_programs_read_one_document(node: Any, tidan: Any, told: Any) -> None:
    node.answer("GET", LIST, told.page(alarm(told)))

    answer = tidan("title", "alarms", "--json").answer

    assert answer == {"items": [alarm(told)], "asOf": told.as_of, "more": False}


def test_a_key_that_may_not_is_refused(node: Any, tidan: Any) -> None:
    node.refuse("GET", LIST, "scope-missing", 403, detail="the key lacks the scope")

    ended = tidan("title", "alarms", "--json")

    assert ended.code == 1
    assert ended.problem["type"] == "/v1/problems/scope-missing"
