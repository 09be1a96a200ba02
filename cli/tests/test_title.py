"""`tidan title issue|show|list` against a node that answers as it is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

LIST = "/v1/titles?limit=200"


class TestIssue:
    def test_the_document_is_sent_digit_for_digit(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        document = tmp_path / "bill.json"
        document.write_text('{"weight": 12000.10, "number": 1e2}')
        node.answer("POST", "/v1/titles", told.accepted("succeeded"), status=202)

        ended = tidan("title", "issue", document, "--titleholder", "LEI:X", "--json")

        assert ended.code == 0
        (asked,) = node.taken("POST", "/v1/titles")
        assert b'{"weight": 12000.10, "number": 1e2}' in asked.body
        assert asked.json["titleholder"] == "LEI:X"
        assert "possessor" not in asked.json
        assert asked.headers["Idempotency-Key"]
        assert asked.headers["Authorization"] == "Bearer tidan_test_key"

    def test_it_says_in_which_block_and_transaction(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        document = tmp_path / "bill.json"
        document.write_text("{}")
        node.answer("POST", "/v1/titles", told.accepted(), status=202)
        node.answer(
            "GET",
            f"/v1/operations/{told.operation_id}",
            told.operation("pending"),
            told.operation("succeeded"),
        )

        ended = tidan("title", "issue", document)

        assert ended.code == 0
        assert f"issued title {told.title_id}" in ended.out
        assert "block 17" in ended.out
        assert told.transaction in ended.out

    def test_it_says_who_holds_it_and_to_whom_it_is_made_out(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        document = tmp_path / "bill.json"
        document.write_text("{}")
        node.answer("POST", "/v1/titles", told.accepted("succeeded"), status=202)
        shown = told.title(possessor=told.carrier)
        node.answer("GET", f"/v1/titles/{told.title_id}", shown)

        ended = tidan("title", "issue", document, "--titleholder", "2")

        assert "held by Paper Heron Demo Line, made out to Jade Kiln Demo Exports" in ended.out

    def test_a_kind_that_needs_a_titleholder_is_told_how_to_name_one(
        self, node: Any, tidan: Any, tmp_path: Path
    ) -> None:
        document = tmp_path / "bill.json"
        document.write_text("{}")
        node.refuse(
            *("POST", "/v1/titles", "kind-needs-titleholder", 422),
            detail="a title of kind ORDER is made out to somebody: name its titleholder",
            field="titleholder",
        )

        ended = tidan("title", "issue", document)

        assert ended.code == 1
        assert "field: titleholder" in ended.err
        assert "next: --titleholder PARTY" in ended.err

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"{", "line 1, column 2"),
            (b"[1]", "one JSON object"),
            (b'{"a": NaN}', "NaN is no JSON number"),
            (b"\xff{}", "not UTF-8 at byte 0"),
        ],
    )
    def test_a_file_that_is_no_json_object_is_refused_by_name(
        self, tidan: Any, node: Any, tmp_path: Path, content: bytes, why: str
    ) -> None:
        document = tmp_path / "bill.json"
        document.write_bytes(content)

        ended = tidan("title", "issue", document, "--json")

        assert ended.code == 2
        assert ended.out == ""
        assert ended.problem["type"] == "/v1/problems/file-unusable"
        assert why in ended.problem["detail"]
        assert ended.problem["field"] == str(document)
        assert node.asked == []

    def test_a_missing_file_is_named(self, tidan: Any, node: Any, tmp_path: Path) -> None:
        ended = tidan("title", "issue", tmp_path / "none.json")

        assert ended.code == 2
        assert str(tmp_path / "none.json") in ended.err
        assert "Traceback" not in ended.err


class TestShow:
    def test_the_answer_is_the_nodes_own_document(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title())

        ended = tidan("title", "show", told.title_id, "--json")

        assert ended.code == 0
        assert ended.answer == told.title()
        assert ended.err == ""

    def test_people_read_who_holds_it(self, node: Any, tidan: Any, told: Any) -> None:
        offer = {
            "recipient": told.carrier,
            "what": ["possession"],
            "deadline": "2026-11-01T00:00:00Z",
            "expired": False,
        }
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title(offer=offer))

        ended = tidan("title", "show", told.title_id)

        assert "Jade Kiln Demo Exports (2)" in ended.out
        assert "possession to Paper Heron Demo Line (1) until 2026-11-01" in ended.out
        assert "block 17" in ended.out

    def test_people_read_who_has_it_as_security_and_under_which_terms(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        pledge = {"pledgee": "0x" + "0" * 63 + "1", "bank": told.carrier}
        terms = {"rulebook": "rules-1", "governingLaw": "SG"}
        shown = told.title(pledge=pledge, proposal=None, rulebook=2, terms=terms)
        node.answer("GET", f"/v1/titles/{told.title_id}", shown)

        ended = tidan("title", "show", told.title_id)

        assert "pledged to" in ended.out
        assert "Paper Heron Demo Line (1)" in ended.out
        stated = "version 2 of the rulebook (its issuer accepted rules-1), law of SG"
        assert stated in " ".join(ended.out.split())

    def test_a_title_that_states_no_rulebook_has_the_one_that_its_carrier_accepted(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        terms = {"rulebook": "rules-1", "governingLaw": "SG"}
        shown = told.title(rulebook=0, terms=terms)
        node.answer("GET", f"/v1/titles/{told.title_id}", shown)

        assert "rulebook rules-1, law of SG" in tidan("title", "show", told.title_id).out

    def test_a_title_that_arrives_is_nobodys_yet(self, node: Any, tidan: Any, told: Any) -> None:
        shown = told.title(possessor=None, status="IN_TRANSIT", gateway="0x" + "5a" * 20)
        node.answer("GET", f"/v1/titles/{told.title_id}", shown)

        ended = tidan("title", "show", told.title_id)

        assert ended.code == 0
        assert "0x" + "5a" * 20 in ended.out

    def test_a_unique_beginning_of_the_id_is_enough(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", LIST, told.page(told.title(), told.title("0x" + "99" * 32)))
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title())

        assert tidan("title", "show", "3F2A91C0", "--json").answer["id"] == told.title_id
        assert tidan("title", "show", "0x3f2a91c0ab…", "--json").code == 0

    def test_two_titles_that_begin_alike_are_both_named(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("GET", LIST, told.page(told.title(), told.title(told.other_id)))

        ended = tidan("title", "show", "3f2a91c0", "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/identifier-ambiguous"
        assert told.title_id in ended.problem["detail"]
        assert told.other_id in ended.problem["detail"]

    def test_of_two_each_is_told_with_what_to_choose_by(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        ended = told.title(told.other_id, status="DELIVERED")
        node.answer("GET", LIST, told.page(told.title(), ended))
        node.answer("GET", f"/v1/titles/{told.other_id}", ended)
        history = {"acts": [told.act(1, "ISSUE")]}
        node.answer("GET", f"/v1/titles/{told.other_id}/history", history)

        said = " ".join(tidan("title", "show", "3f2a91c0").err.split())

        assert f"{told.other_id} (DELIVERED, of 2026-10-06T09:00:00Z)" in said
        assert "next: give the id of the one that you mean" in said

    def test_where_there_is_none_a_list_says_so(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", "/v1/titles?limit=50", told.page())

        assert tidan("title", "list").out.split() == ["none"]

    def test_a_number_is_that_of_the_title_that_took_the_others_place(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        items = [{"record": each, "current": True} for each in (told.title_id, told.other_id)]
        node.answer("POST", "/v1/search", {"items": items, "nextCursor": None, "asOf": None})
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title(status="VOIDED"))
        amended = told.title(told.other_id, seq=1)
        node.answer("GET", f"/v1/titles/{told.other_id}", amended)

        ended = tidan("title", "show", "TDZ2026HAM000417", "--json")

        assert ended.answer == amended

    def test_a_beginning_that_no_title_has_is_refused(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("GET", LIST, told.page(told.title()))

        ended = tidan("title", "show", "deadbeef", "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/not-found"

    def test_a_beginning_that_is_too_short_is_named_as_such(self, node: Any, tidan: Any) -> None:
        node.answer("POST", "/v1/search", {"items": [], "nextCursor": None, "asOf": None})

        ended = tidan("title", "show", "3f2a", "--json")

        assert ended.problem["type"] == "/v1/problems/not-found"
        assert "too short: 8 digits or more" in ended.problem["detail"]

    @pytest.mark.parametrize("typed", ["0x3f2a91c", "", "0x../parties", "0x" + "a" * 65])
    def test_what_is_neither_id_nor_number_is_never_sent(
        self, node: Any, tidan: Any, typed: str
    ) -> None:
        ended = tidan("title", "show", typed)

        assert ended.code == 2
        assert node.asked == []


class TestList:
    def test_all_pages_up_to_the_limit_are_read(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", "/v1/titles?limit=3", told.page(told.title(), next_cursor="next"))
        node.answer(
            "GET",
            "/v1/titles?limit=2&cursor=next",
            told.page(told.title(told.other_id), told.title("0x" + "99" * 32), next_cursor="more"),
        )

        ended = tidan("title", "list", "--limit", "3", "--json")

        assert [item["id"][:10] for item in ended.answer["items"]] == [
            "0x3f2a91c0",
            "0x3f2a91c0",
            "0x99999999",
        ]
        assert ended.answer["more"] is True

    def test_the_filters_are_passed_on(self, node: Any, tidan: Any, told: Any) -> None:
        path = "/v1/titles?limit=50&status=LIVE&possessor=LEI%3AX"
        node.answer("GET", path, told.page(told.title()))

        ended = tidan("title", "list", "--status", "LIVE", "--possessor", "LEI:X")

        assert ended.code == 0
        assert "LIVE" in ended.out

    def test_an_open_offer_is_in_its_line(self, node: Any, tidan: Any, told: Any) -> None:
        offer = {
            "recipient": told.carrier,
            "what": ["title"],
            "deadline": "2026-11-01T00:00:00Z",
            "expired": True,
        }
        node.answer("GET", "/v1/titles?limit=50", told.page(told.title(offer=offer)))

        ended = tidan("title", "list")

        words = "title to Paper Heron Demo Line (1) until 2026-11-01T00:00:00Z, ended"
        assert words in ended.out
