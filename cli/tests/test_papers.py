"""`tidan invoice …`, `tidan policy …`, `tidan operation …`, `tidan title package|receive`."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from typing import Any

RECORD = "0x77c1d0e2" + "ab" * 28
TERMS = {"rulebook": "rules-1", "governingLaw": "SG"}


class TestInvoice:
    def test_the_xml_goes_to_the_node_as_text(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "invoice.xml").write_text("<Invoice>é</Invoice>", encoding="utf-8")
        accepted = {"operation": told.operation(), "invoice": RECORD}
        node.answer("POST", "/v1/invoices", accepted, status=202)

        ended = tidan("invoice", "register", tmp_path / "invoice.xml", "--buyer", "3")

        assert ended.code == 0
        assert node.asked[0].json == {"document": "<Invoice>é</Invoice>", "buyer": "3"}
        assert f"registered invoice {RECORD}" in ended.out

    def test_it_is_shown_to_people(self, node: Any, tidan: Any, told: Any) -> None:
        invoice = told.title(RECORD) | {
            "status": "REGISTERED",
            "seller": told.shipper,
            "buyer": told.carrier,
            "titles": [],
            "terms": TERMS,
        }
        node.answer("GET", "/v1/invoices?limit=200", told.page(invoice))
        node.answer("GET", "/v1/invoices?limit=50", told.page(invoice))
        node.answer("GET", f"/v1/invoices/{RECORD}", invoice)

        shown = tidan("invoice", "show", "77c1d0e2").out
        assert "Jade Kiln Demo Exports (2)" in shown
        assert "rulebook rules-1, law of SG" in shown
        assert "REGISTERED" in tidan("invoice", "list").out


class TestPolicy:
    def test_the_document_goes_to_the_node_digit_for_digit(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "policy.json").write_text('{"sum": 10.50}')
        accepted = {"operation": told.operation(), "policy": RECORD}
        node.answer("POST", "/v1/policies", accepted, status=202)

        ended = tidan("policy", "issue", tmp_path / "policy.json", "--insured", "2", "--json")

        assert ended.answer["policy"] == RECORD
        assert node.asked[0].body == b'{"document":{"sum": 10.50},"insured":"2"}'

    def test_it_is_shown_to_people(self, node: Any, tidan: Any, told: Any) -> None:
        policy = told.title(RECORD) | {
            "status": "ISSUED",
            "insurer": told.carrier,
            "insured": told.shipper,
            "lossPayee": None,
            "expires": "2036-12-31T00:00:00Z",
            "terms": TERMS,
        }
        node.answer("GET", "/v1/policies?limit=50", told.page(policy))
        node.answer("GET", f"/v1/policies/{RECORD}", policy)

        shown = tidan("policy", "show", RECORD).out
        assert "2036-12-31" in shown
        assert "rulebook rules-1, law of SG" in shown
        assert "ISSUED" in tidan("policy", "list").out


class TestOperation:
    def test_a_failed_one_says_why(self, node: Any, tidan: Any, told: Any) -> None:
        problem = {"title": "The record has moved on", "detail": "the title is at seq 5"}
        failed = told.operation("failed", problem=problem)
        node.answer("GET", f"/v1/operations/{told.operation_id}", failed)
        node.answer("GET", "/v1/operations?limit=50&status=failed", told.page(failed))

        shown = tidan("operation", "show", told.operation_id)

        assert shown.code == 0
        assert "the title is at seq 5" in shown.out
        assert "failed" in tidan("operation", "list", "--status", "failed").out

    def test_an_id_cannot_lead_elsewhere(self, node: Any, tidan: Any) -> None:
        tidan("operation", "show", "../titles")

        assert [asked.path for asked in node.asked] == ["/v1/operations/..%2Ftitles"]


class TestPackage:
    def test_it_is_written_whole_and_for_its_owner_alone(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        content = b'{"format": "tidan/package"}'
        node.answer("GET", f"/v1/titles/{told.title_id}/package", content)
        file = tmp_path / "bl.tidan"

        ended = tidan("title", "package", told.title_id, "-o", file, "--json")

        assert file.read_bytes() == content
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert ended.answer == {
            "title": told.title_id,
            "file": str(file),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }

    def test_a_place_that_cannot_be_written_is_named(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        node.answer("GET", f"/v1/titles/{told.title_id}/package", b"{}")
        file = tmp_path / "none" / "bl.tidan"

        ended = tidan("title", "package", told.title_id, "-o", file, "--json")

        assert ended.code == 2
        assert str(file) in ended.problem["detail"]

    def test_a_file_that_is_there_is_left_alone_and_no_package_is_made(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        node.answer("GET", f"/v1/titles/{told.title_id}/package", b"{}")
        file = tmp_path / "bl.tidan"
        file.write_bytes(b"mine")

        ended = tidan("title", "package", told.title_id, "-o", file, "--json")

        assert (ended.code, ended.problem["field"]) == (1, "--output")
        assert ended.problem["type"] == "/v1/problems/file-exists"
        assert file.read_bytes() == b"mine"
        assert node.asked == []

    def test_a_file_that_is_there_is_written_over_by_force(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        node.answer("GET", f"/v1/titles/{told.title_id}/package", b"{}")
        file = tmp_path / "bl.tidan"
        file.write_bytes(b"mine")

        ended = tidan("title", "package", told.title_id, "-o", file, "--force", "--json")

        assert ended.code == 0
        assert file.read_bytes() == b"{}"
        assert list(tmp_path.iterdir()) == [file]

    def test_what_is_received_is_sent_as_it_is(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        received = {
            "kind": "title",
            "record": told.title_id,
            "root": "0x" + "33" * 32,
            "numbering": "verified",
        }
        node.answer("POST", "/v1/packages", received, status=201)
        (tmp_path / "bl.tidan").write_bytes(b'{"a": 1}\n')

        ended = tidan("title", "receive", tmp_path / "bl.tidan", "--json")

        assert ended.answer == received
        assert told.title_id in tidan("title", "receive", tmp_path / "bl.tidan").out
        assert node.asked[0].body == b'{"a": 1}\n'
        assert node.asked[0].headers["Content-Type"] == "application/vnd.tidan.package+json"
        assert node.asked[0].headers["Idempotency-Key"]

    def test_a_file_that_is_no_package_is_told_as_that(
        self, node: Any, tidan: Any, tmp_path: Path
    ) -> None:
        node.refuse("POST", "/v1/packages", "package-malformed", 422, detail="is not JSON")
        file = tmp_path / "rec.txt"
        file.write_text("a record")

        ended = tidan("title", "receive", file, "--json")

        assert (ended.code, ended.problem["field"]) == (2, str(file))
        assert "is no package" in ended.problem["detail"]

    def test_a_package_that_does_not_match_the_chain_is_refused(
        self, node: Any, tidan: Any, tmp_path: Path
    ) -> None:
        node.refuse(*("POST", "/v1/packages", "package-refused", 409), detail="root", rule="root")
        (tmp_path / "bl.tidan").write_bytes(b"{}")

        ended = tidan("title", "receive", tmp_path / "bl.tidan", "--json")

        assert ended.code == 1
        assert ended.problem["rule"] == "root"
