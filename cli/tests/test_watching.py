"""`tidan title watch` against a node whose streams break off."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tidan_cli.watching import _ACTS, Act
from tidan_node.domain.titles import TitleAct
from tidan_node.subscriptions.cloud_events import TYPES

ALL = "/v1/events?type=tidan.title"


def event(seq: int, kind: str, **data: object) -> dict[str, Any]:
    numbered = {} if kind == "issued" else {"seq": seq}
    return {
        "specversion": "1.0",
        "id": f"event-{seq}",
        "type": f"tidan.title.{kind}",
        "subject": "0x3f2a91c0" + "ab" * 28,
        "time": f"2026-10-06T09:00:0{seq}Z",
        "data": numbered | {"block": 10 + seq} | data,
    }


ISSUED = event(1, "issued", possessor=2, titleholder=2)
OFFERED = event(2, "offered", recipient=1, what=["POSSESSION", "TITLE"])
TRANSFERRED = event(3, "transferred", possessor=1, titleholder=1)


def of_one(told: Any) -> str:
    return f"{ALL}&record={told.title_id}&after=start"


class TestAllTitles:
    def test_each_event_is_a_line_with_the_parties_by_name(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("GET", "/v1/parties/1", told.carrier)
        node.answer("GET", ALL, told.streamed(("a", OFFERED), ("b", TRANSFERRED)))

        ended = tidan("title", "watch", "--until", "accept")

        assert ended.code == 0
        first, second = ended.out.splitlines()
        assert "2026-10-06T09:00:02Z" in first
        assert "OFFER" in first
        assert "possession and title to Paper Heron Demo Line (1)" in first
        assert "held by Paper Heron Demo Line (1)" in second
        assert second.rstrip().endswith("block 13")
        assert len(node.taken("GET", "/v1/parties/1")) == 1

    def test_a_surrender_for_amendment_is_told_apart(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        for_delivery = event(2, "surrender-requested", pending="PENDING_DELIVERY")
        for_amendment = event(3, "surrender-requested", pending="PENDING_AMENDMENT")
        node.answer("GET", ALL, told.streamed(("a", for_delivery), ("b", for_amendment)))

        ended = tidan("title", "watch", "--until", "SURRENDER_FOR_AMENDMENT")

        first, second = ended.out.splitlines()
        assert "SURRENDER_FOR_DELIVERY" in first
        assert "SURRENDER_FOR_AMENDMENT" in second

    def test_every_act_of_the_specification_can_be_waited_for(self) -> None:
        assert set(Act) == {act.name for act in TitleAct} - {"NONE"}

    def test_every_event_of_a_title_tells_of_an_act(self) -> None:
        told_of = {kind for kind in TYPES.values() if kind.startswith("tidan.title.")}
        assert {kind for kind in told_of if _ACTS.get(kind) is None} == set()

    def test_programs_read_a_cloud_event_a_line(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", ALL, told.streamed(("a", ISSUED), ("b", OFFERED)))

        ended = tidan("title", "watch", "--until", "OFFER", "--json")

        assert [json.loads(line) for line in ended.out.splitlines()] == [ISSUED, OFFERED]
        assert ended.err == ""

    def test_a_stream_that_breaks_is_gone_on_with_behind_the_last_event(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer(
            "GET",
            ALL,
            told.streamed(("a", ISSUED)),
            told.streamed(),
            told.streamed(("b", OFFERED)),
        )

        ended = tidan("title", "watch", "--until", "OFFER", "--json")

        assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["event-1", "event-2"]
        shown = [asked.headers.get("Last-Event-ID") for asked in node.taken("GET", ALL)]
        assert shown == [None, "a", "a"]

    def test_when_the_time_is_up_it_ends_as_pending(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", ALL, told.streamed(("a", ISSUED)))

        ended = tidan("title", "watch", "--timeout", "0.3", "--json")

        assert ended.code == 4
        assert ended.problem["type"] == "/v1/problems/nothing-more-told"
        assert ended.problem["title"] == "It has not happened yet"

    @pytest.mark.parametrize("act", ["DEMOLISH", ""])
    def test_an_act_that_there_is_not_is_a_usage_error(
        self, node: Any, tidan: Any, act: str
    ) -> None:
        ended = tidan("title", "watch", "--until", act)

        assert ended.code == 2
        assert "SURRENDER_FOR_DELIVERY" in ended.err.upper()
        assert node.asked == []

    def test_a_node_that_refuses_is_not_asked_again(self, node: Any, tidan: Any) -> None:
        node.refuse("GET", ALL, "scope-missing", 403, detail="the key lacks the scope")

        ended = tidan("title", "watch", "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/scope-missing"
        assert len(node.asked) == 1

    def test_what_is_no_stream_is_told_as_such(self, node: Any, tidan: Any) -> None:
        node.answer("GET", ALL, {"hello": "world"})

        assert tidan("title", "watch", "--json").problem["type"].endswith("not-a-node")

    def test_a_node_that_is_not_there_is_exit_code_3(self, tidan: Any) -> None:
        ended = tidan("title", "watch", "--node", "http://127.0.0.1:9")

        assert ended.code == 3


class TestOneTitle:
    def test_it_begins_with_the_last_act(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title(seq=3))
        messages = (("a", ISSUED), ("b", OFFERED), ("c", TRANSFERRED))
        node.answer("GET", of_one(told), told.streamed(*messages))

        ended = tidan("title", "watch", told.title_id, "--until", "ACCEPT", "--json")

        assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["event-3"]

    def test_a_surrender_that_nobody_answers_is_told_with_whose_answer_is_awaited(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        data = {"seq": 2, "awaited": 1, "since": "2026-10-04T09:00:00Z"}
        alarm = event(2, "surrender-unanswered") | {"data": data}
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title(seq=2))
        node.answer("GET", of_one(told), told.streamed(("a", alarm), ("b", TRANSFERRED)))
        node.answer("GET", "/v1/parties/1", told.carrier)

        ended = tidan("title", "watch", told.title_id, "--until", "ACCEPT")

        assert "UNANSWERED" in ended.out
        assert "by Paper Heron Demo Line (1), surrendered 2026-10-04T09:00:00Z" in ended.out

    def test_an_act_that_the_chain_took_back_is_told_again(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title(seq=3))
        messages = (
            ("b", OFFERED),
            ("c", TRANSFERRED),
            ("b2", OFFERED),
            ("c2", event(3, "offer-declined")),
        )
        node.answer("GET", of_one(told), told.streamed(*messages))

        ended = tidan("title", "watch", told.title_id, "--until", "DECLINE", "--json")

        assert [json.loads(line)["type"].rpartition(".")[2] for line in ended.out.splitlines()] == [
            "transferred",
            "offered",
            "offer-declined",
        ]

    def test_from_the_start_all_of_it_is_told(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", of_one(told), told.streamed(("a", ISSUED), ("b", OFFERED)))

        ended = tidan("title", "watch", told.title_id, "--from-start", "--until", "OFFER", "--json")

        assert len(ended.out.splitlines()) == 2
        assert ended.code == 0
