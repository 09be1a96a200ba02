"""Certificates, their private keys and lists of revoked ones, as files in PEM or DER."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    load_der_private_key,
    load_pem_private_key,
)

from tidan_cli.documents import file_bytes
from tidan_cli.failures import FileUnusable
from tidan_node.domain.certificates.proof import PrivateKey

_ENCRYPTED: Final = (b"BEGIN ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED")
_BY_OPTION: Final = "name it by --password-file"
_UNREADABLE: Final = (ValueError, TypeError, UnsupportedAlgorithm)


def certificates_of(file: Path, field: str | None = None) -> list[bytes]:
    """The certificates of a file in DER, in their order; a file in DER has one."""
    content = _content(file, field)
    try:
        if _is_pem(content):
            found = x509.load_pem_x509_certificates(content)
        else:
            found = [x509.load_der_x509_certificate(content)]
    except _UNREADABLE as error:
        raise _unusable(file, "holds no certificate", field) from error
    return [each.public_bytes(Encoding.DER) for each in found]


def revocation_list_of(file: Path, field: str | None = None) -> bytes:
    """The list of a file in DER."""
    content = _content(file, field)
    try:
        load = x509.load_pem_x509_crl if _is_pem(content) else x509.load_der_x509_crl
        return load(content).public_bytes(Encoding.DER)
    except _UNREADABLE as error:
        raise _unusable(file, "holds no revocation list", field) from error


def private_key_of(
    file: Path,
    password: bytes | None,
    field: str | None = None,
    *,
    ask: Callable[[], bytes] | None = None,
) -> PrivateKey:
    """The private key of a file; nothing of it is told. Whoever can be asked for its password is
    asked only where it has one."""
    content = _content(file, field)
    load = load_pem_private_key if _is_pem(content) else load_der_private_key
    try:
        try:
            key = load(content, password)
        except TypeError:  # the library's word for: it has a password, or needs none
            if ask is None:
                raise
            key = load(content, ask())
    except _UNREADABLE as error:
        raise _unusable(
            file, _why_not_open(content, password, can_ask=ask is not None), field
        ) from error
    if not isinstance(
        key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
    ):
        raise _unusable(file, "holds a key of another kind", field)
    return key


def _why_not_open(content: bytes, password: bytes | None, *, can_ask: bool) -> str:
    """A key in DER does not show whether it has a password."""
    if password is not None or can_ask:
        return "holds no private key that this password opens"
    if any(mark in content for mark in _ENCRYPTED):
        return f"holds a private key with a password: {_BY_OPTION}"
    return f"holds no private key; if it has a password, {_BY_OPTION}"


def _is_pem(content: bytes) -> bool:
    return b"-----BEGIN" in content


def _content(file: Path, field: str | None) -> bytes:
    try:
        return file_bytes(file)
    except FileUnusable as problem:
        raise FileUnusable(problem.detail, field=field or str(file)) from problem


def _unusable(file: Path, why: str, field: str | None) -> FileUnusable:
    return FileUnusable(f"{file} {why}", field=field or str(file))
