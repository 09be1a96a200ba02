"""RLP as the Ethereum yellow paper defines it (appendix B), strict: one form for each value."""

from __future__ import annotations

from typing import Final, TypeAlias

Item: TypeAlias = "bytes | list[Item]"

_SHORT: Final = 55
_STRING, _LIST = 0x80, 0xC0
_DEEPEST: Final = 32


class NotRlp(ValueError):
    """The bytes are no RLP, or not in its only form."""


def encode(item: Item) -> bytes:
    if isinstance(item, bytes):
        if len(item) == 1 and item[0] < _STRING:
            return item
        return _header(len(item), _STRING) + item
    body = b"".join(encode(part) for part in item)
    return _header(len(body), _LIST) + body


def decode(encoded: bytes) -> Item:
    """The one item that the bytes hold, and nothing after it."""
    item, end = _item(encoded, 0, depth=0)
    if end != len(encoded):
        raise NotRlp("there are bytes after the end")
    return item


def _item(encoded: bytes, at: int, *, depth: int) -> tuple[Item, int]:
    if at >= len(encoded):
        raise NotRlp("it ends too early")
    if depth > _DEEPEST:
        raise NotRlp("the lists are too deep")
    first = encoded[at]
    if first < _STRING:
        return encoded[at : at + 1], at + 1
    kind = _LIST if first >= _LIST else _STRING
    begin, end = _extent(encoded, at, first - kind)
    if kind == _STRING:
        text = encoded[begin:end]
        if len(text) == 1 and text[0] < _STRING:
            raise NotRlp("a small byte has a length")
        return text, end
    parts: list[Item] = []
    while begin < end:
        part, begin = _item(encoded, begin, depth=depth + 1)
        parts.append(part)
    if begin != end:
        raise NotRlp("a part is longer than its list")
    return parts, end


def _extent(encoded: bytes, at: int, size: int) -> tuple[int, int]:
    begin = at + 1
    if size > _SHORT:
        begin += size - _SHORT
        if begin > len(encoded):
            raise NotRlp("it ends too early")
        length = encoded[at + 1 : begin]
        size = int.from_bytes(length, "big")
        if length[0] == 0 or size <= _SHORT:
            raise NotRlp("a length is longer than it has to be")
    if begin + size > len(encoded):
        raise NotRlp("it ends too early")
    return begin, begin + size


def _header(length: int, kind: int) -> bytes:
    if length <= _SHORT:
        return bytes([kind + length])
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([kind + _SHORT + len(size)]) + size
