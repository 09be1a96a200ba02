"""What a text must look like, for people: a pattern says it to programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tidan_node.web.shapes import SEEN, VISIBLE

WORDS: Final[Mapping[str, str]] = {
    VISIBLE: "must be visible ASCII characters without spaces, as an id is",
    SEEN: "must be text on one line, without control characters",
    r"^[A-Za-z0-9_.~-]+$": "must be a credential in its compact form: letters, digits and . _ ~ -,"
    " without braces, quotes or spaces",
    r"^[A-Za-z0-9+/]+={0,2}$": "must be base64",
    r"^[A-Za-z]+$": "must be letters alone",
    r"^[A-Z]+$": "must be capital letters",
    r"^[A-Z][A-Z0-9-]{1,19}$": "must be 2 to 20 capital letters, digits and hyphens, the first of"
    " them a letter",
    r"^0[xX][0-9a-fA-F]{40}$": "must be an account: 0x and 40 hexadecimal digits",
    r"^0[xX][0-9a-fA-F]{64}$": "must be 0x and 64 hexadecimal digits",
    r"^0[xX][0-9a-fA-F]{130}$": "must be a signature of 65 bytes: 0x and 130 hexadecimal digits",
    r"^0[xX]([0-9a-fA-F]{2})+$": "must be bytes: 0x and pairs of hexadecimal digits",
    r"^0[xX][0-9a-fA-F]{66}$": "must be a compressed public key: 0x and 66 hexadecimal digits",
    r"^[A-Za-z0-9_-]{43}$": "must be a key of 32 bytes in base64url, which are 43 characters",
    r"^[0-9A-Za-z:]+$": "must be letters, digits and colons",
    r"^[a-z][a-z.-]*$": "must be lower-case letters, dots and hyphens, a letter first",
    r"^did:[!-~]+$": "must be a DID: did: and visible ASCII characters without spaces",
}
"""Every pattern of the API; a test finds those that are lacking."""
_OTHERWISE: Final = "has another form than the API describes"


def in_words(pattern: str) -> str:
    """What a text that does not match this pattern should have been."""
    return WORDS.get(pattern, _OTHERWISE)
