"""The token by which a user of a recognised platform signs in: short, for one party, used once.

A JWT of type `tidan-sign-in+jwt`, signed with the key of the certificate that stands first in its
`x5c`. `iss` is the platform's code, `aud` is `tidan:<chain>:<party>`, `exp` follows `iat` within
five minutes, and `jti` names the token. Whose certificate it is, `certificates` says; here the
token is only held against the key in it.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.util import urlsafe_b64decode

from tidan_node.domain.certificates.der import element
from tidan_node.domain.certificates.reading import MOST_INTERMEDIATES, key_id
from tidan_node.domain.certificates.sm import SM2_WITH_SM3, ChinesePaths
from tidan_node.domain.proofs.canonical import JsonValue
from tidan_node.domain.tokens import Claims, Token, TokenRefused, read_unverified
from tidan_node.problems import Problem

TYPE: Final = "tidan-sign-in+jwt"
LIFE: Final = timedelta(seconds=300)
SKEW: Final = timedelta(seconds=60)
CHINESE: Final = "SM2"
"""SM2 with SM3 over the signing input, as r and s of 32 bytes. IANA has no name for it."""
_NAME: Final = re.compile(r"[!-~]{16,128}")
_HALF: Final = 32


class PlatformSignInRefused(Problem):
    """A user of another platform signs in with a credential of that platform, by a token that is
    for this party, is at most five minutes old, and is used once.

    `rule` says what was wrong: `form`, `typ`, `algorithm`, `signature`, `platform`, `audience`,
    `time`, `replayed`; of the platform `recognition`, `roles`; of the person `organisation`; of a
    credential also `issuer`, `status`, `revoked`, `expired` and what else its token can lack.
    """

    status, slug, title = 403, "platform-sign-in-refused", "This sign-in is not accepted"


class _SignIns(jws.JWSRegistry):
    max_header_length = 64 * 1024  # certificates stand in it


@dataclass(frozen=True, slots=True)
class SignInToken:
    """What somebody shows; whom it comes from is not proven by reading it."""

    text: str = field(repr=False)
    token: Token = field(repr=False)
    certificates: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def read(cls, text: str) -> SignInToken:
        try:
            token = read_unverified(text)
        except TokenRefused as problem:
            raise refused("form", problem.detail) from problem
        stated = token.header.get("typ")
        if not isinstance(stated, str) or stated.lower().removeprefix("application/") != TYPE:
            raise refused("typ", f"it is no {TYPE}")
        return cls(text, token, _certificates(token.header.get("x5c")))

    def require_signed_with(self, certificate: x509.Certificate) -> None:
        """That the key of this certificate has signed the token, in the way of its kind."""
        algorithm = self.token.header.get("alg")
        if certificate.signature_algorithm_oid == SM2_WITH_SM3:
            _require(algorithm == CHINESE, "algorithm", f"this key signs by {CHINESE}")
            self._require_chinese(certificate)
            return
        key, fitting = _key_of(certificate)
        if algorithm not in fitting:
            raise refused("algorithm", f"this key signs by {' or '.join(fitting)}")
        registry = _SignIns(algorithms=list(fitting), strict_check_header=False)
        try:
            jws.deserialize_compact(self.text, key, registry=registry)
        except (JoseError, ValueError) as error:
            raise refused("signature", "the certificate's key has not signed it") from error

    def use_of(self, platform: str, audience: str, now: datetime) -> SignInUse:
        """What is used up by signing in with it now, as a user of this platform, at this party."""
        claims = self.token.claims
        _require(claims.get("iss") == platform, "platform", "its iss is not the platform's code")
        _require(
            claims.get("aud") == audience,
            "audience",
            "it was made for another party than this node's (aud)",
        )
        name = claims.get("jti")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise refused("form", "its jti has 16 to 128 visible characters")
        return SignInUse(name, _ends(claims, now))

    def _require_chinese(self, certificate: x509.Certificate) -> None:
        signed, _, written = self.text.rpartition(".")
        try:
            raw = urlsafe_b64decode(written.encode("ascii"))
        except ValueError as error:
            raise refused("form", "its signature is not base64url") from error
        _require(len(raw) == 2 * _HALF, "signature", "its signature has 64 bytes")
        halves = b"".join(_integer(raw[at : at + _HALF]) for at in (0, _HALF))
        good = ChinesePaths().has_signed_message(
            certificate, signed.encode("ascii"), element(0x30, halves)
        )
        _require(good, "signature", "the certificate's key has not signed it")


@dataclass(frozen=True, slots=True)
class SignInUse:
    """A token's name and its end, after which it need not be remembered."""

    name: str
    ends_at: datetime

    def digest(self, certificate: x509.Certificate) -> str:
        """What is remembered: within one key, so that nobody uses up another one's names."""
        return hashlib.sha256(f"{key_id(certificate)}:{self.name}".encode()).hexdigest()


def refused(rule: str, detail: str, field: str = "token") -> PlatformSignInRefused:
    return PlatformSignInRefused(detail, field=field, rule=rule)


def _require(kept: bool, rule: str, detail: str) -> None:
    if not kept:
        raise refused(rule, detail)


def _certificates(stated: JsonValue) -> tuple[bytes, ...]:
    """The client's first, then those on its way to an authority (RFC 7515, 4.1.6)."""
    if not isinstance(stated, list) or not 0 < len(stated) <= 1 + MOST_INTERMEDIATES:
        raise refused("form", f"its x5c has 1 to {1 + MOST_INTERMEDIATES} certificates")
    found = []
    for each in stated:
        try:
            found.append(binascii.a2b_base64(str(each).encode("ascii"), strict_mode=True))
        except ValueError as error:
            raise refused("form", "its x5c is not base64") from error
    return tuple(found)


def _key_of(certificate: x509.Certificate) -> tuple[RSAKey | ECKey | OKPKey, tuple[str, ...]]:
    """The key, and the algorithms that it may sign by: the token chooses among no others."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise refused("algorithm", "its certificate has a key that cannot be read") from error
    match key:
        case rsa.RSAPublicKey():
            return RSAKey.import_key(key), ("PS256", "RS256")
        case ec.EllipticCurvePublicKey() if isinstance(key.curve, ec.SECP256R1):
            return ECKey.import_key(key), ("ES256",)
        case ec.EllipticCurvePublicKey() if isinstance(key.curve, ec.SECP384R1):
            return ECKey.import_key(key), ("ES384",)
        case ed25519.Ed25519PublicKey():
            return OKPKey.import_key(key), ("Ed25519",)
        case _:
            raise refused("algorithm", "its certificate has a key of another kind")


def _ends(claims: Claims, now: datetime) -> datetime:
    begins, ends = claims.get("iat"), claims.get("exp")
    if type(begins) is not int or type(ends) is not int:
        raise refused("time", "its iat and exp are whole seconds")
    seconds, skew = now.timestamp(), SKEW.total_seconds()
    _require(0 < ends - begins <= LIFE.total_seconds(), "time", "it lasts at most five minutes")
    _require(begins - skew <= seconds < ends + skew, "time", "it is too old, or of the future")
    return datetime.fromtimestamp(ends, UTC) + SKEW


def _integer(half: bytes) -> bytes:
    """A positive INTEGER of DER."""
    short = half.lstrip(b"\0") or b"\0"
    return element(0x02, short if short[0] < 0x80 else b"\0" + short)
