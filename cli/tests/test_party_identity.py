"""`tidan party verify|certify` against a node that answers as it is told."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from tidan_node.domain.certificates.proof import verify_ownership
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.tls_certificates import new_certificate

SIGNING = ExchangeKeys.from_secret(bytes(32)).signing_jwk
OPERATION = {"id": "0198", "kind": "profile.change", "status": "initialized"}


@pytest.fixture
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def chain(tmp_path: Path, key: ec.EllipticCurvePrivateKey) -> Path:
    der = new_certificate(key, ["party.example"], datetime(2026, 1, 1, tzinfo=UTC))
    path = tmp_path / "chain.pem"
    path.write_bytes(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM))
    return path


def key_file(
    folder: Path, key: ec.EllipticCurvePrivateKey, kept: KeySerializationEncryption
) -> Path:
    path = folder / "key.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, kept))
    return path


class TestVerify:
    def test_each_check_is_a_line_and_the_end_tells_the_worst(self, node: Any, tidan: Any) -> None:
        checks = [
            {"check": "identifier", "about": "LEI:X", "outcome": "failed", "reason": "is no LEI"},
            {"check": "signing-key", "about": None, "outcome": "verified", "reason": None},
        ]
        answer = {"party": {"index": 2, "name": "P"}, "outcome": "failed", "checks": checks}
        node.answer("POST", "/v1/parties/LEI%3AX/verification", answer)

        ended = tidan("party", "verify", "LEI:X")

        assert ended.code == 6
        assert "✗ identifier LEI:X: is no LEI" in ended.out
        assert "✓ signing-key" in ended.out


class TestCertify:
    def test_the_proof_is_made_here_and_the_key_stays(
        self,
        node: Any,
        tidan: Any,
        chain: Path,
        key: ec.EllipticCurvePrivateKey,
        tmp_path: Path,
    ) -> None:
        me = {"party": {"index": 2, "signingKey": SIGNING}, "chain": {"chainId": 31337}}
        node.answer("GET", "/v1/me", me)
        node.answer("POST", "/v1/profile", {"operation": OPERATION}, status=202)
        (tmp_path / "password").write_text("of the key\n", encoding="utf-8")
        file = key_file(tmp_path, key, BestAvailableEncryption(b"of the key"))
        password = ("--password-file", tmp_path / "password")

        ended = tidan("party", "certify", chain, "--key", file, *password, "--no-wait")

        assert ended.code == 0, ended.err
        asked = node.asked[-1].json
        assert set(asked) == {"certificates", "certificateProof"}
        leaf = b64decode(asked["certificates"][0])
        verify_ownership(leaf, asked["certificateProof"], SIGNING, "tidan:31337:2")

    def test_a_key_that_the_password_does_not_open_is_one_sentence(
        self,
        node: Any,
        tidan: Any,
        chain: Path,
        key: ec.EllipticCurvePrivateKey,
        tmp_path: Path,
    ) -> None:
        file = key_file(tmp_path, key, BestAvailableEncryption(b"of the key"))

        ended = tidan("party", "certify", chain, "--key", file, "--json")

        assert (ended.code, ended.problem["field"]) == (2, str(file))
        assert "--password-file" in ended.problem["detail"]
        assert node.asked == []

    def test_a_file_without_certificates_is_refused(
        self, node: Any, tidan: Any, key: ec.EllipticCurvePrivateKey, tmp_path: Path
    ) -> None:
        file = key_file(tmp_path, key, NoEncryption())

        ended = tidan("party", "certify", file, "--key", file, "--json")

        assert ended.code == 2
        assert node.asked == []
