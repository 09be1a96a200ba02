"""Signed tokens: compact JWS (RFC 7515) of one signer, with claims in JSON, strictly read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, OKPKey
from joserfc.util import urlsafe_b64decode

from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.proofs.canonical import JsonValue, canonical_bytes, read_json
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.problems import Problem

Claims = dict[str, JsonValue]
Key = OKPKey | ECKey

OURS: Final = "Ed25519"
"""What this node signs with: EdDSA on this curve by its full name (RFC 9864)."""

ALGORITHMS: Final = (OURS, "ES256")
"""What is believed. Each goes with one kind of key, so that a header chooses nothing."""

LARGEST_TOKEN: Final = 64 * 1024
_LARGEST_HEADER: Final = 16 * 1024


class TokenRefused(Problem):
    """A signed token that cannot be believed; `rule` names the check that it failed."""

    status, slug, title = 422, "token-refused", "The signed token cannot be believed"


class _Tokens(jws.JWSRegistry):
    max_header_length = _LARGEST_HEADER
    max_payload_length = LARGEST_TOKEN
    max_signature_length = 1024


_REGISTRY: Final = _Tokens(algorithms=list(ALGORITHMS), strict_check_header=False)


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says. Whoever holds one of these must know whether it was verified."""

    header: Mapping[str, JsonValue]
    claims: Claims

    def text(self, name: str) -> str | None:
        """A claim that is text; else as if it were not there."""
        value = self.claims.get(name)
        return value if isinstance(value, str) else None


def sign_token(keys: ExchangeKeys, claims: Claims, *, typ: str, kid: str | None = None) -> str:
    """The claims, signed with the node's key; `typ` keeps one kind of token from passing for
    another (RFC 8725 §3.11)."""
    header = {"alg": OURS, "typ": typ} | ({} if kid is None else {"kid": kid})
    return jws.serialize_compact(
        header, canonical_bytes(claims), OKPKey.import_key(keys.signing_private_key),
        registry=_REGISTRY,
    )  # fmt: skip


def read_unverified(token: str) -> Token:
    """What the token says before anybody has looked at its signature: only to find the key."""
    if len(token) > LARGEST_TOKEN:
        raise refused("form", f"it has more than {LARGEST_TOKEN} characters")
    segments = token.split(".")
    if len(segments) != 3:
        raise refused("form", "it is not a compact JWS")
    header, claims = (_object(segment) for segment in segments[:2])
    # what must be understood is not (RFC 7515 §4.1.11); `b64` would change what is read
    if "crit" in header or "b64" in header:
        raise refused("header", "its header has an extension that is not known here")
    return Token(header, claims)


def verify_token(token: str, key: Key, *, typ: str) -> Token:
    """What the token says, once this key has signed it as a token of this type."""
    read = read_unverified(token)
    if read.header.get("alg") not in ALGORITHMS:
        raise refused("algorithm", f"it is signed by none of {', '.join(ALGORITHMS)}")
    if not _is_typ(read.header.get("typ"), typ):
        raise refused("typ", f"it is no {typ}")
    try:
        jws.deserialize_compact(token, key, registry=_REGISTRY)
    except BadSignatureError as error:
        raise refused("signature", "the signature is not of this key") from error
    except (JoseError, ValueError) as error:
        raise refused("form", "it does not go with this key, or is no compact JWS") from error
    return read


def public_key(jwk: Mapping[str, Any], field: str = "jwk") -> Key:  # Any: JSON
    """A public key of a kind that is believed: Ed25519, or P-256."""
    kind = (jwk.get("kty"), jwk.get("crv"))
    try:
        if kind == ("OKP", OURS) and "d" not in jwk:
            return OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x")})
        if kind == ("EC", "P-256") and "d" not in jwk:
            return ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y")})
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise refused("key", "its key cannot be read", field) from error
    raise refused("key", "its key is no public key of Ed25519 or P-256", field)


def refused(rule: str, detail: str, field: str = "token") -> TokenRefused:
    """The problem of a token that fails a check."""
    return TokenRefused(detail, field=field, rule=rule)


def _is_typ(stated: object, typ: str) -> bool:
    """Media types are compared without case, and `application/` may be left out (RFC 7515)."""
    return isinstance(stated, str) and stated.lower().removeprefix("application/") == typ


def _object(segment: str) -> Claims:
    try:
        value = read_json(urlsafe_b64decode(segment.encode("ascii")))
    except (ValueError, JsonMalformed) as error:
        raise refused("form", "it is not a compact JWS of JSON") from error
    if not isinstance(value, dict):
        raise refused("form", "its header and its claims are JSON objects")
    return value
