"""Which credentials of an issuer are revoked: one bit each (W3C Bitstring Status List v1.0)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable
from typing import Final

from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from tidan_node.problems import Problem

ENTRIES: Final = 131_072
"""The fewest that a list may have, so that a look at one credential does not tell which (§3.1)."""

_MULTIBASE: Final = "u"
"""base64url without padding."""

_LARGEST: Final = ENTRIES  # in bytes: eight times as many entries as ours have
_GZIP: Final = 31


class StatusListMalformed(Problem):
    """A status list is a bit string, compressed by GZIP, in multibase base64url."""

    status, slug, title = 422, "status-list-malformed", "The status list is not in its form"


def encode_list(revoked: Iterable[int]) -> str:
    """The list in which the bits of these indices are set; the first is the leftmost (§3.2)."""
    bits = bytearray(ENTRIES // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    # without a time of its making: the same list is the same text
    return _MULTIBASE + urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode()


def decode_list(encoded: str) -> bytes:
    """The bits of the list; nothing is unpacked beyond what any list needs."""
    if not encoded.startswith(_MULTIBASE):
        raise StatusListMalformed("is not multibase base64url", field="encodedList")
    unpacking = zlib.decompressobj(wbits=_GZIP)
    try:
        packed = urlsafe_b64decode(encoded.removeprefix(_MULTIBASE).encode("ascii"))
        bits = unpacking.decompress(packed, _LARGEST)
    except (ValueError, zlib.error) as error:
        raise StatusListMalformed("is not compressed by GZIP", field="encodedList") from error
    if not unpacking.eof or unpacking.unused_data:
        raise StatusListMalformed(f"is one stream of at most {_LARGEST} bytes", field="encodedList")
    if len(bits) * 8 < ENTRIES:
        raise StatusListMalformed(f"has fewer than {ENTRIES} entries", field="encodedList")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Whether the bit of this index is set."""
    if not 0 <= index < len(bits) * 8:
        raise StatusListMalformed("has no entry of this index", field="statusListIndex")
    return bool(bits[index // 8] & (0x80 >> index % 8))
