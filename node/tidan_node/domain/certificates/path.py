"""The path from a client's certificate to a trusted authority, as `cryptography` finds it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from tidan_node.domain.certificates.reading import Presented, is_authority
from tidan_node.domain.certificates.refused import CertificateRefused, refused

MOST_BETWEEN: Final = 3
"""Certificates between the client's and the trusted authority's."""
_SMALLEST_RSA: Final = 2048
_NOT_FOR_CLIENTS: Final = "it was not made for signing (digitalSignature) as a client (clientAuth)"
_CURVES: Final = (ec.SECP256R1, ec.SECP384R1)
_LIST_HASHES: Final = (hashes.SHA256, hashes.SHA384, hashes.SHA512)

Path = tuple[x509.Certificate, ...]
"""The client's certificate first, the trusted authority's last."""


class StandardPaths:
    """RSA and the curves of NIST; a client's own key may be Ed25519 as well."""

    def path(self, presented: Presented, at: datetime) -> Path:
        """A path that held at this time, or the rule that no path keeps."""
        usage = _ClientUsage()
        verifier = (
            PolicyBuilder()
            .time(at)
            .store(Store(list(presented.anchors)))
            .max_chain_depth(MOST_BETWEEN)
            .extension_policies(
                ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=usage.policy()
            )
            .build_client_verifier()
        )
        try:
            found = verifier.verify(presented.leaf, list(presented.intermediates))
        except VerificationError as error:
            raise _why(presented, at, usage, str(error)) from error
        _require_usual_key(presented.leaf)
        return tuple(found.chain)

    def has_signed(self, issuer: x509.Certificate, crl: x509.CertificateRevocationList) -> bool:
        """Whether this authority's key has made the list, with a hash that still counts."""
        key = issuer.public_key()
        try:
            if not isinstance(crl.signature_hash_algorithm, _LIST_HASHES):
                return False
        except UnsupportedAlgorithm:
            return False
        if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
            return False
        return crl.is_signature_valid(key)


class _ClientUsage:
    """What a client's certificate must have been made for; remembers whether that failed."""

    def __init__(self) -> None:
        self.broken = False

    def policy(self) -> ExtensionPolicy:
        """That of servers on the web, save that a person needs no alternative name, and that both
        usages are said in so many words."""
        return (
            ExtensionPolicy.webpki_defaults_ee()
            .may_be_present(x509.SubjectAlternativeName, Criticality.AGNOSTIC, None)
            .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, self._key_usage)
            .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, self._extended)
        )

    def _key_usage(self, _: Policy, __: x509.Certificate, usage: x509.KeyUsage | None) -> None:
        # keyCertSign belongs to authorities, as the policy that this stands in for has it
        self._require(usage is not None and usage.digital_signature and not usage.key_cert_sign)

    def _extended(
        self, _: Policy, __: x509.Certificate, usage: x509.ExtendedKeyUsage | None
    ) -> None:
        self._require(usage is not None and ExtendedKeyUsageOID.CLIENT_AUTH in usage)

    def _require(self, kept: bool) -> None:
        if not kept:
            self.broken = True
            raise ValueError("not for clients that sign")


def require_client(leaf: x509.Certificate) -> None:
    """That it was made for a client that signs: what can be told without a path."""
    made = {each.oid: each.value for each in leaf.extensions}
    usage, extended = made.get(x509.KeyUsage.oid), made.get(x509.ExtendedKeyUsage.oid)
    signs = isinstance(usage, x509.KeyUsage) and usage.digital_signature
    as_client = (
        isinstance(extended, x509.ExtendedKeyUsage) and ExtendedKeyUsageOID.CLIENT_AUTH in extended
    )
    if not signs or not as_client or is_authority(leaf):
        raise refused("usage", _NOT_FOR_CLIENTS)
    _require_usual_key(leaf)


def refuse_time(certificate: x509.Certificate, at: datetime) -> None:
    """A certificate counts in its own time alone."""
    if at > certificate.not_valid_after_utc:
        raise refused("expired", "a certificate of the chain has expired")
    if at < certificate.not_valid_before_utc:
        raise refused("not-yet-valid", "a certificate of the chain is not valid yet")


def _why(presented: Presented, at: datetime, usage: _ClientUsage, said: str) -> CertificateRefused:
    """The likeliest rule, for people: what the verifier found stands in its words alone."""
    if usage.broken:
        return refused("usage", _NOT_FOR_CLIENTS)
    try:
        for each in (presented.leaf, *presented.intermediates, *presented.anchors):
            refuse_time(each, at)
    except CertificateRefused as problem:
        return problem
    if "nameConstraints" in said or "name constraint" in said:
        return refused("name", "an authority of the chain may not vouch for this name")
    if "max depth" in said:
        return refused("depth", f"more than {MOST_BETWEEN} authorities stand in between")
    return refused("path", "no path leads from it to the recognised authority")


def _require_usual_key(leaf: x509.Certificate) -> None:
    """The verifier looks at the keys of authorities only."""
    try:
        key = leaf.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise refused("key", "the key is of no kind that is read here") from error
    match key:
        case rsa.RSAPublicKey():
            usual = _SMALLEST_RSA <= key.key_size <= 8192
        case ec.EllipticCurvePublicKey():
            usual = isinstance(key.curve, _CURVES)
        case _:
            usual = isinstance(key, ed25519.Ed25519PublicKey)
    if not usual:
        raise refused("key", "the key is not RSA of 2048 bits, P-256, P-384 or Ed25519")
