"""`tidan parcel list|show`."""

from __future__ import annotations

from typing import Any

PARCEL = "5d" * 16


def parcel(told: Any, **members: object) -> dict[str, Any]:
    return {
        "id": PARCEL,
        "direction": "in",
        "kind": "title",
        "record": told.title_id,
        "party": {"index": 1, "name": "Paper Heron Demo Line"},
        "status": "received",
        "attempts": 1,
        "nextAttemptAt": None,
        "problem": None,
        "rule": None,
        "createdAt": "2026-10-06T09:00:00Z",
        "endedAt": "2026-10-06T09:00:00Z",
    } | members


def test_one_is_shown_with_whom_it_came_from(node: Any, tidan: Any, told: Any) -> None:
    node.answer("GET", f"/v1/parcels/{PARCEL}", parcel(told))

    ended = tidan("parcel", "show", PARCEL)

    assert ended.code == 0
    assert "from" in ended.out
    assert "Paper Heron Demo Line" in ended.out
    assert "received" in ended.out


def test_the_list_asks_for_what_was_chosen(node: Any, tidan: Any, told: Any) -> None:
    path = f"/v1/parcels?limit=50&direction=in&record={told.title_id}&status=received"
    node.answer("GET", path, {"items": [parcel(told)], "nextCursor": None})

    ended = tidan(
        *("parcel", "list", "--direction", "in", "--record", told.title_id),
        *("--status", "received", "--json"),
    )

    assert ended.code == 0
    assert [each["id"] for each in ended.answer["items"]] == [PARCEL]


def test_what_was_refused_before_it_could_be_read_has_no_record(
    node: Any, tidan: Any, told: Any
) -> None:
    unread = parcel(told, kind=None, record=None, status="refused", problem="package-malformed")
    node.answer("GET", "/v1/parcels?limit=50", {"items": [unread], "nextCursor": None})

    ended = tidan("parcel", "list")

    assert ended.code == 0
    assert "package-malformed" in ended.out


def test_a_state_that_does_not_exist_is_refused(node: Any, tidan: Any) -> None:
    ended = tidan("parcel", "list", "--status", "lost")

    assert ended.code == 2
    assert node.asked == []
