"""Between titles and paper, and on the way out: what is asked of the node."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

HASH = "0x" + "c4" * 32
GATEWAY = "0x" + "5a" * 20


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    file = tmp_path / "bill.json"
    file.write_text("{}")
    return file


class TestFromPaper:
    def test_the_record_of_the_withdrawal_is_known_by_its_sha256(
        self, node: Any, tidan: Any, told: Any, bill: Path, tmp_path: Path
    ) -> None:
        record = tmp_path / "withdrawal.pdf"
        record.write_bytes(b"three originals, cancelled")
        node.answer("POST", "/v1/titles", told.accepted("succeeded"), status=202)

        ended = tidan("title", "from-paper", bill, "--record", record, "--titleholder", "2")

        digest = hashlib.sha256(b"three originals, cancelled").hexdigest()
        assert node.taken("POST", "/v1/titles")[0].json["withdrawal"] == "0x" + digest
        assert f"issued title {told.title_id} in place of paper" in ended.out

    @pytest.mark.parametrize(
        "options", [(), ("--withdrawal", "0x12"), ("--withdrawal", HASH, "--record", "x.pdf")]
    )
    def test_it_needs_one_hash(
        self, node: Any, tidan: Any, bill: Path, options: tuple[str, ...]
    ) -> None:
        ended = tidan("title", "from-paper", bill, *options)

        assert ended.code == 2
        assert node.asked == []


class TestToPaper:
    def test_the_carrier_ends_the_title(self, node: Any, tidan: Any, told: Any) -> None:
        where = f"/v1/titles/{told.title_id}/paper"
        node.answer("POST", where, told.accepted("succeeded"), status=202)

        ended = tidan("title", "to-paper", told.title_id)

        assert node.taken("POST", where)[0].json == {"reason": "TO_PAPER"}
        assert "switched 0x3f2a91c0abab… to paper" in ended.out


class TestLock:
    def test_it_names_gateway_and_transfer(self, node: Any, tidan: Any, told: Any) -> None:
        where = f"/v1/titles/{told.title_id}/locks"
        node.answer("POST", where, told.accepted("succeeded"), status=202)

        tidan("title", "lock", told.title_id, "--gateway", GATEWAY, "--transfer", HASH)

        assert node.taken("POST", where)[0].json == {"gateway": GATEWAY, "transfer": HASH}

    @pytest.mark.parametrize(("gateway", "transfer"), [("0x5a", HASH), (GATEWAY, "0xc4")])
    def test_what_is_no_address_or_no_hash_is_not_sent(
        self, node: Any, tidan: Any, told: Any, gateway: str, transfer: str
    ) -> None:
        ended = tidan(
            *("title", "lock", told.title_id), *("--gateway", gateway, "--transfer", transfer)
        )

        assert ended.code == 2
        assert node.asked == []
