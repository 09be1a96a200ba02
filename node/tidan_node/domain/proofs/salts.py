"""Every salt and every padding node of a record, derived from its secret and its version."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from tidan_node.domain.proofs.leaves import FIELD_ORDER

SECRET_BYTES: Final = 32
VERSION_LIMIT: Final = 2**16 - 1
_EXTRACT_SALT: Final = b"tidan/record/v1"
_WIDE_SALT_BYTES: Final = 48


class Salts:
    """HKDF-SHA256 (RFC 5869), extracted once for a record and expanded once for each name.

    The version is in every name: a new version of a document shares no salt and no padding with
    the one before, so that two proofs do not tell which fields stayed the same.
    """

    def __init__(self, secret: bytes, version: int) -> None:
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"a record secret has {SECRET_BYTES} bytes")
        if not 0 < version <= VERSION_LIMIT:
            raise ValueError(f"a version is a number from 1 to {VERSION_LIMIT}")
        self._key = HKDF.extract(SHA256(), _EXTRACT_SALT, secret)
        self._version = version.to_bytes(2, "big")

    def of_text(self, path: str) -> bytes:
        """The salt of a text, or of an absence: 32 bytes."""
        return self._expand(b"tidan/salt/v1", path.encode(), 32)

    def of_figure(self, path: str) -> bytes:
        """The salt of a figure: an element of the scalar field, as 32 bytes.

        48 bytes are reduced, so that no element is noticeably likelier than another (RFC 9380 §5).
        """
        wide = self._expand(b"tidan/salt/figure/v1", path.encode(), _WIDE_SALT_BYTES)
        return (int.from_bytes(wide, "big") % FIELD_ORDER).to_bytes(32, "big")

    def padding(self, index: int) -> bytes:
        """What stands at a position that the schema does not use; to others it looks like any."""
        return self._expand(b"tidan/padding/v1", index.to_bytes(32, "big"), 32)

    def _expand(self, purpose: bytes, name: bytes, length: int) -> bytes:
        return HKDFExpand(SHA256(), length, purpose + self._version + name).derive(self._key)
