"""Acts signed elsewhere: what is asked of the node, and what is sent with the signature."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

SIGNER = "0x" + "5a" * 20
SIGNATURE = "0x" + "1b" * 65
PREPARED = {
    "call": "0x12345678",
    "validUntil": "2026-12-01T00:00:00Z",
    "typedData": {"primaryType": "Accept"},
    "digest": "0x" + "dd" * 32,
    "says": {"act": "accept", "recipient": "Elbe Imports (3)"},
    "titles": [],
    "warnings": [],
}
ACCEPTED = {"act": "accept", "onlyRelayed": False, "titles": [], "warnings": []}


@pytest.fixture
def bills(tmp_path: Path) -> list[Path]:
    """Two documents whose figures must arrive digit for digit."""
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in files:
        file.write_text(f'{{"name": "{file.stem}", "weight": 12000.10}}')
    return files


@pytest.fixture
def act(tmp_path: Path) -> Path:
    """What was prepared, as a file."""
    file = tmp_path / "act.json"
    file.write_text(json.dumps(PREPARED))
    return file


class TestPrepare:
    def test_arguments_are_text_numbers_or_json(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", "/v1/title-acts:prepare", PREPARED)

        ended = tidan(
            *("title", "prepare", "accept", f"id={told.title_id}", "expectedSeq=2", 'more={"a":1}'),
            *("--valid-until", "2026-12-01", "--json"),
        )

        assert ended.answer == PREPARED
        assert node.taken("POST", "/v1/title-acts:prepare")[0].json == {
            "act": "accept",
            "arguments": {"id": told.title_id, "expectedSeq": 2, "more": {"a": 1}},
            "validUntil": "2026-12-01T00:00:00Z",
        }

    def test_what_there_is_to_doubt_is_said_before_it_is_signed(
        self, node: Any, tidan: Any, bills: list[Path]
    ) -> None:
        doubt = {"field": "titleholder", "detail": "see that both are one"}
        node.answer("POST", "/v1/title-acts:prepare", PREPARED | {"warnings": [doubt]})

        ended = tidan("title", "prepare", "issue", "--document", bills[0])

        assert "warning: see that both are one (titleholder)" in ended.err

    def test_people_read_what_they_sign(self, node: Any, tidan: Any) -> None:
        node.answer("POST", "/v1/title-acts:prepare", PREPARED)

        ended = tidan("title", "prepare", "accept", "expectedSeq=2")

        assert PREPARED["digest"] in ended.out
        assert "Elbe Imports (3)" in ended.out

    def test_an_offer_is_said_as_in_the_direct_command(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("POST", "/v1/title-acts:prepare", PREPARED)

        tidan(
            *(
                "title",
                "prepare",
                "offer",
                f"id={told.title_id}",
                "to=LEI:DEMO",
                "what=title,final",
            ),
            "until=2026-12-01",
        )

        assert node.taken("POST", "/v1/title-acts:prepare")[0].json["arguments"] == {
            "id": told.title_id,
            "recipient": "LEI:DEMO",
            "what": ["title", "final"],
            "deadline": "2026-12-01T00:00:00Z",
        }

    def test_a_bank_and_a_combination_are_said_likewise(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("POST", "/v1/title-acts:prepare", PREPARED)

        tidan("title", "prepare", "propose-pledge", f"id={told.title_id}", "to=4")
        tidan("title", "prepare", "combine", f"ids={told.title_id},{told.other_id}", "reason=4")

        pledge, combination = node.taken("POST", "/v1/title-acts:prepare")
        assert pledge.json == {
            "act": "proposePledge",
            "arguments": {"id": told.title_id, "pledgee": "4"},
        }
        assert combination.json["arguments"] == {"ids": [told.title_id, told.other_id], "reason": 4}

    def test_an_endorsement_is_said_as_in_the_direct_command(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("POST", "/v1/title-acts:prepare", PREPARED)

        tidan("title", "prepare", "endorse", f"id={told.title_id}", "kind=BLANK")

        asked = node.taken("POST", "/v1/title-acts:prepare")[0].json
        assert asked["arguments"] == {"id": told.title_id, "to": "BLANK"}

    def test_a_document_goes_as_it_is(self, node: Any, tidan: Any, bills: list[Path]) -> None:
        node.answer("POST", "/v1/title-acts:prepare", PREPARED)

        tidan(
            *("title", "prepare", "issue", "--document", bills[0]),
            *("--possessor", "LEI:DEMO", "--titleholder", "2"),
        )

        (asked,) = node.taken("POST", "/v1/title-acts:prepare")
        assert b'{"name": "one", "weight": 12000.10}' in asked.body
        assert {name: asked.json[name] for name in asked.json if name != "document"} == {
            "act": "issue",
            "possessor": "LEI:DEMO",
            "titleholder": "2",
        }

    def test_a_replacement_has_the_usual_reason(
        self, node: Any, tidan: Any, told: Any, bills: list[Path]
    ) -> None:
        node.answer("POST", "/v1/title-acts:prepare", PREPARED)
        documents = [word for each in bills for word in ("--document", each)]

        tidan("title", "prepare", "split", f"id={told.title_id}", *documents)
        tidan("title", "prepare", "issue-batch", *documents, "--possessor", "2")

        split, batch = (each.json for each in node.taken("POST", "/v1/title-acts:prepare"))
        assert (split["title"], split["reason"]) == (told.title_id, "SPLIT")
        assert [each["name"] for each in split["documents"]] == ["one", "two"]
        assert [(each["document"]["name"], each["possessor"]) for each in batch["titles"]] == [
            ("one", "2"),
            ("two", "2"),
        ]

    @pytest.mark.parametrize("words", [("--possessor", "2"), ("--withdrawal", "0x" + "9c" * 32)])
    def test_holders_go_with_a_document(
        self, node: Any, tidan: Any, words: tuple[str, ...]
    ) -> None:
        ended = tidan("title", "prepare", "accept", *words)

        assert ended.code == 2
        assert node.asked == []

    def test_one_title_has_one_document(self, node: Any, tidan: Any, bills: list[Path]) -> None:
        documents = [word for each in bills for word in ("--document", each)]

        ended = tidan("title", "prepare", "issue", *documents)

        assert ended.code == 2
        assert node.asked == []

    @pytest.mark.parametrize(
        ("act", "name"), [("amend", "id"), ("switch-bill", "id"), ("combine", "ids")]
    )
    def test_a_replacement_says_of_what(
        self, node: Any, tidan: Any, bills: list[Path], act: str, name: str
    ) -> None:
        ended = tidan("title", "prepare", act, "--document", bills[0], "--json")

        assert (ended.code, ended.problem["field"]) == (2, name)
        assert node.asked == []

    def test_a_document_is_named_once(self, node: Any, tidan: Any, bills: list[Path]) -> None:
        twice = ("--document", bills[0]) * 2

        ended = tidan("title", "prepare", "issue-batch", *twice, "--json")

        assert (ended.code, ended.problem["field"]) == (2, str(bills[0]))
        assert node.asked == []

    def test_an_argument_has_a_name(self, node: Any, tidan: Any) -> None:
        ended = tidan("title", "prepare", "accept", "2")

        assert ended.code == 2
        assert node.asked == []


class TestRelay:
    def test_the_signed_act_is_sent_as_its_signers(
        self, node: Any, tidan: Any, told: Any, act: Path
    ) -> None:
        accepted = told.accepted("succeeded") | ACCEPTED | {"signer": told.shipper}
        node.answer("POST", "/v1/title-acts:relay", accepted, status=202)

        ended = tidan("title", "relay", act, "--signer", SIGNER, "--signature", SIGNATURE)

        assert node.taken("POST", "/v1/title-acts:relay")[0].json == {
            "call": "0x12345678",
            "validUntil": "2026-12-01T00:00:00Z",
            "signer": SIGNER,
            "signature": SIGNATURE,
        }
        assert "sent accept of Jade Kiln Demo Exports" in ended.out
        assert "only relayed" not in ended.out

    def test_of_anothers_act_it_says_that_nothing_stays_here(
        self, node: Any, tidan: Any, told: Any, act: Path
    ) -> None:
        accepted = told.accepted("succeeded") | ACCEPTED | {"signer": told.shipper}
        accepted |= {"act": "offer", "onlyRelayed": True}
        node.answer("POST", "/v1/title-acts:relay", accepted, status=202)

        ended = tidan("title", "relay", act, "--signer", SIGNER, "--signature", SIGNATURE)

        assert "only relayed: nothing of it is kept here or sent on" in ended.out

    def test_of_titles_that_come_to_be_it_tells_the_packages(
        self, node: Any, tidan: Any, told: Any, act: Path
    ) -> None:
        accepted = told.accepted("succeeded") | ACCEPTED | {"signer": told.shipper}
        accepted |= {"act": "issue", "titles": [told.title_id]}
        node.answer("POST", "/v1/title-acts:relay", accepted, status=202)
        node.answer("GET", f"/v1/parcels?direction=out&record={told.title_id}&limit=1", told.page())

        ended = tidan("title", "relay", act, "--signer", SIGNER, "--signature", SIGNATURE)

        assert "no package was sent" in ended.out

    def test_a_file_that_holds_no_act_is_refused(self, node: Any, tidan: Any, act: Path) -> None:
        act.write_text("{}")

        ended = tidan("title", "relay", act, "--signer", SIGNER, "--signature", SIGNATURE)

        assert ended.code == 2
        assert node.asked == []
