"""Paths of SM2 and SM3 (GB/T 32918, GB/T 32905), as mainland certification services issue them.

`cryptography` reads such certificates and knows neither curve nor signature, so the path is built
here, by the rules of RFC 5280 that these certificates use; whatever else one of them says in a
critical extension, and any constraint on names, is refused. The signatures are checked by GmSSL.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from tidan_node.domain.certificates.der import content, members
from tidan_node.domain.certificates.path import MOST_BETWEEN, Path, refuse_time
from tidan_node.domain.certificates.reading import (
    Presented,
    der_of,
    is_authority,
    public_key_info,
)
from tidan_node.domain.certificates.refused import (
    CertificateRefused,
    ChineseCryptographyMissing,
    refused,
)

try:
    import gmssl_pyx
except ImportError:  # the optional extra `sm`
    gmssl_pyx = None

SM2_WITH_SM3: Final = x509.ObjectIdentifier("1.2.156.10197.1.501")
_SIGNATURE_NAME: Final = bytes.fromhex("06082a811ccf55018375")
"""The same as it stands inside of what is signed."""
_KEY_ALGORITHM: Final = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
"""id-ecPublicKey on the curve 1.2.156.10197.1.301."""
_SIGNER: Final = b"1234567812345678"
"""The signer's id where nothing else is agreed on, as always in certificates (GM/T 0009)."""
_ALGORITHM_IN_TBS: Final = 2
_ALGORITHM_IN_LIST: Final = 1
_MOST_CHECKS: Final = 32
"""Signatures looked at for one path, however the certificates sent refer to each other."""
_KNOWN: Final = frozenset(
    {
        x509.BasicConstraints.oid,
        x509.KeyUsage.oid,
        x509.ExtendedKeyUsage.oid,
        x509.SubjectAlternativeName.oid,
    }
)


class Sm2(Protocol):
    """What is needed of the library."""

    GmsslInnerError: type[Exception]

    def sm2_verify(
        self, public_key: bytes, message: bytes, signature: bytes, signer_id: bytes | None = ...
    ) -> bool: ...

    def normalize_sm2_public_key(self, public_key: bytes) -> bytes: ...


class ChinesePaths:
    """Chains that are SM2 with SM3 from the client to the authority."""

    def __init__(self, library: Sm2 | None = gmssl_pyx) -> None:
        if library is None:
            raise ChineseCryptographyMissing("install tidan[sm] to check SM2 certificates")
        self._library = library

    def path(self, presented: Presented, at: datetime) -> Path:
        """A path that held at this time, or the first rule that was broken on the way."""
        refuse_time(presented.leaf, at)
        require_client(presented.leaf)
        return _Search(self, presented, at).from_leaf()

    def has_signed(self, issuer: x509.Certificate, crl: x509.CertificateRevocationList) -> bool:
        stated = _states_algorithm(crl.public_bytes(Encoding.DER), _ALGORITHM_IN_LIST)
        return stated and self.has_signed_message(issuer, crl.tbs_certlist_bytes, crl.signature)

    def has_signed_message(
        self, signer: x509.Certificate, message: bytes, signature: bytes
    ) -> bool:
        """Whether the key of this certificate has signed this; the signature is r and s in DER."""
        try:
            key = self._library.normalize_sm2_public_key(_point(signer))
            return self._library.sm2_verify(key, message, signature, _SIGNER)
        except (ValueError, self._library.GmsslInnerError):
            return False


class _Search:
    """Depth first, within a bound of authorities in between and of signatures looked at."""

    def __init__(self, paths: ChinesePaths, presented: Presented, at: datetime) -> None:
        self._paths = paths
        self._presented = presented
        self._at = at
        self._checks = 0
        self._why: CertificateRefused | None = None

    def from_leaf(self) -> Path:
        found = self._extended((self._presented.leaf,))
        if found is None:
            raise self._why or refused("path", "no path leads to the recognised authority")
        return found

    def _extended(self, path: Path) -> Path | None:
        for anchor in self._issuers(path, self._presented.anchors):
            return (*path, anchor)
        if len(path) > MOST_BETWEEN:
            self._note(refused("depth", f"more than {MOST_BETWEEN} authorities stand in between"))
            return None
        for between in self._issuers(path, self._presented.intermediates):
            if between not in path and (found := self._extended((*path, between))) is not None:
                return found
        return None

    def _issuers(
        self, path: Path, candidates: tuple[x509.Certificate, ...]
    ) -> Iterator[x509.Certificate]:
        for candidate in candidates:
            if candidate.subject != path[-1].issuer:
                continue
            try:
                self._require_issued(path, candidate)
            except CertificateRefused as problem:
                self._note(problem)
            else:
                yield candidate

    def _require_issued(self, path: Path, issuer: x509.Certificate) -> None:
        refuse_time(issuer, self._at)
        _require_authority(issuer, between=len(path) - 1)
        child = path[-1]
        self._checks += 1
        if self._checks > _MOST_CHECKS:
            raise refused("depth", "the certificates refer to each other without end")
        signed = _states_algorithm(
            der_of(child), _ALGORITHM_IN_TBS
        ) and self._paths.has_signed_message(issuer, child.tbs_certificate_bytes, child.signature)
        if not signed:
            raise refused("path", "a certificate of the chain is not signed by its issuer")

    def _note(self, problem: CertificateRefused) -> None:
        self._why = self._why or problem


def require_client(leaf: x509.Certificate) -> None:
    """That it was made for a client that signs."""
    _require_known(leaf)
    usage, extended = _usage(leaf), _extended_usage(leaf)
    if is_authority(leaf):
        raise refused("usage", "it was made for an authority")
    # mainland services leave the extended usage out; where it is, it must name clients
    for_clients = extended is None or ExtendedKeyUsageOID.CLIENT_AUTH in extended
    if usage is None or not usage.digital_signature or usage.key_cert_sign or not for_clients:
        raise refused("usage", "it was not made for signing (digitalSignature) as a client")


def _require_authority(issuer: x509.Certificate, *, between: int) -> None:
    _require_known(issuer)
    usage, extended = _usage(issuer), _extended_usage(issuer)
    if not is_authority(issuer) or usage is None or not usage.key_cert_sign:
        raise refused("usage", "an issuer of the chain is no authority")
    if extended is not None and ExtendedKeyUsageOID.CLIENT_AUTH not in extended:
        raise refused("usage", "an issuer of the chain may not vouch for clients")
    length = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    if length is not None and between > length:
        raise refused("depth", "an issuer of the chain may not have so many below it")


def _require_known(certificate: x509.Certificate) -> None:
    for extension in certificate.extensions:
        if extension.oid == x509.NameConstraints.oid:
            raise refused("name", "an authority is held to names that are not compared here")
        if extension.critical and extension.oid not in _KNOWN:
            raise refused("form", "a certificate says what is not understood here")


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _extended_usage(certificate: x509.Certificate) -> x509.ExtendedKeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _states_algorithm(signed: bytes, place: int) -> bool:
    """Inside and outside of what is signed in the very same words (RFC 5280, 4.1.1.2, 5.1.1.2):
    what stands outside nobody has signed."""
    try:
        inside, outside, _ = members(signed)
        stated = members(inside)[place]
        return stated == outside and members(stated)[0] == _SIGNATURE_NAME
    except (ValueError, IndexError):
        return False


def _point(certificate: x509.Certificate) -> bytes:
    """The key as a point of the curve; a ValueError where it is of another kind."""
    algorithm, key = members(public_key_info(certificate))
    if algorithm != _KEY_ALGORITHM:
        raise ValueError("no key of SM2")
    return content(key)[1:]  # the first byte of a BIT STRING counts the bits left over: none
