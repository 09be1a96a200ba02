"""What an API key looks like, and the little of it that the node keeps.

The stored form is a plain SHA-256. Slow hashes (scrypt, argon2) are for secrets that people choose
and that can be guessed; here 256 random bits stand against it, which no speed of hashing helps to
search, and the node must check one on every request.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

_PREFIX: Final = "tidan"
_ID_BYTES: Final = 8
_SECRET_BYTES: Final = 32
_FORM: Final = re.compile(
    rf"{_PREFIX}_([0-9a-f]{{{2 * _ID_BYTES}}})_([0-9a-f]{{{2 * _SECRET_BYTES}}})"
)


@dataclass(frozen=True, slots=True)
class KeyText:
    """An API key as its holder has it: `tidan_<id>_<secret>`. It is shown once, at its making."""

    key_id: str
    secret: str = field(repr=False)

    @classmethod
    def fresh(cls) -> KeyText:
        return cls(secrets.token_hex(_ID_BYTES), secrets.token_hex(_SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> KeyText | None:
        """The key in this text, or None where it has not the form of one."""
        match = _FORM.fullmatch(text)
        return cls(match[1], match[2]) if match else None

    def reveal(self) -> str:
        """The whole key, for its holder alone."""
        return f"{_PREFIX}_{self.key_id}_{self.secret}"

    def digest(self) -> str:
        """What the node keeps of the secret."""
        return hashlib.sha256(bytes.fromhex(self.secret)).hexdigest()

    def matches(self, digest: str) -> bool:
        """Whether the secret is the one kept, in a time that does not depend on where they part."""
        return hmac.compare_digest(self.digest(), digest)
