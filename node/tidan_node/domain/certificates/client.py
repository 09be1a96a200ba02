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
    revoked,
)
from tidan_node.domain.certificates.revocation import Crl, Lists
from tidan_node.domain.certificates.sm import SM2_WITH_SM3, ChinesePaths
from tidan_node.domain.certificates.subject import Subject, require_covered_names, subject_of
from tidan_node.domain.certificates.used_list import UsedList

__all__ = [
    "CertificateRefused",
    "ChineseCryptographyMissing",
    "ClientPath",
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
    """For each certificate of the path but the last, the one that it was looked up in."""
    valid_until: datetime
    """The first end of a certificate of the path, or of a list that it was looked up in."""

    @property
    def leaf(self) -> x509.Certificate:
        return self.path[0]

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The path in DER, the trusted authority last."""
        return tuple(der_of(each) for each in self.path)


@dataclass(frozen=True, slots=True)
class ClientPath:
    """A path that leads from a client to a trusted authority; who on it was revoked is not known
    yet."""

    subject: Subject
    path: Path
    signatures: Paths
    at: datetime

    @classmethod
    def found(
        cls, leaf: bytes, intermediates: Sequence[bytes], *, anchors: Sequence[bytes], at: datetime
    ) -> ClientPath:
        """The path from this certificate, at this time; everything is DER."""
        presented = Presented.read(leaf, intermediates, anchors)
        paths = _paths_for(presented.leaf)
        path = paths.path(presented, at)
        if len(path) < 2:
            raise refused("path", "the certificate vouches for itself")
        require_covered_names(path)
        return cls(subject_of(path[0]), path, paths, at)

    def looked_up(self, crls: Sequence[bytes], kept: Sequence[bytes] = ()) -> VerifiedClient:
        """The client, where no list names a certificate of the path.

        `kept` are the newest lists seen before: they stand in for what `crls` lacks, and what is
        older than they are is refused."""
        lists = Lists(read_lists(crls), tuple(read_list(each) for each in kept))
        used = []
        for certificate, issuer in pairwise(self.path):
            found = lists.look_up(certificate, issuer, signatures=self.signatures, at=self.at)
            if found.revokes(certificate.serial_number):
                raise revoked(found, below=der_of(self.path[-1]))
            used.append(found)
        ends = [each.not_valid_after_utc for each in self.path]
        ends += [each.valid_until for each in used]
        return VerifiedClient(self.subject, self.path, tuple(used), min(ends))


def verify_client_chain(
    leaf: bytes,
    intermediates: Sequence[bytes],
    *,
    anchors: Sequence[bytes],
    at: datetime,
    crls: Sequence[bytes],
    kept: Sequence[bytes] = (),
) -> VerifiedClient:
    """The client behind this certificate: a path first, and then whether all of it stands."""
    return ClientPath.found(leaf, intermediates, anchors=anchors, at=at).looked_up(crls, kept)


def _paths_for(leaf: x509.Certificate) -> Paths:
    if leaf.signature_algorithm_oid == SM2_WITH_SM3:
        return ChinesePaths()
    return StandardPaths()
