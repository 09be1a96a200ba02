"""Whose a certificate is: only its owner can say so of a signing key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tidan_node.domain.certificates.proof import (
    CertificateProofRefused,
    PrivateKey,
    prove_ownership,
    verify_ownership,
)
from tidan_node.domain.exchange_keys import ExchangeKeys

KEYS = ExchangeKeys.from_secret(bytes(32))
OTHERS = ExchangeKeys.from_secret(b"\x01" * 32)
PARTY = "tidan:31337:4"
P_256 = ec.generate_private_key(ec.SECP256R1())
OWN_KEYS = {
    "P-256": P_256,
    "P-384": ec.generate_private_key(ec.SECP384R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate(),
    "RSA": rsa.generate_private_key(65537, 2048),
}


def certificate_of(key: PrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A Demo Ltd")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    return built.sign(key, digest).public_bytes(Encoding.DER)


class TestVerifyOwnership:
    @pytest.mark.parametrize("kind", OWN_KEYS)
    def test_the_owner_of_a_certificate_can_say_which_signing_key_is_its(self, kind: str) -> None:
        key = OWN_KEYS[kind]
        proof = prove_ownership(key, KEYS.signing_jwk, PARTY)
        verify_ownership(certificate_of(key), proof, KEYS.signing_jwk, PARTY)

    def test_it_serves_for_no_other_signing_key(self) -> None:
        proof = prove_ownership(P_256, KEYS.signing_jwk, PARTY)
        with pytest.raises(CertificateProofRefused):
            verify_ownership(certificate_of(P_256), proof, OTHERS.signing_jwk, PARTY)

    def test_it_serves_for_no_other_certificate(self) -> None:
        proof = prove_ownership(P_256, KEYS.signing_jwk, PARTY)
        other = ec.generate_private_key(ec.SECP256R1())
        with pytest.raises(CertificateProofRefused):
            verify_ownership(certificate_of(other), proof, KEYS.signing_jwk, PARTY)

    @pytest.mark.parametrize("proof", ["", "a.b.c", "..", "%"])
    def test_what_is_no_proof_is_refused(self, proof: str) -> None:
        with pytest.raises(CertificateProofRefused):
            verify_ownership(certificate_of(P_256), proof, KEYS.signing_jwk, PARTY)

    def test_a_certificate_that_cannot_be_read_is_refused(self) -> None:
        with pytest.raises(CertificateProofRefused):
            verify_ownership(
                b"\x30\x00",
                prove_ownership(P_256, KEYS.signing_jwk, PARTY),
                KEYS.signing_jwk,
                PARTY,
            )

    def test_it_serves_for_no_other_party_that_has_copied_the_profile(self) -> None:
        proof = prove_ownership(P_256, KEYS.signing_jwk, PARTY)
        for other in ("tidan:31337:5", "tidan:1:4"):
            with pytest.raises(CertificateProofRefused):
                verify_ownership(certificate_of(P_256), proof, KEYS.signing_jwk, other)

    def test_a_weak_key_proves_nothing(self) -> None:
        with pytest.raises(CertificateProofRefused):
            prove_ownership(ec.generate_private_key(ec.SECP224R1()), KEYS.signing_jwk, PARTY)
