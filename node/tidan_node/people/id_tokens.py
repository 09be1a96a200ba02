"""What an OpenID provider's ID token says, once its signature and each of its claims are checked
(OpenID Connect Core 1.0, 3.1.3.7)."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeGuard

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from tidan_node.people.problems import SignInRefused

ALGORITHMS: Final = ("RS256", "ES256", "EdDSA", "Ed25519")
_SKEW: Final = 60
_LONGEST_AGE: Final = 600
_SMALLEST_RSA: Final = 2048
_LONGEST_SUBJECT: Final = 255

PublicKey = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key of the provider's, and the algorithm that it is published for, if for one."""

    key: RSAKey | ECKey | OKPKey
    algorithm: str | None


SigningKeys = Mapping[str, SigningKey]
"""The provider's keys by their `kid`."""


class _Signed(jws.JWSRegistry):
    """`EdDSA` leaves the curve open; here it means Ed25519 alone, as the name of RFC 9864 says."""

    algorithms = jws.JWSRegistry.algorithms | {"EdDSA": jws.JWSRegistry.algorithms["Ed25519"]}


_REGISTRY: Final = _Signed(algorithms=ALGORITHMS, strict_check_header=False)
_KIND: Final[Mapping[str, type[PublicKey]]] = {
    "RS256": RSAPublicKey,
    "ES256": EllipticCurvePublicKey,
    "EdDSA": Ed25519PublicKey,
    "Ed25519": Ed25519PublicKey,
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must say to be the answer to this sign-in."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)


def signing_keys(documents: Iterable[object]) -> dict[str, SigningKey]:
    """The keys of a JWK set by which an ID token may be signed; others are passed over."""
    found: dict[str, SigningKey] = {}
    for document in documents:
        if not isinstance(document, dict) or document.get("use", "sig") != "sig":
            continue
        name, algorithm = document.get("kid"), document.get("alg")
        if not isinstance(name, str) or not name or name in found:
            continue
        key = _public_key(document)
        if key is not None and isinstance(algorithm, str | None):
            found[name] = SigningKey(key, algorithm)
    return found


def _public_key(document: Mapping[str, Any]) -> RSAKey | ECKey | OKPKey | None:  # Any: JSON
    """The key itself, of no more than its public members; None where it is of no use here."""
    members = {
        name: document[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in document
    }
    modulus = members.get("n", "")
    if members.get("kty") not in ("RSA", "EC", "OKP") or not isinstance(modulus, str):
        return None
    if members["kty"] == "RSA" and 6 * len(modulus) < _SMALLEST_RSA:
        return None  # the library would read it, and warn
    try:
        key = JWKRegistry.import_key(members)
        strong = isinstance(key, RSAKey | ECKey | OKPKey) and _strong(key.public_key)
    except (JoseError, ValueError, TypeError):
        return None
    return key if strong and isinstance(key, RSAKey | ECKey | OKPKey) else None


def key_named(token: str) -> str:
    """The `kid` by which a token names its key; nothing of it is believed yet."""
    try:
        header = jws.extract_compact(token.encode(), registry=_REGISTRY).headers()
    except (JoseError, ValueError) as error:
        raise refused("form", "the ID token is no compact JWS") from error
    name = header.get("kid")
    if not isinstance(name, str):
        raise refused("key", "the ID token names no key")
    return name


def subject_of(token: str, keys: SigningKeys, expected: Expected, now: datetime) -> str:
    """Whom the provider vouches for."""
    claims = _claims(token, keys)
    if claims.get("iss") != expected.issuer:
        raise refused("issuer", "the ID token is of another issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if expected.client_id not in audiences:
        raise refused("audience", "the ID token is for somebody else")
    authorised = claims.get("azp")
    if authorised != expected.client_id and (authorised is not None or len(audiences) > 1):
        raise refused("audience", "the ID token was given to somebody else")
    _require_times(claims, int(now.timestamp()))
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(
        nonce.encode(), expected.nonce.encode()
    ):
        raise refused("nonce", "the ID token answers another sign-in")
    subject = claims.get("sub")
    if (
        not isinstance(subject, str)
        or not 0 < len(subject) <= _LONGEST_SUBJECT
        or not subject.isascii()
        or not subject.isprintable()
    ):
        raise refused("subject", "the ID token names nobody in 1 to 255 characters of ASCII")
    return subject


def refused(rule: str, why: str) -> SignInRefused:
    return SignInRefused(why, rule=rule)


def _claims(token: str, keys: SigningKeys) -> dict[str, Any]:  # Any: JSON of the provider
    found = keys.get(key_named(token))
    if found is None:
        raise refused("key", "the provider publishes no such key")
    try:
        signed = jws.extract_compact(token.encode(), registry=_REGISTRY)
        algorithm = str(signed.headers().get("alg"))
        kind = _KIND.get(algorithm)
        if kind is None or not isinstance(found.key.public_key, kind):
            raise refused("algorithm", f"none of {', '.join(ALGORITHMS)} with a key for it")
        if found.algorithm not in (None, algorithm):
            raise refused("algorithm", "the key is for another algorithm")
        read = jws.deserialize_compact(token, found.key, registry=_REGISTRY)
        claims = json.loads(read.payload or b"")
    except BadSignatureError as error:
        raise refused("signature", "the signature is not of the provider's key") from error
    except (JoseError, ValueError, RecursionError) as error:
        raise refused("form", "the ID token is no compact JWS of claims") from error
    if not isinstance(claims, dict):
        raise refused("form", "the ID token holds no claims")
    return claims


def _require_times(claims: Mapping[str, object], now: int) -> None:
    expires, issued = claims.get("exp"), claims.get("iat")
    if not _is_time(expires) or not _is_time(issued):
        raise refused("time", "the ID token does not say when it was made and until when it holds")
    if now >= expires + _SKEW:
        raise refused("expired", "the ID token has expired")
    if not issued - _SKEW <= now < issued + _LONGEST_AGE + _SKEW:
        raise refused("time", "the ID token was not made just now; are the clocks right?")
    not_before = claims.get("nbf", issued)
    if not _is_time(not_before) or now < not_before - _SKEW:
        raise refused("time", "the ID token does not hold yet")


def _strong(key: object) -> bool:
    if isinstance(key, RSAPublicKey):
        return key.key_size >= _SMALLEST_RSA
    if isinstance(key, EllipticCurvePublicKey):
        return isinstance(key.curve, SECP256R1)
    return isinstance(key, Ed25519PublicKey)


def _is_time(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53
