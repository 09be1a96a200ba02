"""Reads the instructions out of a contract's code."""

PUSH1, PUSH32 = 0x60, 0x7F


def instructions(code: bytes) -> set[int]:
    """The opcodes of a contract, without what they push and without the metadata."""
    metadata = int.from_bytes(code[-2:], "big") + 2
    found, at = set(), 0
    while at < len(code) - metadata:
        found.add(code[at])
        at += 1 + (code[at] - PUSH1 + 1 if PUSH1 <= code[at] <= PUSH32 else 0)
    return found
