"""What API keys and sessions look like, and the little of them that the node keeps.

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
from typing import ClassVar, Final, Self

_ID_BYTES: Final = 8
_SECRET_BYTES: Final = 32
_FORM: Final = re.compile(
    rf"([a-z]+)_([0-9a-f]{{{2 * _ID_BYTES}}})_([0-9a-f]{{{2 * _SECRET_BYTES}}})"
)

NO_DIGEST: Final = "0" * 64
"""What the secret shown for an unknown id is compared with, so that both take the same time."""


@dataclass(frozen=True, slots=True)
class BearerText:
    """What a caller shows: `<prefix>_<id>_<secret>`. It is shown to its holder once."""

    prefix: ClassVar[str]

    key_id: str
    secret: str = field(repr=False)

    @classmethod
    def fresh(cls) -> Self:
        return cls(secrets.token_hex(_ID_BYTES), secrets.token_hex(_SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The one in this text, or None where it has not the form of one."""
        match = _FORM.fullmatch(text)
        return cls(match[2], match[3]) if match and match[1] == cls.prefix else None

    def reveal(self) -> str:
        """All of it, for its holder alone."""
        return f"{self.prefix}_{self.key_id}_{self.secret}"

    def digest(self) -> str:
        """What the node keeps of the secret."""
        return hashlib.sha256(bytes.fromhex(self.secret)).hexdigest()

    def matches(self, digest: str) -> bool:
        """Whether the secret is the one kept, in a time that does not depend on where they part."""
        return hmac.compare_digest(self.digest(), digest)


class KeyText(BearerText):
    """An API key as its holder has it: `tidan_<id>_<secret>`."""

    __slots__ = ()
    prefix = "tidan"


class SessionText(BearerText):
    """A session's token as its user has it: `tidans_<id>_<secret>`."""

    __slots__ = ()
    prefix = "tidans"
