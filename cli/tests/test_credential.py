"""`tidan credential …` against a node that answers as it is told."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

ID = "urn:uuid:5b0c9a52-1c6f-4e0a-9f63-0a8f6f1c2d3e"
PATH_ID = ID.replace(":", "%3A")
TOKEN = "eyJh.eyJi.c2ln~WyJz~"
SUBJECT = {"index": 2, "name": "Paper Heron Demo Line"}


def made(**members: object) -> dict[str, Any]:
    return {
        "id": ID,
        "form": "sd-jwt",
        "subject": SUBJECT,
        "subjectDid": "did:web:node-2.example",
        "roles": ["CARRIER"],
        "validFrom": "2026-11-22T09:00:00Z",
        "validUntil": "2027-11-22T09:00:00Z",
        "statusList": 1,
        "statusIndex": 4711,
        "issuedAt": "2026-11-22T09:00:00Z",
        "revokedAt": None,
        "revocationReason": None,
    } | members


def verified(outcome: str, *checks: tuple[str, str, str | None]) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "checks": [
            {"check": check, "about": None, "outcome": found, "reason": reason}
            for check, found, reason in checks
        ],
        "issuer": {"index": 1, "name": "Demo Trade Authority"},
        "subject": SUBJECT,
        "form": "sd-jwt",
        "says": {"credentialSubject": {"roles": ["CARRIER"]}},
        "holderProven": True,
        "checkedAt": "2026-11-22T09:00:00Z",
        "asOf": {"block": 7, "hash": "0x00"},
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "credential"
    path.write_text(TOKEN + "\n", encoding="utf-8")
    return path


class TestIssue:
    def test_the_credential_is_written_for_its_owner_alone(
        self, node: Any, tidan: Any, tmp_path: Path
    ) -> None:
        node.answer("POST", "/v1/credentials", made(credential=TOKEN), status=201)
        file = tmp_path / "out"

        ended = tidan("credential", "issue", "2", "--role", "CARRIER", "-o", file)

        asked = node.asked[0].json
        assert asked == {"subject": "2", "roles": ["CARRIER"], "form": "sd-jwt"}
        assert file.read_text(encoding="utf-8") == TOKEN + "\n"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert TOKEN not in ended.out

    def test_without_a_file_it_is_printed_once(self, node: Any, tidan: Any) -> None:
        node.answer("POST", "/v1/credentials", made(credential=TOKEN), status=201)

        ended = tidan("credential", "issue", "2", "--form", "jwt", "--valid", "90d")

        assert set(node.asked[0].json) == {"subject", "form", "validUntil"}
        assert TOKEN in ended.out
        assert "not shown again" in ended.out

    def test_one_that_was_shown_before_says_what_to_do(
        self, node: Any, tidan: Any, tmp_path: Path
    ) -> None:
        node.answer("POST", "/v1/credentials", made(credential=None), status=201)
        out = tmp_path / "new"
        again = ("--idempotency-key", "one", "-o", str(out), "--json")

        ended = tidan("credential", "issue", "2", *again)

        assert (ended.code, ended.problem["type"]) == (1, "/v1/problems/shown-before")
        assert (ended.problem["credential"], out.exists()) == (ID, False)
        assert "tidan credential revoke" in ended.problem["detail"]

    def test_one_that_waits_for_approval_says_who_is_shown_it(self, node: Any, tidan: Any) -> None:
        waits = {"id": "0199", "act": "credential.issue", "status": "open"}
        node.answer("POST", "/v1/credentials", {"approval": waits}, status=202)

        ended = tidan("credential", "issue", "2")

        assert ended.code == 8
        assert "is shown the credential" in ended.err.replace("\n", " ")

    def test_a_file_that_is_there_is_refused_before_anything_is_issued(
        self, node: Any, tidan: Any, file: Path
    ) -> None:
        ended = tidan("credential", "issue", "2", "-o", file, "--json")

        assert (ended.code, ended.problem["field"]) == (2, "--output")
        assert node.asked == []


class TestVerify:
    @pytest.mark.parametrize(
        ("outcome", "code", "mark"),
        [("verified", 0, "✓"), ("failed", 6, "✗"), ("not-evaluable", 7, "?")],
    )
    def test_its_end_tells_the_outcome(
        self, node: Any, tidan: Any, file: Path, *, outcome: str, code: int, mark: str
    ) -> None:
        answer = verified(outcome, ("status", outcome, "because"))
        node.answer("POST", "/v1/credentials/verification", answer)

        ended = tidan("credential", "verify", file, "--audience", "bank", "--nonce", "12345678")

        assert node.asked[0].json == {
            "credential": TOKEN,
            "audience": "bank",
            "nonce": "12345678",
        }
        assert ended.code == code
        assert f"{mark} status: because" in ended.out

    def test_what_is_not_shown_by_its_subject_is_told_as_what_it_may_be(
        self, node: Any, tidan: Any, file: Path
    ) -> None:
        answer = verified("verified") | {"holderProven": False}
        node.answer("POST", "/v1/credentials/verification", answer)
        ended = tidan("credential", "verify", file)
        assert "it may be a copy" in " ".join(ended.out.split())


class TestPresent:
    def test_what_is_shown_is_named(
        self, node: Any, tidan: Any, file: Path, tmp_path: Path
    ) -> None:
        node.answer("POST", "/v1/credentials/presentations", {"presentation": "shown~"})
        words = ("--audience", "bank", "--nonce", "12345678", "-o", tmp_path / "shown")

        ended = tidan("credential", "present", file, "--disclose", "roles", *words)

        assert ended.code == 0, ended.err
        assert node.asked[0].json["disclose"] == ["roles"]
        assert (tmp_path / "shown").read_text(encoding="utf-8") == "shown~\n"


class TestRevoke:
    def test_it_is_named_by_its_id(self, node: Any, tidan: Any) -> None:
        node.answer("POST", f"/v1/credentials/{PATH_ID}/revocation", made(revokedAt="now"))

        ended = tidan("credential", "revoke", ID, "--reason", "licence ended")

        assert node.asked[0].json == {"reason": "licence ended"}
        assert f"revoked {ID}" in ended.out


def test_the_list_says_what_was_revoked_and_why(node: Any, tidan: Any) -> None:
    revoked = made(revokedAt="2026-11-23T09:00:00Z", revocationReason="licence ended")
    items = {"items": [revoked, made()], "nextCursor": None, "asOf": {"block": 1, "hash": "0x00"}}
    node.answer("GET", "/v1/credentials?limit=50", items)

    ended = tidan("credential", "list")

    assert "2026-11-23T09:00:00Z: licence ended" in ended.out
