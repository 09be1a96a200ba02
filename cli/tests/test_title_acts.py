"""The acts on a title: what is asked of the node, and how the operation's end is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

NOW = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)


def offers(told: Any, act: str = "") -> str:
    return f"/v1/titles/{told.title_id}/offers{act}"


class TestOffer:
    def test_only_what_was_said_is_sent(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", offers(told), told.accepted("succeeded"), status=202)

        ended = tidan("title", "offer", told.title_id, "--to", "LEI:X")

        assert ended.code == 0
        (asked,) = node.taken("POST", offers(told))
        assert asked.json == {"recipient": "LEI:X"}
        assert "offered 0x3f2a91c0abab… to LEI:X" in ended.out

    def test_it_says_what_is_on_offer_and_until_when(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("POST", offers(told), told.accepted("succeeded"), status=202)
        offer = {
            "recipient": {"index": 3, "name": "Elbe Demo Imports"},
            "what": ["possession", "title"],
            "deadline": "2026-12-06T09:00:00Z",
            "expired": False,
        }
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title(offer=offer))

        ended = tidan("title", "offer", told.title_id, "--to", "3")

        words = "possession and title to Elbe Demo Imports (3) until 2026-12-06T09:00:00Z"
        assert words in ended.out

    def test_possession_alone_until_a_time_at_a_seq(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", offers(told), told.accepted("succeeded"), status=202)

        tidan(
            *("title", "offer", told.title_id, "--to", "3", "--possession-only"),
            *("--until", "2026-12-01T12:00:00+08:00", "--expected-seq", "4"),
        )

        (asked,) = node.taken("POST", offers(told))
        assert asked.json == {
            "recipient": "3",
            "what": ["possession"],
            "deadline": "2026-12-01T04:00:00Z",
            "expectedSeq": 4,
        }

    def test_both_kinds_of_only_are_refused_before_anything_is_asked(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        ended = tidan(
            *("title", "offer", told.title_id, "--to", "3"), "--possession-only", "--title-only"
        )

        assert ended.code == 2
        assert node.asked == []

    def test_an_offer_needs_a_recipient(self, node: Any, tidan: Any, told: Any) -> None:
        ended = tidan("title", "offer", told.title_id, "--json")

        assert ended.code == 2
        assert ended.problem["type"] == "/v1/problems/usage"
        assert "--to" in ended.problem["detail"]


class TestPlainActs:
    @pytest.mark.parametrize(
        ("command", "path"),
        [
            ("withdraw", "offers/withdraw"),
            ("accept", "offers/accept"),
            ("decline", "offers/decline"),
            ("surrender", "surrenders"),
        ],
    )
    def test_each_asks_for_its_act(
        self, node: Any, tidan: Any, told: Any, command: str, path: str
    ) -> None:
        where = f"/v1/titles/{told.title_id}/{path}"
        node.answer("POST", where, told.accepted("succeeded"), status=202)

        ended = tidan("title", command, told.title_id, "--json")

        assert ended.code == 0
        assert ended.answer == told.accepted("succeeded")
        assert node.taken("POST", where)[0].json == {}

    @pytest.mark.parametrize(
        ("slug", "step"),
        [
            ("package-missing", "`tidan title receive FILE`"),
            ("not-the-offeree", "names to whom it is on offer"),
            ("no-open-offer", "tells what became of the offer"),
            ("stale-seq", "`tidan title show 0x"),
        ],
    )
    def test_a_refusal_says_what_to_do_next(
        self, node: Any, tidan: Any, told: Any, slug: str, step: str
    ) -> None:
        node.refuse("POST", offers(told, "/accept"), slug, 409, detail="no")

        ended = tidan("title", "accept", told.title_id)

        assert "next: " in ended.err
        assert step in ended.err

    def test_a_recipient_whom_nobody_knows_is_looked_for_in_the_list(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.refuse("POST", offers(told), "party-unknown", 404, detail="nobody", field="recipient")

        ended = tidan("title", "offer", told.title_id, "--to", "Nobody Ltd")

        assert "next: `tidan party list`" in ended.err

    def test_a_number_whose_document_is_not_here_is_told_where_it_may_be(
        self, node: Any, tidan: Any
    ) -> None:
        page = {"items": [], "nextCursor": None, "asOf": None}
        node.answer("POST", "/v1/search", page)

        ended = tidan("title", "accept", "TDZ2026HAM000417")

        assert ended.code == 1
        for step in ("title list --offered-to", "parcel list", "title receive FILE"):
            assert f"`tidan {step}" in ended.err

    def test_a_refusal_tells_kind_case_field_and_page(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.refuse(
            *("POST", offers(told, "/accept"), "package-missing", 409),
            detail="receive the package first",
            field="title",
        )

        human = tidan("title", "accept", told.title_id)
        program = tidan("title", "accept", told.title_id, "--json")

        assert human.code == program.code == 1
        assert "receive the package first" in human.err
        assert "field: title" in human.err
        assert f"{node.url}/v1/problems/package-missing" in human.err
        assert human.out == program.out == ""
        assert program.problem["detail"] == "receive the package first"


class TestAnswer:
    def test_a_rejection_names_its_reason(self, node: Any, tidan: Any, told: Any) -> None:
        where = f"/v1/titles/{told.title_id}/surrenders/reject"
        node.answer("POST", where, told.accepted("succeeded"), status=202)

        tidan("title", "answer", told.title_id, "--reject", "--reason", "FREIGHT_UNPAID")

        assert node.taken("POST", where)[0].json == {"reason": "FREIGHT_UNPAID"}

    @pytest.mark.parametrize(
        "options",
        [
            (),
            ("--accept", "--reject"),
            ("--reject",),
            ("--accept", "--reason", "OTHER"),
            ("--reject", "--reason", "BAD_MOOD"),
        ],
    )
    def test_it_is_one_answer_with_its_reason_or_none(
        self, node: Any, tidan: Any, told: Any, options: tuple[str, ...]
    ) -> None:
        ended = tidan("title", "answer", told.title_id, *options)

        assert ended.code == 2
        assert node.asked == []
