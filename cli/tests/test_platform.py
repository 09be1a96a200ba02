"""`tidan platform recognise|revoke|list` against a node that answers as it is told."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

PROPOSALS = "/v1/council/proposals"
ANCHOR = "0x3f2a91c0" + "ab" * 28
SCOPE = ("--role", "TRADER", "--act", "titles:act", "--act", "documents:read")
UNTIL = ("--expires", "2027-05-31T12:00:00Z", "--reason", "agreed")


@pytest.fixture
def recognition() -> dict[str, Any]:  # Any: JSON
    return {
        "anchor": ANCHOR,
        "platform": "DEMO-PORT",
        "did": None,
        "certificate": "AAAA",
        "sha256": "11" * 32,
        "roles": ["TRADER"],
        "acts": ["documents:read", "titles:act"],
        "expiresAt": "2027-05-31T12:00:00Z",
        "withdrawn": False,
        "stands": True,
    }


def certificate(*, authority: bool = True) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Demo Port CA")])
    began = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(7)
    builder = builder.not_valid_before(began).not_valid_after(began + timedelta(days=365))
    constraints = x509.BasicConstraints(ca=authority, path_length=None)
    return builder.add_extension(constraints, critical=True).sign(key, hashes.SHA256())


def pending(told: Any) -> dict[str, Any]:
    return {"operation": told.operation("initialized")}


class TestRecognise:
    @pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
    def test_a_certificate_is_sent_as_der_whatever_the_file_is(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path, encoding: Encoding
    ) -> None:
        made = certificate()
        (tmp_path / "ca").write_bytes(made.public_bytes(encoding))
        node.answer("POST", PROPOSALS, pending(told), status=202)

        ended = tidan(
            *("platform", "recognise", "DEMO-PORT", "--certificate", tmp_path / "ca"),
            *(*SCOPE, *UNTIL, "--no-wait"),
        )

        assert ended.code == 0, ended.err
        assert node.taken("POST", PROPOSALS)[0].json == {
            "kind": "recognise",
            "platform": "DEMO-PORT",
            "certificate": base64.b64encode(made.public_bytes(Encoding.DER)).decode(),
            "roles": ["TRADER"],
            "acts": ["titles:act", "documents:read"],
            "expiresAt": "2027-05-31T12:00:00Z",
            "reason": "agreed",
        }

    def test_a_did_is_sent_as_it_is(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", PROPOSALS, pending(told), status=202)
        tidan(
            *("platform", "recognise", "DEMO-PORT", "--did", "did:web:port.example"),
            *(*SCOPE, *UNTIL, "--no-wait"),
        )
        assert node.taken("POST", PROPOSALS)[0].json["did"] == "did:web:port.example"

    def test_who_proposes_an_act_alone_is_told_what_its_users_could_not_do(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("POST", PROPOSALS, pending(told), status=202)
        recognise = ("platform", "recognise", "DEMO-PORT", "--did", "did:web:port.example")
        beside = ("--act", "operations:read", "--act", "records:read")

        alone = tidan(*recognise, *SCOPE, *UNTIL, "--no-wait")
        whole = tidan(*recognise, *SCOPE, *beside, *UNTIL, "--no-wait")

        assert "without --act operations:read its users cannot see how an act ends" in alone.err
        assert "without --act records:read" in " ".join(alone.err.split())
        assert whole.err == ""

    def test_what_is_no_certificate_is_refused_here(
        self, node: Any, tidan: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "ca").write_text("no certificate")
        recognise = ("platform", "recognise", "DEMO-PORT", *SCOPE, *UNTIL)
        for options in (("--certificate", tmp_path / "ca"), ()):
            assert tidan(*recognise, *options).code == 2
        assert node.asked == []

    @pytest.mark.parametrize(
        ("made", "why"),
        [
            ([certificate(authority=False)], "is no authority's certificate"),
            ([certificate(), certificate()], "holds 2 certificates"),
        ],
    )
    def test_what_could_vouch_for_nobody_or_says_not_which_is_refused_here(
        self, node: Any, tidan: Any, tmp_path: Path, made: list[x509.Certificate], why: str
    ) -> None:
        pem = b"".join(each.public_bytes(Encoding.PEM) for each in made)
        (tmp_path / "ca").write_bytes(pem)

        ended = tidan(
            *("platform", "recognise", "DEMO-PORT", "--certificate", tmp_path / "ca"),
            *(*SCOPE, *UNTIL, "--json"),
        )

        assert (ended.code, ended.problem["field"]) == (2, "--certificate")
        assert why in ended.problem["detail"]
        assert node.asked == []


class TestRevoke:
    def test_an_anchor_is_found_by_its_beginning(
        self, node: Any, tidan: Any, told: Any, recognition: Any
    ) -> None:
        node.answer("GET", "/v1/platforms?limit=200", told.page(recognition))
        node.answer("POST", PROPOSALS, pending(told), status=202)

        ended = tidan("platform", "revoke", "0x3f2a91c0", "--reason", "stolen", "--no-wait")

        assert ended.code == 0, ended.err
        assert node.taken("POST", PROPOSALS)[0].json == {
            "kind": "withdraw",
            "anchor": ANCHOR,
            "reason": "stolen",
        }

    @pytest.mark.parametrize("typed", ["0x3f", "0x11111111"])
    def test_one_that_is_not_known_is_not_guessed(
        self, node: Any, tidan: Any, told: Any, recognition: Any, typed: str
    ) -> None:
        node.answer("GET", "/v1/platforms?limit=200", told.page(recognition))
        assert tidan("platform", "revoke", typed, "--reason", "stolen").code == 2
        assert node.taken("POST", PROPOSALS) == []


def test_the_list_says_by_what_for_whom_and_whether_it_stands(
    node: Any, tidan: Any, told: Any, recognition: Any
) -> None:
    gone = recognition | {"withdrawn": True, "stands": False, "did": "did:web:x"}
    expired = recognition | {"stands": False}
    node.answer("GET", "/v1/platforms?limit=50", told.page(recognition, gone, expired))
    said = tidan("platform", "list").out
    for words in ("DEMO-PORT", "documents:read", "yes", "withdrawn", "expired", "did:web:x"):
        assert words in said
