"""The certificates that nodes show: made to be pinned, and looked at before they are."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.tls_certificates import (
    LIFE,
    Der,
    TlsCertificateMalformed,
    check_tls_certificates,
    fingerprint,
    new_certificate,
    valid_until,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
CERTIFICATE = new_certificate(KEY, ["node.example", "127.0.0.1", "::1"], NOW)


def with_key(key: object, *, life: timedelta = timedelta(days=1)) -> Der:
    """A certificate of a key that others may have chosen."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    algorithm = None if isinstance(key, Ed25519PrivateKey) else SHA256()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())  # type: ignore[attr-defined]  # of whatever kind
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + life)
        .sign(key, algorithm)  # type: ignore[arg-type]  # as above
    )
    return made.public_bytes(Encoding.DER)


class TestNew:
    def test_it_is_for_a_server_that_is_no_authority(self) -> None:
        certificate = x509.load_der_x509_certificate(CERTIFICATE)

        of = certificate.extensions.get_extension_for_class
        assert of(x509.BasicConstraints).value.ca is False
        assert list(of(x509.ExtendedKeyUsage).value) == [x509.ExtendedKeyUsageOID.SERVER_AUTH]
        assert of(x509.KeyUsage).value.digital_signature
        assert not of(x509.KeyUsage).value.key_cert_sign
        certificate.verify_directly_issued_by(certificate)

    def test_it_names_where_the_node_is_reached_and_nothing_else(self) -> None:
        certificate = x509.load_der_x509_certificate(CERTIFICATE)

        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName) == ["node.example"]
        assert names.get_values_for_type(x509.IPAddress) == [
            ipaddress.ip_address("127.0.0.1"),
            ipaddress.ip_address("::1"),
        ]

    def test_it_is_good_at_once_also_where_a_clock_is_behind(self) -> None:
        certificate = x509.load_der_x509_certificate(CERTIFICATE)

        assert certificate.not_valid_before_utc < NOW - timedelta(minutes=30)
        assert valid_until(CERTIFICATE) == NOW + LIFE

    def test_two_of_one_key_differ(self) -> None:
        assert fingerprint(CERTIFICATE) != fingerprint(new_certificate(KEY, ["node.example"], NOW))


class TestCheck:
    def test_a_certificate_of_our_own_making_passes(self) -> None:
        check_tls_certificates([CERTIFICATE])

    @pytest.mark.parametrize(
        "key",
        [
            ec.generate_private_key(ec.SECP384R1()),
            rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ],
        ids=["P-384", "RSA 2048"],
    )
    def test_so_does_one_of_another_strong_key(self, key: object) -> None:
        check_tls_certificates([with_key(key)])

    @pytest.mark.parametrize(
        "key",
        [
            rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505  it is
            ec.generate_private_key(ec.SECP256K1()),
            Ed25519PrivateKey.generate(),
        ],
        ids=["RSA 1024", "secp256k1", "Ed25519"],
    )
    def test_other_keys_are_refused(self, key: object) -> None:
        with pytest.raises(TlsCertificateMalformed) as refused:
            check_tls_certificates([CERTIFICATE, with_key(key)])

        assert refused.value.field == "tlsCertificates"

    @pytest.mark.parametrize("content", [b"", b"\x30\x03\x02\x01\x07", CERTIFICATE[:-1]])
    def test_what_is_no_certificate_is_refused(self, content: bytes) -> None:
        with pytest.raises(TlsCertificateMalformed):
            check_tls_certificates([content])

    @pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
    @settings(deadline=None)
    @given(st.integers(0, len(CERTIFICATE) - 1), st.integers(0, 255))
    def test_whatever_is_wrong_with_it_it_is_refused_or_read(self, place: int, byte: int) -> None:
        harmed = bytearray(CERTIFICATE)
        harmed[place] = byte
        with suppress(TlsCertificateMalformed):  # and nothing else
            check_tls_certificates([bytes(harmed)])
