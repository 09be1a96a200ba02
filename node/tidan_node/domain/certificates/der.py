"""The outer shape of DER (X.690), for the few fields that the certificate library does not give."""

from __future__ import annotations

from typing import Final

_LONG: Final = 0x80


def members(der: bytes) -> list[bytes]:
    """The elements inside a constructed one, each with its tag and length."""
    inside, found = content(der), []
    while inside:
        _, end = _span(inside)
        found.append(inside[:end])
        inside = inside[end:]
    return found


def content(der: bytes) -> bytes:
    """What stands inside an element, which is all that there is."""
    start, end = _span(der)
    if end != len(der):
        raise ValueError("something follows the element")
    return der[start:end]


def element(tag: int, inside: bytes) -> bytes:
    """The element of this tag around these bytes."""
    size = len(inside)
    if size < _LONG:
        return bytes((tag, size)) + inside
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(length))) + length + inside


def _span(der: bytes) -> tuple[int, int]:
    """Where the content of the first element begins and ends."""
    if len(der) < 2:
        raise ValueError("an element is cut short")
    start, size = 2, der[1]
    if size >= _LONG:
        count = size - _LONG
        start, size = 2 + count, int.from_bytes(der[2 : 2 + count], "big")
        if not 0 < count <= 4 or len(der) < start:
            raise ValueError("a length is not in its form")
    if start + size > len(der):
        raise ValueError("an element is cut short")
    return start, start + size
