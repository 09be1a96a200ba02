"""A user's own credential of another platform, and the token that is signed with it."""

from __future__ import annotations

import base64
import getpass
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tidan_cli.failures import FileUnusable
from tidan_node.domain.certificates.reading import MOST_INTERMEDIATES
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.sign_in_tokens import LIFE, TYPE

KEY_PASSWORD: Final = "TIDAN_KEY_PASSWORD"  # noqa: S105  the name of a variable
_LARGEST_FILE: Final = 8 * 1024 * 1024
_UNREADABLE: Final = (ValueError, TypeError, UnsupportedAlgorithm)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


class _Tokens(jws.JWSRegistry):
    max_header_length = 64 * 1024  # certificates stand in it


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate with those on its way to an authority, and its private key."""

    certificates: tuple[x509.Certificate, ...]
    key: Key = field(repr=False)

    @classmethod
    def read(cls, certificate: Path, key: Path) -> Credential:
        chain, private = read_chain(certificate), _key(key)
        if chain[0].public_key() != private.public_key():
            raise FileUnusable(f"{key} is not the key of {certificate}", field="--key")
        return cls(chain, private)

    def token(self, platform: str, audience: str, now: datetime | None = None) -> str:
        """Signed for this platform and party, good once, for five minutes."""
        begins = int((now or datetime.now(UTC)).timestamp())
        algorithm, jwk = _algorithm(self.key)
        header = {
            "alg": algorithm,
            "typ": TYPE,
            "x5c": [
                base64.b64encode(each.public_bytes(Encoding.DER)).decode()
                for each in self.certificates
            ],
        }
        claims = canonical_bytes(
            {
                "iss": platform,
                "aud": audience,
                "iat": begins,
                "exp": begins + int(LIFE.total_seconds()),
                "jti": secrets.token_urlsafe(24),
            }
        )
        return jws.serialize_compact(header, claims, jwk, registry=_Tokens(algorithms=[algorithm]))


def read_chain(path: Path) -> tuple[x509.Certificate, ...]:
    """The user's certificate first; PEM, or one certificate in DER."""
    content = _content(path, "--certificate")
    try:
        if b"-----BEGIN" in content:
            found = tuple(x509.load_pem_x509_certificates(content))
        else:
            found = (x509.load_der_x509_certificate(content),)
    except _UNREADABLE as error:
        raise FileUnusable(f"{path} holds no certificate", field="--certificate") from error
    if len(found) > 1 + MOST_INTERMEDIATES:
        raise FileUnusable(f"{path} holds too many certificates", field="--certificate")
    return found


def read_lists(paths: Sequence[Path]) -> list[str]:
    """Revocation lists of PEM or DER, as the node wants them."""
    return [base64.b64encode(_list(path)).decode() for path in paths]


def _list(path: Path) -> bytes:
    content = _content(path, "--crl")
    try:
        load = x509.load_pem_x509_crl if b"-----BEGIN" in content else x509.load_der_x509_crl
        return load(content).public_bytes(Encoding.DER)
    except _UNREADABLE as error:
        raise FileUnusable(f"{path} holds no revocation list", field="--crl") from error


def _key(path: Path) -> Key:
    content = _content(path, "--key")
    pem = b"-----BEGIN" in content
    load = load_pem_private_key if pem else load_der_private_key
    try:
        try:
            key = load(content, None)
        except TypeError:  # the library's word for: it is encrypted
            key = load(content, _password(path))
    except _UNREADABLE as error:
        raise FileUnusable(
            f"{path} holds no key that can be read, or its password is another", field="--key"
        ) from error
    if not isinstance(
        key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
    ):
        raise FileUnusable(f"{path} holds a key of another kind", field="--key")
    return key


def _password(path: Path) -> bytes:
    given = os.environ.get(KEY_PASSWORD)
    if given is None and sys.stdin.isatty():
        given = getpass.getpass(f"password of {path}: ")
    if given is None:
        raise FileUnusable(
            f"{path} is encrypted: put its password into {KEY_PASSWORD}", field="--key"
        )
    return given.encode()


def _algorithm(key: Key) -> tuple[str, RSAKey | ECKey | OKPKey]:
    match key:
        case rsa.RSAPrivateKey():
            return "PS256", RSAKey.import_key(key)
        case ed25519.Ed25519PrivateKey():
            return "Ed25519", OKPKey.import_key(key)
        case _ if isinstance(key.curve, ec.SECP256R1):
            return "ES256", ECKey.import_key(key)
        case _ if isinstance(key.curve, ec.SECP384R1):
            return "ES384", ECKey.import_key(key)
    raise FileUnusable("its curve is none of P-256 and P-384", field="--key")


def _content(path: Path, option: str) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise FileUnusable(f"{path} is too large", field=option)
        return path.read_bytes()
    except OSError as error:
        raise FileUnusable(f"{path}: {error.strerror}", field=option) from error
