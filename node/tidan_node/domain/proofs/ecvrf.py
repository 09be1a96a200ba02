"""ECVRF-P256-SHA256-TAI (RFC 9381): outputs that only a key's owner can make."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from Crypto.PublicKey import ECC
from Crypto.PublicKey.ECC import EccPoint

from tidan_node.domain.proofs.problems import NumberingRefused

PUBLIC_KEY_BYTES: Final = 33
PROOF_BYTES: Final = 81
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_PRIME: Final = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_CURVE: Final = "P-256"
_SUITE: Final = b"\x01"
_CHALLENGE_BYTES: Final = 16
_SCALAR_BYTES: Final = 32
_BASE: Final = ECC.construct(curve=_CURVE, d=1).pointQ


@dataclass(frozen=True, slots=True)
class _DecodedProof:
    gamma: EccPoint
    challenge: int
    response: int


def public_key_of(secret: int) -> bytes:
    """The compressed public key (SEC 1, 33 bytes) of a secret scalar."""
    if not 0 < secret < ORDER:
        raise ValueError("a secret key is a scalar from 1 to the order of P-256")
    return _encode(_BASE * secret)


def validate_public_key(public_key: bytes) -> None:
    """Refuse what is no compressed point of P-256 (RFC 9381 §5.4.5; its cofactor is 1)."""
    _decode(public_key, "the public key")


def prove(secret: int, alpha: bytes) -> bytes:
    """The proof, 81 bytes, that `output_of` turns into the output (§5.1)."""
    public_key = public_key_of(secret)
    point, encoded = _encode_to_curve(public_key, alpha)
    gamma = point * secret
    nonce = _nonce(secret, encoded)
    challenge = _challenge(public_key, encoded, gamma, _BASE * nonce, point * nonce)
    response = (nonce + challenge * secret) % ORDER
    return (
        _encode(gamma)
        + challenge.to_bytes(_CHALLENGE_BYTES, "big")
        + response.to_bytes(_SCALAR_BYTES, "big")
    )


def verify(public_key: bytes, alpha: bytes, proof: bytes) -> bytes:
    """The output, 32 bytes, once the proof is found to hold (§5.3)."""
    key = _decode(public_key, "the public key")
    parts = _decode_proof(proof)
    point, encoded = _encode_to_curve(public_key, alpha)
    u = _BASE * parts.response + -(key * parts.challenge)
    v = point * parts.response + -(parts.gamma * parts.challenge)
    if u.is_point_at_infinity() or v.is_point_at_infinity():
        raise NumberingRefused("the proof leads to the point at infinity")
    if _challenge(public_key, encoded, parts.gamma, u, v) != parts.challenge:
        raise NumberingRefused("the proof is not of this key and this number")
    return _output(parts.gamma)


def output_of(proof: bytes) -> bytes:
    """The output in a proof that is known to hold (§5.2)."""
    return _output(_decode_proof(proof).gamma)


def _output(gamma: EccPoint) -> bytes:
    return sha256(_SUITE + b"\x03" + _encode(gamma) + b"\x00").digest()


def _decode_proof(proof: bytes) -> _DecodedProof:
    if len(proof) != PROOF_BYTES:
        raise NumberingRefused(f"the proof has {len(proof)} bytes, not {PROOF_BYTES}")
    gamma = _decode(proof[:PUBLIC_KEY_BYTES], "the proof's point")
    rest = proof[PUBLIC_KEY_BYTES:]
    response = int.from_bytes(rest[_CHALLENGE_BYTES:], "big")
    if response >= ORDER:
        raise NumberingRefused("the proof's response is not below the order of the curve")
    return _DecodedProof(gamma, int.from_bytes(rest[:_CHALLENGE_BYTES], "big"), response)


def _encode(point: EccPoint) -> bytes:
    x, y = point.xy
    return bytes([2 + (int(y) & 1)]) + int(x).to_bytes(_SCALAR_BYTES, "big")


def _decode(data: bytes, what: str) -> EccPoint:
    if len(data) != PUBLIC_KEY_BYTES or data[0] not in (2, 3):
        raise NumberingRefused(f"{what} is no compressed point: 02 or 03, then 32 bytes")
    # The library takes x modulo the prime, and one point would have two encodings.
    if int.from_bytes(data[1:], "big") >= _PRIME:
        raise NumberingRefused(f"{what} has a coordinate beyond the field of the curve")
    try:
        return ECC.import_key(data, curve_name=_CURVE).pointQ
    except ValueError as error:
        raise NumberingRefused(f"{what} is not on the curve") from error


def _encode_to_curve(public_key: bytes, alpha: bytes) -> tuple[EccPoint, bytes]:
    """Try and increment (§5.4.1.1): the first counter whose hash is a point's x."""
    for counter in range(256):
        digest = sha256(_SUITE + b"\x01" + public_key + alpha + bytes([counter, 0])).digest()
        encoded = b"\x02" + digest
        try:
            return _decode(encoded, "the hash"), encoded
        except NumberingRefused:
            continue
    raise NumberingRefused("the number leads to no point of the curve")  # one in 2 ** 256


def _nonce(secret: int, message: bytes) -> int:
    """A nonce from key and message alone (RFC 6979 §3.2 with SHA-256)."""
    # h1 modulo the order: RFC 6979's bits2octets.
    reduced = int.from_bytes(sha256(message).digest(), "big") % ORDER
    seed = secret.to_bytes(_SCALAR_BYTES, "big") + reduced.to_bytes(_SCALAR_BYTES, "big")
    value, key = b"\x01" * 32, b"\x00" * 32
    for separator in (b"\x00", b"\x01"):
        key = hmac.digest(key, value + separator + seed, "sha256")
        value = hmac.digest(key, value, "sha256")
    while True:
        value = hmac.digest(key, value, "sha256")
        nonce = int.from_bytes(value, "big")
        if 0 < nonce < ORDER:
            return nonce
        key = hmac.digest(key, value + b"\x00", "sha256")
        value = hmac.digest(key, value, "sha256")


def _challenge(public_key: bytes, encoded: bytes, gamma: EccPoint, u: EccPoint, v: EccPoint) -> int:
    """The first 16 bytes of a hash over all five points (§5.4.3)."""
    points = public_key + encoded + _encode(gamma) + _encode(u) + _encode(v)
    digest = sha256(_SUITE + b"\x02" + points + b"\x00").digest()
    return int.from_bytes(digest[:_CHALLENGE_BYTES], "big")
