"""Whether a line was silent about a secret, in whatever form it could have been told."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

SHORTEST = 7
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def texts_of(value: object) -> Iterator[str]:
    """Every text of a document that is long enough to be told from chance; dates stand elsewhere
    on a line, too."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_of(each)
    elif isinstance(value, str) and len(value) >= SHORTEST and not DATE.match(value):
        yield value


def forms_of(text: bytes) -> Iterator[bytes]:
    """A text as it would be seen on a line: plain, in hex, and in base64 at each of its places."""
    yield text
    yield text.lower()
    yield text.hex().encode()
    for before in range(3):
        padded = b"\0" * before + text
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            # groups that would hold bits of what stands beside the text are left out
            yield encode(padded)[4 if before else 0 : len(padded) // 3 * 4]


def assert_silent(heard: bytes, secrets: list[bytes]) -> None:
    for secret in secrets:
        for form in forms_of(secret):
            assert len(form) < SHORTEST or form not in heard, f"{secret!r} was on the line"
