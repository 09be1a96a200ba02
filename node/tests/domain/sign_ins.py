"""Sign-in tokens made for a test, right or wrong."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.util import urlsafe_b64encode

from tests.domain.authorities import NOW, Key
from tests.domain.chinese_authorities import ChineseKey
from tidan_node.domain.certificates.der import content, members

PLATFORM = "DEMO-PORT"
AUDIENCE = "tidan:31337:2"


def claims(now: datetime = NOW, **other: object) -> dict[str, object]:
    usual = {
        "iss": PLATFORM,
        "aud": AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=5)).timestamp()),
        "jti": secrets.token_urlsafe(24),
    }
    return {name: value for name, value in (usual | other).items() if value is not None}


def header(chain: Sequence[bytes], **other: object) -> dict[str, object]:
    stated = [base64.b64encode(each).decode() for each in chain]
    return {"alg": "ES256", "typ": "tidan-sign-in+jwt", "x5c": stated} | other


def signed(key: Key, heading: Mapping[str, object], said: Mapping[str, object]) -> str:
    jwk: ECKey | RSAKey | OKPKey
    match key:
        case ec.EllipticCurvePrivateKey():
            jwk = ECKey.import_key(key)
        case rsa.RSAPrivateKey():
            jwk = RSAKey.import_key(key)
        case ed25519.Ed25519PrivateKey():
            jwk = OKPKey.import_key(key)
    registry = jws.JWSRegistry(algorithms=[str(heading["alg"])], strict_check_header=False)
    registry.max_header_length = 1024 * 1024
    return jws.serialize_compact(dict(heading), json.dumps(said).encode(), jwk, registry=registry)


def unsigned(heading: Mapping[str, object], said: Mapping[str, object]) -> str:
    """For what is refused before anybody looks at the signature."""
    parts = [urlsafe_b64encode(json.dumps(each).encode()).decode() for each in (heading, said)]
    return ".".join((*parts, "c2lnbmF0dXJl"))


def signed_in_chinese(
    key: ChineseKey, chain: Sequence[bytes], said: Mapping[str, object], **other: object
) -> str:
    heading = header(chain, alg="SM2") | other
    parts = [urlsafe_b64encode(json.dumps(each).encode()).decode() for each in (heading, said)]
    signature = key.sign(".".join(parts).encode())
    halves = (content(half).lstrip(b"\0").rjust(32, b"\0") for half in members(signature))
    return ".".join((*parts, urlsafe_b64encode(b"".join(halves)).decode()))
