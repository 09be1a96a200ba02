"""The head of a record, worked out again in Python from the acts that a test has seen."""

from dataclasses import dataclass, field

from eth_abi.abi import encode
from eth_utils.crypto import keccak

FIELDS = ("bytes32", "uint8", "uint32", "uint32", "uint40", "bytes32")
NO_DETAIL = bytes(32)


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def hashed(types: list[str], values: list[object]) -> bytes:
    return bytes(keccak(encode(types, values)))


@dataclass
class History:
    """All acts on one record so far."""

    head: bytes = field(default=bytes(32))
    seq: int = 0

    def extend(self, act: int, actor: int, time: int, detail: bytes = NO_DETAIL) -> bytes:
        self.seq += 1
        self.head = bytes(keccak(encode(FIELDS, [self.head, act, self.seq, actor, time, detail])))
        return self.head
