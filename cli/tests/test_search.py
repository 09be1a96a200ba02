"""`tidan search`, and numbers of documents in the place of ids."""

from __future__ import annotations

from typing import Any

import pytest

SEARCH = "/v1/search"


def found(told: Any, record: str | None = None, **members: object) -> dict[str, Any]:
    return {
        "kind": "title",
        "record": record or told.title_id,
        "scheme": "bill-of-lading",
        "value": "TDZ2026HAM000417",
        "whole": True,
        "current": True,
        "status": "LIVE",
        "parties": {"issuer": told.carrier},
    } | members


def answer(told: Any, *items: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return {"items": list(items), "more": more, "asOf": told.as_of}


class TestSearch:
    def test_the_number_goes_in_the_body(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", SEARCH, answer(told, found(told)))

        ended = tidan("search", "tdz 2026", "--kind", "title", "--json")

        (asked,) = node.asked
        assert asked.path == SEARCH
        assert asked.json == {"text": "tdz 2026", "kind": "title", "whole": False, "limit": 50}
        assert ended.answer == answer(told, found(told))

    def test_people_read_what_it_is_and_how_it_stands(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        left = found(told, status=None, current=False, parties={})
        node.answer("POST", SEARCH, answer(told, found(told), left, more=True))

        ended = tidan("search", "TDZ")

        assert "TDZ2026HAM000417" in ended.out
        assert "issuer Paper Heron Demo Line" in ended.out
        assert "not on the chain" in ended.out
        assert "there are more" in ended.err

    def test_nothing_found_is_no_failure(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", SEARCH, answer(told))

        ended = tidan("search", "nothing")

        assert (ended.code, ended.out) == (0, "")
        assert "nothing that this node holds" in ended.err


class TestNumbersForIds:
    def test_a_number_stands_for_the_title_that_has_it(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("POST", SEARCH, answer(told, found(told)))
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title(number="TDZ2026HAM000417"))

        ended = tidan("title", "show", "tdz2026ham000417")

        assert "TDZ2026HAM000417" in ended.out
        assert node.asked[0].json == {
            "text": "tdz2026ham000417",
            "kind": "title",
            "scheme": "bill-of-lading",
            "whole": True,
        }

    def test_two_titles_of_one_number_are_both_named(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("POST", SEARCH, answer(told, found(told), found(told, told.other_id)))
        for each in (told.title_id, told.other_id):
            node.answer("GET", f"/v1/titles/{each}", told.title(each))

        ended = tidan("title", "show", "TDZ1", "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/identifier-ambiguous"
        assert told.title_id in ended.problem["detail"]
        assert told.other_id in ended.problem["detail"]

    def test_a_number_that_only_looks_like_an_id_is_found(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("GET", "/v1/titles?limit=200", told.page())
        node.answer("POST", SEARCH, answer(told, found(told)))
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title())

        assert tidan("title", "show", "20260417", "--json").answer["id"] == told.title_id

    @pytest.mark.parametrize("items", [[], [{"current": False}]])
    def test_a_number_that_nothing_on_the_chain_has_is_not_found(
        self, node: Any, tidan: Any, told: Any, items: list[dict[str, Any]]
    ) -> None:
        node.answer("POST", SEARCH, answer(told, *(found(told, **each) for each in items)))

        ended = tidan("title", "show", "TDZ1", "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/not-found"
        assert "TDZ1" not in ended.problem["detail"]

    def test_a_number_that_is_nearly_one_that_is_held_is_suggested(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        held = found(told, value="TDZ2026HAM000417", whole=False)
        others = found(told, value="TDZ2026HAM991000", whole=False)
        gone = found(told, value="TDZ2026HAM000471", whole=False, current=False)
        node.answer("POST", SEARCH, answer(told), answer(told, held, others, gone))

        ended = tidan("title", "show", "tdz-2026-ham-000714")

        assert ended.code == 1
        assert "do you mean TDZ2026HAM000417?" in " ".join(ended.err.split())
        asked = [each.json for each in node.taken("POST", SEARCH)]
        assert [each["text"] for each in asked] == ["tdz-2026-ham-000714", "TDZ2026H"]
        assert {(each["kind"], each["scheme"]) for each in asked} == {("title", "bill-of-lading")}

    def test_a_mistake_near_the_beginning_is_found_by_the_first_characters(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        held = found(told, value="TDZ2026HAM000417", whole=False)
        node.answer("POST", SEARCH, answer(told), answer(told), answer(told, held))

        ended = tidan("title", "show", "TDZ2O26HAM000417")

        assert "do you mean TDZ2026HAM000417?" in " ".join(ended.err.split())

    def test_what_is_like_nothing_that_is_held_suggests_nothing(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        held = found(told, value="TDZ2026HAM991000", whole=False)
        node.answer("POST", SEARCH, answer(told), answer(told, held))

        ended = tidan("title", "show", "TDZ2026HAM000417")

        assert ended.code == 1
        assert "do you mean" not in ended.err
        assert "`tidan title list --offered-to PARTY`" in " ".join(ended.err.split())

    def test_who_may_not_search_is_told_so(self, node: Any, tidan: Any) -> None:
        node.refuse("POST", SEARCH, "scope-missing", 403, detail="the key lacks documents:read")

        assert tidan("title", "show", "TDZ1", "--json").problem["type"].endswith("scope-missing")

    def test_invoices_and_policies_have_numbers_too(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", SEARCH, answer(told))

        tidan("invoice", "show", "INV-1")
        tidan("policy", "show", "POL-1")

        assert {(each.json["kind"], each.json["scheme"]) for each in node.asked} == {
            ("invoice", "invoice"),
            ("policy", "policy"),
        }
