"""`tidan title history` against a node that answers as it is told."""

from __future__ import annotations

import json
from typing import Any

import pytest


class TestHistory:
    def test_every_act_is_a_line(self, node: Any, tidan: Any, told: Any) -> None:
        history = {
            "title": told.title_id,
            "head": "0x" + "66" * 32,
            "acts": [told.act(1, "ISSUE"), told.act(2, "OFFER")],
            "asOf": told.as_of,
        }
        node.answer("GET", f"/v1/titles/{told.title_id}/history", history)

        human = tidan("title", "history", told.title_id)
        program = tidan("title", "history", told.title_id, "--json")

        assert "ISSUE" in human.out
        assert "OFFER" in human.out
        assert json.loads(program.out) == history

    def test_it_says_to_whom_what_was_offered_and_why_a_surrender_was_refused(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        recipient = {"index": 3, "name": "Elbe"}
        offer = told.act(2, "OFFER") | {"details": {"recipient": recipient, "what": ["title"]}}
        refusal = told.act(3, "REJECT_SURRENDER") | {"details": {"reason": "LEGAL_HOLD"}}
        history = {
            "title": told.title_id,
            "head": "0x",
            "acts": [offer, refusal],
            "asOf": told.as_of,
        }
        node.answer("GET", f"/v1/titles/{told.title_id}/history", history)

        shown = "".join(tidan("title", "history", told.title_id).out.split())

        assert "titletoElbe(3)" in shown
        assert "LEGAL_HOLD" in shown

    @pytest.mark.parametrize(
        ("details", "words"),
        [
            ({"how": "SPLIT", "successors": ["0xab", "0xcd"], "reason": "OTHER"}, "0xab,0xcd"),
            ({"pledgee": "0x04", "bank": {"index": 4, "name": "Quay"}}, "pledgeeQuay(4)"),
            ({"titleholder": None, "kind": "BLANK"}, "nowBLANK"),
            ({"gateway": "0x5a", "transfer": "0xc4"}, "gateway0x5a"),
            ({"pending": "PENDING_AMENDMENT", "reason": "TO_PAPER"}, "TO_PAPER"),
        ],
    )
    def test_it_puts_what_else_an_act_says_into_words(
        self, node: Any, tidan: Any, told: Any, details: dict[str, object], words: str
    ) -> None:
        act = told.act(2, "VOID") | {"by": None, "details": details}
        history = {"title": told.title_id, "head": "0x", "acts": [act], "asOf": told.as_of}
        node.answer("GET", f"/v1/titles/{told.title_id}/history", history)

        shown = "".join(tidan("title", "history", told.title_id).out.split())

        assert words in shown.replace("│", "")

    def test_the_act_of_a_pledgee_stands_as_its_banks(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        bank = {"pledgee": "0x04", "bank": {"index": 4, "name": "Quay"}}
        offer = {"recipient": {"index": 3, "name": "Elbe"}, "what": ["title"]}
        acts = [
            told.act(2, "RELEASE_PLEDGE") | {"by": None, "details": bank},
            told.act(3, "ENFORCE_PLEDGE") | {"by": None, "details": bank | offer},
        ]
        history = {"title": told.title_id, "head": "0x", "acts": acts, "asOf": told.as_of}
        node.answer("GET", f"/v1/titles/{told.title_id}/history", history)

        shown = "".join(tidan("title", "history", told.title_id).out.split())

        assert shown.count("pledgeeQuay(4)") == 2
        assert "titletoElbe(3)" in shown
        assert "—" not in shown

    def test_a_name_cannot_command_the_terminal(self, node: Any, tidan: Any, told: Any) -> None:
        hostile = told.act(1, "ISSUE") | {"by": {"index": 1, "name": "\x1b[2Jgone\x07"}}
        history = {"title": told.title_id, "head": "0x", "acts": [hostile], "asOf": told.as_of}
        node.answer("GET", f"/v1/titles/{told.title_id}/history", history)

        ended = tidan("title", "history", told.title_id)

        assert "gone" in ended.out
        assert "\x1b" not in ended.out
        assert "\x07" not in ended.out
