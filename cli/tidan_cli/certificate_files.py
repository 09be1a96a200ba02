"""Certificates and their private keys, as files in PEM."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from tidan_cli.documents import file_bytes
from tidan_cli.failures import FileUnusable
from tidan_node.domain.certificates.proof import PrivateKey


def certificates_of(file: Path) -> list[bytes]:
    """The certificates of a file in DER, in their order."""
    try:
        found = x509.load_pem_x509_certificates(file_bytes(file))
    except ValueError as error:
        raise FileUnusable(f"{file} holds no certificates in PEM", field=str(file)) from error
    return [each.public_bytes(Encoding.DER) for each in found]


def private_key_of(file: Path, password: bytes | None) -> PrivateKey:
    """The private key of a file; nothing of it is told."""
    try:
        key = load_pem_private_key(file_bytes(file), password)
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        # TypeError: a password is missing, or there is none to give
        raise FileUnusable(
            f"{file} is no private key in PEM that this password opens", field=str(file)
        ) from error
    if not isinstance(
        key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
    ):
        raise FileUnusable(f"{file} is a key of another kind", field=str(file))
    return key
