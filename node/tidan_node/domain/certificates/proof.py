"""That a certificate's owner has a node's signing key: a signature by the certificate's own key.

A certificate is public: anybody can put somebody else's into a profile. Nobody but its owner can
say with its key that a signing key is theirs, and that signing key serves nobody else.
"""

from __future__ import annotations

from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tidan_node.domain.exchange_keys import Jwk
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.problems import Problem

_TYPE: Final = "tidan-certificate-proof"
_SHORTEST_RSA: Final = 2048
_ALGORITHMS: Final = {"secp256r1": "ES256", "secp384r1": "ES384"}

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


class CertificateProofRefused(Problem):
    """The proof is a JWS of the certificate's key over the party's signing key. Make it anew."""

    status, slug, title = 422, "certificate-proof-refused", "The certificate may be somebody else's"


class _Proofs(jws.JWSRegistry):
    max_signature_length = 2048


def prove_ownership(key: PrivateKey, signing_key: Jwk) -> str:
    """The signature by a certificate's key that this signing key is its owner's."""
    kept, algorithm = _readable(key)
    return jws.serialize_compact(
        {"alg": algorithm, "typ": _TYPE},
        _statement(signing_key),
        kept,
        registry=_Proofs(algorithms=[algorithm]),
    )


def verify_ownership(certificate: bytes, proof: str, signing_key: Jwk) -> None:
    """That the key of this certificate (DER) has signed for this signing key."""
    try:
        key, algorithm = _readable(x509.load_der_x509_certificate(certificate).public_key())
        read = jws.deserialize_compact(proof, key, registry=_Proofs(algorithms=[algorithm]))
    except (JoseError, ValueError, UnsupportedAlgorithm) as error:
        raise _refused("it is not signed by the certificate's key") from error
    if read.headers() != {"alg": algorithm, "typ": _TYPE}:
        raise _refused("it is another kind of statement")
    if read.payload != _statement(signing_key):
        raise _refused("it is about another signing key")


def _readable(key: object) -> tuple[ECKey | OKPKey | RSAKey, str]:
    """The key as joserfc takes it, and the one algorithm that goes with it."""
    match key:
        case ec.EllipticCurvePublicKey() | ec.EllipticCurvePrivateKey() if (
            key.curve.name in _ALGORITHMS
        ):
            return ECKey.import_key(key), _ALGORITHMS[key.curve.name]
        case ed25519.Ed25519PublicKey() | ed25519.Ed25519PrivateKey():
            return OKPKey.import_key(key), "Ed25519"
        case rsa.RSAPublicKey() | rsa.RSAPrivateKey() if key.key_size >= _SHORTEST_RSA:
            return RSAKey.import_key(key), "PS256"
    raise _refused("the certificate's key is of P-256, P-384, Ed25519, or RSA of 2,048 bits")


def _statement(signing_key: Jwk) -> bytes:
    return canonical_bytes({"signingKey": dict(signing_key)})


def _refused(detail: str) -> CertificateProofRefused:
    return CertificateProofRefused(detail, field="certificateProof")
