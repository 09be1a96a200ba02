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
from functools import partial
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tidan_cli.certificate_files import certificates_of, private_key_of, revocation_list_of
from tidan_cli.documents import text_file
from tidan_cli.failures import FileUnusable
from tidan_node.domain.certificates.proof import PrivateKey
from tidan_node.domain.certificates.reading import MOST_INTERMEDIATES
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.sign_in_tokens import LIFE, TYPE
from tidan_node.domain.tokens import LARGEST_TOKEN

KEY_PASSWORD: Final = "TIDAN_KEY_PASSWORD"  # noqa: S105  the name of a variable


class _Tokens(jws.JWSRegistry):
    max_header_length = 64 * 1024  # certificates stand in it


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate with those on its way to an authority, and its private key."""

    certificates: tuple[bytes, ...]
    key: PrivateKey = field(repr=False)

    @classmethod
    def read(cls, certificate: Path, key: Path) -> Credential:
        chain = read_chain(certificate)
        private = private_key_of(key, None, "--key", ask=partial(_password, key))
        try:
            certified = x509.load_der_x509_certificate(chain[0]).public_key()
        except (ValueError, UnsupportedAlgorithm) as error:
            raise FileUnusable(
                f"{certificate} has a key that this command cannot sign with; have the token"
                " made where the key is, and send it with --token",
                field="--certificate",
            ) from error
        if certified != private.public_key():
            raise FileUnusable(f"{key} is not the key of {certificate}", field="--key")
        return cls(chain, private)

    def token(self, platform: str, audience: str, now: datetime | None = None) -> str:
        """Signed for this platform and party, good once, for five minutes."""
        begins = int((now or datetime.now(UTC)).timestamp())
        algorithm, jwk = _algorithm(self.key)
        header = {
            "alg": algorithm,
            "typ": TYPE,
            "x5c": [base64.b64encode(each).decode() for each in self.certificates],
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


def read_chain(path: Path) -> tuple[bytes, ...]:
    """The user's certificate first, all in DER."""
    found = certificates_of(path, "--certificate")
    if len(found) > 1 + MOST_INTERMEDIATES:
        raise FileUnusable(f"{path} holds too many certificates", field="--certificate")
    return tuple(found)


def read_lists(paths: Sequence[Path]) -> list[str]:
    """Revocation lists, as the node wants them."""
    return [base64.b64encode(revocation_list_of(path, "--crl")).decode() for path in paths]


def read_token(path: Path) -> str:
    """A token that was made elsewhere: what it says, the node reads."""
    try:
        text = text_file(path).strip()
    except FileUnusable as problem:
        raise FileUnusable(problem.detail, field="--token") from problem
    if not 0 < len(text) <= LARGEST_TOKEN or not text.isascii() or len(text.split()) != 1:
        raise FileUnusable(f"{path} holds no token", field="--token")
    return text


def _password(path: Path) -> bytes:
    given = os.environ.get(KEY_PASSWORD)
    if given is None and sys.stdin.isatty():
        given = getpass.getpass(f"password of {path}: ")
    if given is None:
        raise FileUnusable(
            f"{path} is encrypted: put its password into {KEY_PASSWORD}", field="--key"
        )
    return given.encode()


def _algorithm(key: PrivateKey) -> tuple[str, RSAKey | ECKey | OKPKey]:
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
