"""Redirects to a program on the person's own machine."""

from __future__ import annotations

import re
from typing import Final

_REDIRECT: Final = re.compile(
    r"http://(?:127\.0\.0\.1|\[::1\]):([1-9][0-9]{0,4})/[A-Za-z0-9._~/-]{0,200}"
)
_LARGEST_PORT: Final = 65535


def is_loopback_redirect(uri: str) -> bool:
    """Whether a program of the person's own machine can listen there (RFC 8252, 7.3): the address
    is written as a number, since a name may lead elsewhere."""
    match = _REDIRECT.fullmatch(uri)
    return match is not None and int(match[1]) <= _LARGEST_PORT
