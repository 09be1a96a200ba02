"""The keys that a node signs statements with and is sent sealed packages under."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from Crypto.Signature import eddsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from tidan_node.domain.proofs.canonical import JsonValue, read_json
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.problems import InvalidInput, Problem

Curve = Literal["Ed25519", "X25519"]
Jwk = Mapping[str, str]
Named = Mapping[str, object]
"""A public key as somebody has written it."""

KEY_BYTES: Final = 32
LARGEST_STATEMENT: Final = 16 * 1024 * 1024
_ALGORITHM: Final = "Ed25519"
"""EdDSA on this curve by its full name (RFC 9864), which leaves a verifier no choice."""
_COFACTOR: Final = 8


class PublicKeyMalformed(InvalidInput):
    """A public key is an OKP JWK (RFC 8037) of `crv`, `kty` and `x`, and of nothing else."""

    status, slug, title = 422, "public-key-malformed", "This is not a public key in its form"


class StatementRefused(Problem):
    """A statement is a compact JWS of one signer; `rule` names the check that it failed."""

    status, slug, title = 422, "statement-refused", "The signed statement cannot be believed"


class _Statements(jws.JWSRegistry):
    max_payload_length = LARGEST_STATEMENT * 4 // 3 + 4


_REGISTRY: Final = _Statements(algorithms=[_ALGORITHM])


class ExchangeKeys:
    """A node's private keys for dealing with other nodes; their public halves are in its profile.

    Two keys, because a key that signs must not also agree on secrets; one secret to keep.
    """

    def __init__(self, signing: Ed25519PrivateKey, encryption: X25519PrivateKey) -> None:
        self.signing_private_key = signing
        self._encryption = encryption

    @classmethod
    def from_secret(cls, secret: bytes) -> ExchangeKeys:
        """The keys that come of the 32 bytes in the exchange keystore."""
        if len(secret) != KEY_BYTES:
            raise ValueError(f"an exchange secret has {KEY_BYTES} bytes")
        return cls(
            Ed25519PrivateKey.from_private_bytes(_derived(secret, b"tidan/exchange/signing/1")),
            X25519PrivateKey.from_private_bytes(_derived(secret, b"tidan/exchange/encryption/1")),
        )

    @property
    def signing_jwk(self) -> dict[str, str]:
        """What others verify this node's signatures with."""
        return _jwk("Ed25519", self.signing_private_key.public_key().public_bytes_raw())

    @property
    def encryption_jwk(self) -> dict[str, str]:
        """What others seal for this node with."""
        return _jwk("X25519", self._encryption.public_key().public_bytes_raw())

    @property
    def decryption_key(self) -> OKPKey:
        """The private half, as joserfc opens a JWE with it."""
        return OKPKey.import_key(self._encryption)

    def sign(self, message: bytes) -> bytes:
        """A bare Ed25519 signature (RFC 8032)."""
        return self.signing_private_key.sign(message)

    def sign_statement(self, typ: str, payload: bytes) -> str:
        """A compact JWS of the payload; `typ` keeps one kind of statement from passing for
        another."""
        return jws.serialize_compact(
            {"alg": _ALGORITHM, "typ": typ},
            payload,
            OKPKey.import_key(self.signing_private_key),
            registry=_REGISTRY,
        )


@dataclass(frozen=True, slots=True)
class HeldKeys:
    """The exchange keys that a node's home has."""

    kept: ExchangeKeys
    """Those of the keystore."""
    following: ExchangeKeys | None = None
    """Those that are to follow, or do already, while their keystore is not in its place yet."""
    former: tuple[ExchangeKeys, ...] = ()
    """Those before: what was sealed for them, and is on its way, can be opened."""


class KeyRing:
    """The exchange keys of a running node. With which of them it signs its party's profile says, as
    the node reads the chain: others verify by the same rule."""

    def __init__(self, held: HeldKeys, look: Callable[[], HeldKeys] | None = None) -> None:
        self._held = held
        self._look = look

    def look(self) -> None:
        """See what the home has now. It takes a while: a keystore may have to be opened."""
        if self._look is not None:
            self._held = self._look()

    def of(self, signing_key: Named | None) -> ExchangeKeys | None:
        """The keys of which this is the public one to verify with; None where they are not held."""
        return _named(signing_key, self.all())

    def to_be_named(self, signing_key: Named) -> ExchangeKeys | None:
        """These keys, if the party's profile may be made to name them: never former ones."""
        held = self._held
        return _named(signing_key, (held.kept, *([held.following] if held.following else [])))

    def in_use(self, signing_key: Named | None) -> ExchangeKeys:
        """The keys of the profile. Where the node has not got them those of the keystore, though
        others will not believe them yet."""
        return self.of(signing_key) or self._held.kept

    def all(self) -> tuple[ExchangeKeys, ...]:
        """All of them: anybody may have sealed for any of them."""
        held = self._held
        return (held.kept, *([held.following] if held.following else []), *held.former)


def _named(signing_key: Named | None, among: tuple[ExchangeKeys, ...]) -> ExchangeKeys | None:
    return next((each for each in among if each.signing_jwk == signing_key), None)


def verify_statement(jwk: Jwk, statement: str, typ: str) -> bytes:
    """The payload, once this key has signed it as a statement of this type."""
    key = OKPKey.import_key(verification_key(jwk))
    # no other algorithm, and no key or URL that the statement itself would bring along
    if _header(statement) != {"alg": _ALGORITHM, "typ": typ}:
        raise _refused("header", f"its header is not that of {typ}")
    try:
        read = jws.deserialize_compact(statement, key, registry=_REGISTRY)
    except BadSignatureError as error:
        raise _refused("signature", "the signature is not of this key") from error
    except (JoseError, ValueError) as error:
        raise _refused("form", "it is not a compact JWS") from error
    return read.payload or b""


def verification_key(jwk: Jwk) -> Ed25519PublicKey:
    """The key in a profile's `signingKey`."""
    return Ed25519PublicKey.from_public_bytes(_raw(jwk, "Ed25519", "signingKey"))


def sealing_key(jwk: Jwk) -> OKPKey:
    """The key in a profile's `encryptionKey`, as joserfc seals a JWE for it."""
    raw = _raw(jwk, "X25519", "encryptionKey")
    return OKPKey.import_key(X25519PublicKey.from_public_bytes(raw))


def public_jwk(value: object, curve: Curve, field: str) -> dict[str, str]:
    """A stranger's public key, strictly read; or `PublicKeyMalformed`."""
    if not isinstance(value, dict) or set(value) != {"crv", "kty", "x"}:
        raise PublicKeyMalformed("has crv, kty and x, and no other member", field=field)
    members = {str(name): str(text) for name, text in value.items()}
    raw = _raw(members, curve, field)
    _refuse_weak(raw, curve, field)
    return members


def _raw(jwk: Jwk, curve: Curve, field: str) -> bytes:
    if jwk.get("kty") != "OKP" or jwk.get("crv") != curve:
        raise PublicKeyMalformed(f"must be an OKP key of {curve}", field=field)
    try:
        raw = urlsafe_b64decode(jwk.get("x", "").encode("ascii"))
    except ValueError as error:
        raise PublicKeyMalformed("x is not base64url", field=field) from error
    if len(raw) != KEY_BYTES or dict(jwk) != _jwk(curve, raw):
        raise PublicKeyMalformed(f"x is the base64url form of {KEY_BYTES} bytes", field=field)
    return raw


def _refuse_weak(raw: bytes, curve: Curve, field: str) -> None:
    """A point of small order would let anybody sign for its owner, or read what is sealed."""
    try:
        if curve == "X25519":
            X25519PrivateKey.from_private_bytes(b"\x01" * KEY_BYTES).exchange(
                X25519PublicKey.from_public_bytes(raw)
            )
            return
        point = eddsa.import_public_key(raw).pointQ
    except ValueError as error:
        raise PublicKeyMalformed(f"x is no key of {curve}", field=field) from error
    if (point * _COFACTOR).is_point_at_infinity():
        raise PublicKeyMalformed(f"x is no key of {curve}", field=field)


def _derived(secret: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(secret)


def _jwk(curve: Curve, raw: bytes) -> dict[str, str]:
    return {"crv": curve, "kty": "OKP", "x": urlsafe_b64encode(raw).decode()}


def _header(statement: str) -> JsonValue:
    segment = statement.partition(".")[0]
    if len(segment) > _REGISTRY.max_header_length:
        raise _refused("header", "its header is too long")
    try:
        return read_json(urlsafe_b64decode(segment.encode("ascii")))
    except (ValueError, JsonMalformed) as error:
        raise _refused("form", "it is not a compact JWS") from error


def _refused(rule: str, detail: str) -> StatementRefused:
    return StatementRefused(detail, field="statement", rule=rule)
