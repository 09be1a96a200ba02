"""The names of things: types of their own, never bare strings."""

from __future__ import annotations

import re
from typing import Final, NewType

from tidan_node.problems import InvalidInput

TitleId = NewType("TitleId", str)
"""A title's id: 32 bytes as lower-case hex with 0x."""

SeriesId = NewType("SeriesId", str)
"""A title's series (carrier code and B/L number): 32 bytes as lower-case hex with 0x."""

RecordId = NewType("RecordId", str)
"""The id of an invoice or a policy: 32 bytes as lower-case hex with 0x."""

ContentRoot = NewType("ContentRoot", str)
"""Root of the tree over a document's fields: 32 bytes as lower-case hex with 0x."""

Head = NewType("Head", str)
"""The hash over a record's whole history: 32 bytes as lower-case hex with 0x."""

BlockHash = NewType("BlockHash", str)
TxHash = NewType("TxHash", str)

Address = NewType("Address", str)
"""An account or contract on the chain: 20 bytes as lower-case hex with 0x."""

PartyIndex = NewType("PartyIndex", int)
"""A party's number on the chain, from 1."""

Pledgee = NewType("Pledgee", str)
"""Who takes a pledge, as the gate of pledgees knows it: 32 bytes as lower-case hex with 0x."""

IssuerCode = NewType("IssuerCode", str)
"""Who numbers documents, as `LIST:CODE`: `SMDG:MSC` for a carrier, `LEI:…` for a seller."""

OperationId = NewType("OperationId", str)
"""One intention to change the chain: a UUIDv7-like, time-ordered string."""

NO_PARTY: Final = PartyIndex(0)
ZERO_32: Final = "0x" + "00" * 32
ZERO_20: Final = Address("0x" + "00" * 20)

_PARTY_ON_CHAIN = re.compile(r"tidan:([0-9]{1,20}):([1-9][0-9]{0,9})")
_HEX_32 = re.compile(r"0x[0-9a-f]{64}")
_HEX_20 = re.compile(r"0x[0-9a-f]{40}")


def hex_32(value: str, field: str) -> str:
    """`value` as 32 bytes of lower-case hex; case is forgiven, everything else is not."""
    lowered = value.lower()
    if not _HEX_32.fullmatch(lowered):
        raise InvalidInput("must be 0x and 64 hexadecimal digits", field=field)
    return lowered


def hex_20(value: str, field: str) -> str:
    """`value` as 20 bytes of lower-case hex; case is forgiven, everything else is not."""
    lowered = value.lower()
    if not _HEX_20.fullmatch(lowered):
        raise InvalidInput("must be 0x and 40 hexadecimal digits", field=field)
    return lowered


def title_id(value: str, field: str = "title") -> TitleId:
    return TitleId(hex_32(value, field))


def record_id(value: str, field: str = "id") -> RecordId:
    return RecordId(hex_32(value, field))


def address(value: str, field: str = "account") -> Address:
    return Address(hex_20(value, field))


def party_on_chain(chain_id: int, party: PartyIndex) -> str:
    """A party's name beyond its own chain: `tidan:31337:4`, which is a URI, too."""
    return f"tidan:{chain_id}:{party}"


def party_named(name: str, chain_id: int) -> PartyIndex | None:
    """The party of this chain that has this name."""
    found = _PARTY_ON_CHAIN.fullmatch(name)
    return PartyIndex(int(found[2])) if found and found[1] == str(chain_id) else None


def to_bytes(value: str) -> bytes:
    """The bytes behind a 0x name."""
    return bytes.fromhex(value.removeprefix("0x"))


def to_hex(value: bytes) -> str:
    """The 0x name of bytes."""
    return "0x" + value.hex()
