"""`tidan title share`, and what `tidan title offer` says of its package."""

from __future__ import annotations

from typing import Any

from tidan_node.exchange.courier import GIVES_UP_AFTER

PARCEL = "5d" * 16


def parcel(told: Any, status: str = "queued", **members: object) -> dict[str, Any]:
    return {
        "id": PARCEL,
        "direction": "out",
        "kind": "title",
        "record": told.title_id,
        "party": {"index": 3, "name": "Elbe Demo Imports"},
        "status": status,
        "attempts": 1,
        "nextAttemptAt": None,
        "problem": None,
        "rule": None,
        "createdAt": "2026-10-06T09:00:00Z",
        "endedAt": None,
    } | members


def sent_of(told: Any) -> str:
    return f"/v1/parcels?direction=out&record={told.title_id}&limit=1"


class TestShare:
    def test_it_waits_until_the_package_is_there(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", "/v1/parcels/outgoing", parcel(told), status=202)
        node.answer("GET", f"/v1/parcels/{PARCEL}", parcel(told), parcel(told, "delivered"))

        ended = tidan("title", "share", told.title_id, "--to", "3")

        assert ended.code == 0
        (asked,) = node.taken("POST", "/v1/parcels/outgoing")
        assert asked.json == {"kind": "title", "record": told.title_id, "recipient": "3"}
        assert asked.headers["Idempotency-Key"]
        assert "package delivered to Elbe Demo Imports" in ended.out

    def test_without_waiting_it_ends_at_once(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", "/v1/parcels/outgoing", parcel(told), status=202)

        ended = tidan("title", "share", told.title_id, "--to", "3", "--no-wait", "--json")

        assert (ended.code, ended.answer["status"]) == (0, "queued")
        assert len(node.asked) == 1

    def test_one_that_waits_longer_than_the_command_is_pending(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        waits = parcel(told, problem="recipient-unreachable")
        node.answer("POST", "/v1/parcels/outgoing", waits, status=202)
        node.answer("GET", f"/v1/parcels/{PARCEL}", waits)

        ended = tidan("title", "share", told.title_id, "--to", "3", "--timeout", "0.1", "--json")

        assert (ended.code, ended.answer["problem"]) == (4, "recipient-unreachable")
        assert PARCEL in ended.problem["detail"]

    def test_one_that_is_refused_is_told_with_its_rule(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        refused = parcel(told, "refused", problem="package-refused", rule="root")
        node.answer("POST", "/v1/parcels/outgoing", refused, status=202)

        ended = tidan("title", "share", told.title_id, "--to", "3", "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/package-not-taken"
        assert ended.problem["detail"] == "package refused: package-refused (rule root)"


class TestOffer:
    def _offered(self, node: Any, told: Any) -> None:
        path = f"/v1/titles/{told.title_id}/offers"
        node.answer("POST", path, told.accepted("succeeded"), status=202)

    def test_it_says_that_the_package_has_arrived(self, node: Any, tidan: Any, told: Any) -> None:
        self._offered(node, told)
        node.answer("GET", sent_of(told), {"items": [parcel(told)], "nextCursor": None})
        node.answer("GET", f"/v1/parcels/{PARCEL}", parcel(told, "delivered"))

        ended = tidan("title", "offer", told.title_id, "--to", "3")

        assert ended.code == 0
        assert "package delivered to Elbe Demo Imports" in ended.out

    def test_programs_read_the_parcel_beside_the_operation(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        self._offered(node, told)
        items = [parcel(told, "delivered")]
        node.answer("GET", sent_of(told), {"items": items, "nextCursor": None})

        ended = tidan("title", "offer", told.title_id, "--to", "3", "--json")

        assert ended.answer["parcel"] == items[0]
        assert ended.answer["operation"]["status"] == "succeeded"

    def test_one_that_waits_fails_no_offer(self, node: Any, tidan: Any, told: Any) -> None:
        self._offered(node, told)
        waits = parcel(told, problem="recipient-unreachable")
        node.answer("GET", sent_of(told), {"items": [waits], "nextCursor": None})
        node.answer("GET", f"/v1/parcels/{PARCEL}", waits)

        ended = tidan("title", "offer", told.title_id, "--to", "3", "--timeout", "0.1")

        assert ended.code == 0
        assert "waits: recipient-unreachable" in ended.out
        assert f"retried for {GIVES_UP_AFTER.days} days, as `tidan parcel list` shows" in ended.out

    def test_a_key_that_may_not_look_fails_no_offer(self, node: Any, tidan: Any, told: Any) -> None:
        self._offered(node, told)
        node.refuse("GET", sent_of(told), "scope-missing", 403, detail="the key lacks it")

        ended = tidan("title", "offer", told.title_id, "--to", "3", "--json")

        assert (ended.code, ended.answer["parcel"]) == (0, None)
