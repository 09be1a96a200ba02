"""That a certificate's owner is a party: a signature by the certificate's own key.

Certificates and profiles are public: anybody can put somebody else's into its own profile, signing
key and proof and all. Nobody but the certificate's owner can say with its key which party it is.
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
    """The proof is a JWS of the certificate's key over the party and its signing key. Make it anew
    (`tidan party certify`)."""

    status, slug, title = 422, "certificate-proof-refused", "The certificate may be somebody else's"


class _Proofs(jws.JWSRegistry):
    max_signature_length = 2048


def prove_ownership(key: PrivateKey, signing_key: Jwk, party: str) -> str:
    """The signature by a certificate's key that its owner is this party (`party_on_chain`), and
    this signing key the party's."""
    kept, algorithm = _readable(key)
    return jws.serialize_compact(
        {"alg": algorithm, "typ": _TYPE},
        _statement(signing_key, party),
        kept,
        registry=_Proofs(algorithms=[algorithm]),
    )


def verify_ownership(certificate: bytes, proof: str, signing_key: Jwk, party: str) -> None:
    """That the key of this certificate (DER) has signed for this party and this signing key."""
    try:
        key, algorithm = _readable(x509.load_der_x509_certificate(certificate).public_key())
        read = jws.deserialize_compact(proof, key, registry=_Proofs(algorithms=[algorithm]))
    except (JoseError, ValueError, UnsupportedAlgorithm) as error:
        raise _refused("it is not signed by the certificate's key") from error
    if read.headers() != {"alg": algorithm, "typ": _TYPE}:
        raise _refused("it is another kind of statement")
    if read.payload != _statement(signing_key, party):
        raise _refused("it is about another party, or another signing key")


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


def _statement(signing_key: Jwk, party: str) -> bytes:
    return canonical_bytes({"party": party, "signingKey": dict(signing_key)})


def _refused(detail: str) -> CertificateProofRefused:
    return CertificateProofRefused(detail, field="certificateProof")
