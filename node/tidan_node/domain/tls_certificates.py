"""The certificates that nodes show each other: each party pins its own in its profile.

Nobody vouches for them. Whose certificate it is the chain says, which has the profile; the names in
it say nothing, and no party's name is among them, since TLS 1.2 shows them to whoever listens.
"""

from __future__ import annotations

import hashlib
import ipaddress
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tidan_node.problems import InvalidInput

Der = bytes

MOST_TLS_CERTIFICATES: Final = 2
"""The one in use, and during a change the next one."""
LIFE: Final = timedelta(days=730)
_AHEAD: Final = timedelta(hours=1)
"""Clocks of other nodes may be behind."""
_CURVES: Final = ("secp256r1", "secp384r1")
_SHORTEST_RSA: Final = 2048
_USAGES: Final = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


class TlsCertificateMalformed(InvalidInput):
    """What a profile pins is X.509 in DER, with a key on P-256 or P-384 or an RSA key of 2,048 bits
    or more."""

    status, slug, title = 422, "tls-certificate-malformed", "This is no certificate in its form"


def new_certificate(
    key: ec.EllipticCurvePrivateKey, hosts: Iterable[str], now: datetime, life: timedelta = LIFE
) -> Der:
    """A self-signed certificate of a node that is reached at these hosts."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tidan-node")])
    usage = dict.fromkeys(_USAGES, False) | {"digital_signature": True}
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _AHEAD)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectAlternativeName([_name(each) for each in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, SHA256())
    )
    return certificate.public_bytes(Encoding.DER)


def check_tls_certificates(certificates: Iterable[Der]) -> None:
    """That other nodes could trust these, before a party writes them into its profile.

    Whoever reads a profile does not ask this: all nodes must read it alike, whatever their
    libraries make of a certificate. A certificate that is none lets nobody in.
    """
    for each in certificates:
        try:
            certificate = x509.load_der_x509_certificate(each)
            begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
            key = certificate.public_key()
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
            raise _malformed("is no X.509 certificate in DER") from error
        if not _is_strong(key):
            raise _malformed(f"its key is on P-256 or P-384, or RSA of {_SHORTEST_RSA:,} bits")
        if begins >= ends:
            raise _malformed("ends before it begins")


def certificate_texts(certificates: Iterable[Der]) -> list[str]:
    """As they stand in a profile, and in all that tells of one."""
    return [b64encode(each).decode() for each in certificates]


def fingerprint(certificate: Der) -> str:
    """By which people compare two certificates."""
    return hashlib.sha256(certificate).hexdigest()


def valid_until(certificate: Der) -> datetime:
    return x509.load_der_x509_certificate(certificate).not_valid_after_utc


def _is_strong(key: object) -> bool:
    match key:
        case ec.EllipticCurvePublicKey():
            return key.curve.name in _CURVES
        case rsa.RSAPublicKey():
            return key.key_size >= _SHORTEST_RSA
    return False


def _malformed(rule: str) -> TlsCertificateMalformed:
    return TlsCertificateMalformed(rule, field="tlsCertificates")


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
