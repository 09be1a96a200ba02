"""Certificates and their revocation lists as strangers send them: bounded first, then read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from tidan_node.domain.certificates.der import content, members
from tidan_node.domain.certificates.refused import CertificateRefused, refused

LARGEST_CERTIFICATE: Final = 16 * 1024
LARGEST_LIST: Final = 1024 * 1024
MOST_INTERMEDIATES: Final = 8
MOST_LISTS: Final = 8
MOST_ANCHORS: Final = 64
_SERIAL_IN_TBS: Final = 1
_KEY_IN_TBS: Final = 6
"""subjectPublicKeyInfo, counted from the version, which a certificate of version 3 states."""
_NEGATIVE: Final = 0x80
_LONGEST_SERIAL: Final = 20
"""Bytes (RFC 5280, 4.1.2.2)."""

UNREADABLE: Final = (
    ValueError,
    IndexError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What the library says of content that it cannot make sense of."""


@dataclass(frozen=True, slots=True)
class Presented:
    """What a client shows, and what is trusted to vouch for it."""

    leaf: x509.Certificate
    intermediates: tuple[x509.Certificate, ...]
    anchors: tuple[x509.Certificate, ...]

    @classmethod
    def read(
        cls, leaf: bytes, intermediates: Sequence[bytes], anchors: Sequence[bytes]
    ) -> Presented:
        """From DER. Too much of it is refused before any of it is read."""
        if len(intermediates) > MOST_INTERMEDIATES:
            raise refused("size", f"at most {MOST_INTERMEDIATES} certificates come with one")
        if not 0 < len(anchors) <= MOST_ANCHORS:
            raise refused("anchor", f"1 to {MOST_ANCHORS} authorities are trusted", field="anchor")
        return cls(
            leaf=read_certificate(leaf),
            intermediates=tuple(read_certificate(each) for each in intermediates),
            anchors=tuple(_anchor(each) for each in anchors),
        )


def read_certificate(der: bytes) -> x509.Certificate:
    """A certificate of version 3 with extensions that can be read, each of them once."""
    if len(der) > LARGEST_CERTIFICATE:
        raise refused("size", f"a certificate has at most {LARGEST_CERTIFICATE} bytes")
    try:
        _require_usual_serial(der)
        certificate = x509.load_der_x509_certificate(der)
        read = certificate.version, certificate.extensions, certificate.subject, certificate.issuer
    except UNREADABLE as error:
        raise refused("form", "it is not an X.509 certificate in DER") from error
    if read[0] is not x509.Version.v3:
        raise refused("form", "it is not a certificate of version 3")
    return certificate


def _require_usual_serial(der: bytes) -> None:
    """Before the library reads it, which only warns of others (RFC 5280, 4.1.2.2)."""
    serial = content(members(members(der)[0])[_SERIAL_IN_TBS])
    if not serial.strip(b"\0") or serial[0] >= _NEGATIVE:
        raise ValueError("the serial number is not positive")
    if len(serial) > _LONGEST_SERIAL:
        raise ValueError("the serial number is longer than any may be")


def read_list(der: bytes) -> x509.CertificateRevocationList:
    """A revocation list with extensions that can be read; nobody has vouched for it yet."""
    if len(der) > LARGEST_LIST:
        raise refused("crl-size", f"a list has at most {LARGEST_LIST} bytes", field="crls")
    try:
        found = x509.load_der_x509_crl(der)
        _ = found.extensions, found.issuer, found.last_update_utc, found.next_update_utc
    except UNREADABLE as error:
        raise refused("crl-form", "it is not an X.509 revocation list", field="crls") from error
    return found


def read_lists(ders: Sequence[bytes]) -> tuple[x509.CertificateRevocationList, ...]:
    """Those that a client sends along."""
    if len(ders) > MOST_LISTS:
        raise refused("crl-size", f"at most {MOST_LISTS} lists are read", field="crls")
    return tuple(read_list(each) for each in ders)


def public_key_info(certificate: x509.Certificate) -> bytes:
    """The subjectPublicKeyInfo as it stands, also of keys that the library does not know."""
    return members(certificate.tbs_certificate_bytes)[_KEY_IN_TBS]


def key_id(certificate: x509.Certificate) -> str:
    """The SHA-256 of the key: two authorities of one name are not one."""
    return hashlib.sha256(public_key_info(certificate)).hexdigest()


def der_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it may vouch for others at all: an authority, whose key may sign certificates."""
    extensions = certificate.extensions
    try:
        constraints = extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return False
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage)
    except x509.ExtensionNotFound:
        return constraints.value.ca
    return constraints.value.ca and usage.value.key_cert_sign


def is_usable_anchor(der: bytes) -> bool:
    """Whether this can vouch for anybody: on a chain may stand anything."""
    try:
        _anchor(der)
    except CertificateRefused:
        return False
    return True


def _anchor(der: bytes) -> x509.Certificate:
    try:
        certificate = read_certificate(der)
    except CertificateRefused as problem:
        raise refused("anchor", f"of the authority: {problem.detail}", field="anchor") from problem
    if not is_authority(certificate):
        # the verifier would take a trusted leaf for a path of its own, which nobody can revoke
        raise refused("anchor", "what is trusted is not an authority", field="anchor")
    return certificate
