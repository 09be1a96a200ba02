"""Acts signed elsewhere: what is asked of the node, and what is sent with the signature."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SIGNER = "0x" + "5a" * 20
SIGNATURE = "0x" + "1b" * 65
PREPARED = {
    "call": "0x12345678",
    "validUntil": "2026-12-01T00:00:00Z",
    "typedData": {"primaryType": "Accept"},
    "digest": "0x" + "dd" * 32,
}


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

    def test_people_read_the_digest(self, node: Any, tidan: Any) -> None:
        node.answer("POST", "/v1/title-acts:prepare", PREPARED)

        ended = tidan("title", "prepare", "accept", "expectedSeq=2")

        assert PREPARED["digest"] in ended.out

    def test_an_argument_has_a_name(self, node: Any, tidan: Any) -> None:
        ended = tidan("title", "prepare", "accept", "2")

        assert ended.code == 2
        assert node.asked == []


class TestRelay:
    def test_the_signed_act_is_sent_as_its_signers(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        file = tmp_path / "act.json"
        file.write_text(json.dumps(PREPARED))
        accepted = told.accepted("succeeded") | {"act": "accept", "signer": told.shipper}
        node.answer("POST", "/v1/title-acts:relay", accepted, status=202)

        ended = tidan("title", "relay", file, "--signer", SIGNER, "--signature", SIGNATURE)

        assert node.taken("POST", "/v1/title-acts:relay")[0].json == {
            "call": "0x12345678",
            "validUntil": "2026-12-01T00:00:00Z",
            "signer": SIGNER,
            "signature": SIGNATURE,
        }
        assert "sent accept of Jade Kiln Demo Exports" in ended.out

    def test_a_file_that_holds_no_act_is_refused(
        self, node: Any, tidan: Any, tmp_path: Path
    ) -> None:
        file = tmp_path / "act.json"
        file.write_text("{}")

        ended = tidan("title", "relay", file, "--signer", SIGNER, "--signature", SIGNATURE)

        assert ended.code == 2
        assert node.asked == []
