"""Whom this node trusts to vouch for certificates: a folder of authorities and their lists."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tidan_node.domain.certificates.reading import (
    LARGEST_LIST,
    MOST_ANCHORS,
    MOST_LISTS,
    read_certificate,
    read_list,
)
from tidan_node.domain.certificates.refused import CertificateRefused
from tidan_node.problems import Problem

_LARGEST_FILE: Final = 2 * LARGEST_LIST
_MOST_FILES: Final = MOST_ANCHORS + MOST_LISTS
_CERTIFICATES: Final = frozenset({".pem", ".crt", ".cer", ".der"})
_LISTS: Final = frozenset({".crl"})
_PEM: Final = re.compile(
    rb"-----BEGIN (CERTIFICATE|X509 CRL)-----\s*([A-Za-z0-9+/=\s]+?)-----END \1-----"
)


class TrustAnchorsUnreadable(Problem):
    """The node's own folder of authorities: whoever runs the node looks at it."""

    status, slug, title = 500, "trust-anchors-unreadable", "The folder of authorities is unreadable"


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """Authorities, and the lists of what they have revoked, in DER."""

    certificates: tuple[bytes, ...]
    lists: tuple[bytes, ...]


def trust_anchors_in(folder: Path) -> TrustAnchors:
    """What the folder has now; a file with another ending is passed over."""
    certificates: list[bytes] = []
    lists: list[bytes] = []
    try:
        for file in sorted(folder.iterdir())[:_MOST_FILES] if folder.is_dir() else []:
            ending = file.suffix.lower()
            if ending in _CERTIFICATES | _LISTS and file.stat().st_size <= _LARGEST_FILE:
                found = ders_in(file.read_bytes())
                if ending in _LISTS:
                    _require_readable(found, file, read_list, "no revocation list")
                    lists += found
                else:
                    _require_readable(
                        found,
                        file,
                        read_certificate,
                        "no certificate of an authority; a revocation list is named *.crl",
                    )
                    certificates += found
    except OSError as error:
        raise TrustAnchorsUnreadable(f"a file of it: {error.strerror}") from error
    return TrustAnchors(tuple(certificates), tuple(lists))


def _require_readable(
    ders: list[bytes], file: Path, read: Callable[[bytes], object], otherwise: str
) -> None:
    """Else one file would spoil every verification, and nothing would say which."""
    try:
        for each in ders:
            read(each)
    except CertificateRefused as problem:
        raise TrustAnchorsUnreadable(f"{file.name} holds {otherwise}") from problem


def ders_in(content: bytes) -> list[bytes]:
    """The PEM blocks of a file in DER; without any, the file itself is."""
    blocks = [block for _, block in _PEM.findall(content)]
    try:
        return [binascii.a2b_base64(block) for block in blocks] or [content]
    except binascii.Error:  # the reader of certificates says what is the matter with it
        return [content]
