"""Whether a client's chain of certificates is to be believed, and whom it names.

The path is found by the library for its algorithms; each certificate on it is then looked up in the
newest revocation list of its issuer, and a list that is missing or out of date refuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Protocol

from cryptography import x509

from tidan_node.domain.certificates.path import Path, StandardPaths
from tidan_node.domain.certificates.reading import Presented, der_of, read_list, read_lists
from tidan_node.domain.certificates.refused import (
    CertificateRefused,
    ChineseCryptographyMissing,
    refused,
)
from tidan_node.domain.certificates.revocation import Crl, Lists, UsedList
from tidan_node.domain.certificates.sm import SM2_WITH_SM3, ChinesePaths
from tidan_node.domain.certificates.subject import Subject, require_covered_names, subject_of

__all__ = [
    "CertificateRefused",
    "ChineseCryptographyMissing",
    "Subject",
    "UsedList",
    "VerifiedClient",
    "verify_client_chain",
]


class Paths(Protocol):
    """One family of algorithms: its paths, and its signatures on lists."""

    def path(self, presented: Presented, at: datetime) -> Path: ...

    def has_signed(self, issuer: x509.Certificate, crl: Crl) -> bool: ...


@dataclass(frozen=True, slots=True)
class VerifiedClient:
    """A client whose certificate is believed, until when, and on what that stands."""

    subject: Subject
    path: Path
    lists: tuple[UsedList, ...]
    valid_until: datetime
    """The first end of a certificate of the path, or of a list that it was looked up in."""

    @property
    def leaf(self) -> x509.Certificate:
        return self.path[0]

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The path in DER, the trusted authority last."""
        return tuple(der_of(each) for each in self.path)


def verify_client_chain(
    leaf: bytes,
    intermediates: Sequence[bytes],
    *,
    anchors: Sequence[bytes],
    at: datetime,
    crls: Sequence[bytes],
    kept: Sequence[bytes] = (),
) -> VerifiedClient:
    """The client behind this certificate, at this time; everything is DER.

    `kept` are the newest lists seen before: they stand in for what `crls` lacks, and what is older
    than they are is refused.
    """
    presented = Presented.read(leaf, intermediates, anchors)
    paths = _paths_for(presented.leaf)
    path = paths.path(presented, at)
    if len(path) < 2:
        raise refused("path", "the certificate vouches for itself")
    require_covered_names(path)
    subject = subject_of(path[0])
    lists = Lists(read_lists(crls), tuple(read_list(each) for each in kept))
    used = tuple(
        lists.look_up(certificate, issuer, signatures=paths, at=at)
        for certificate, issuer in pairwise(path)
    )
    ends = [each.not_valid_after_utc for each in path] + [each.valid_until for each in used]
    return VerifiedClient(subject, path, used, min(ends))


def _paths_for(leaf: x509.Certificate) -> Paths:
    if leaf.signature_algorithm_oid == SM2_WITH_SM3:
        return ChinesePaths()
    return StandardPaths()
