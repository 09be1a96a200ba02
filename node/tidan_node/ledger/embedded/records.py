"""The lines of the journal: three kinds of record, each line with its number and checksum."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

from tidan_node.domain.identifiers import Address, BlockHash


@dataclass(frozen=True, slots=True)
class BlockIntent:
    """Everything that decides a block, so that the same intent gives the same block hash."""

    height: int
    timestamp: int
    offset: int
    """How far the chain's clock was ahead of the machine's, in seconds."""
    transactions: tuple[bytes, ...] = ()
    balances: tuple[tuple[Address, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BlockMined:
    """The hash that anvil gave the block of the intent before it."""

    height: int
    block_hash: BlockHash


@dataclass(frozen=True, slots=True)
class Waiting:
    """Transactions that were answered, but wait for one with a lower nonce."""

    transactions: tuple[bytes, ...]


Record = BlockIntent | BlockMined | Waiting


class BrokenLine(Exception):
    """A line that is torn, altered or of no known kind."""


def encode(number: int, record: Record) -> bytes:
    """One line, ended by a line feed that no other byte of it can be."""
    document: dict[str, object] = {"n": number}
    match record:
        case BlockIntent():
            document |= {
                "block": record.height,
                "timestamp": record.timestamp,
                "offset": record.offset,
                "transactions": [raw.hex() for raw in record.transactions],
                "balances": [[address, hex(wei)] for address, wei in record.balances],
            }
        case BlockMined():
            document |= {"mined": record.height, "hash": record.block_hash}
        case Waiting():
            document |= {"waiting": [raw.hex() for raw in record.transactions]}
    text = json.dumps(document, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def decode(line: bytes) -> tuple[int, Record]:
    """The number and the record of one line; a line without its line feed is torn."""
    checksum, _, text = line.partition(b" ")
    if not text.endswith(b"\n"):
        raise BrokenLine("the line has no end")
    if b"%08x" % zlib.crc32(text[:-1]) != checksum:
        raise BrokenLine("the checksum does not match")
    try:
        document = json.loads(text)
        return int(document["n"]), _record(document)
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenLine(f"the line is no record: {error}") from error


def _record(document: dict[str, Any]) -> Record:  # Any: JSON; the caller catches what it breaks
    if "block" in document:
        return BlockIntent(
            height=int(document["block"]),
            timestamp=int(document["timestamp"]),
            offset=int(document["offset"]),
            transactions=tuple(bytes.fromhex(raw) for raw in document["transactions"]),
            balances=tuple(
                (Address(str(address)), int(wei, 16)) for address, wei in document["balances"]
            ),
        )
    if "mined" in document:
        return BlockMined(int(document["mined"]), BlockHash(str(document["hash"])))
    return Waiting(tuple(bytes.fromhex(raw) for raw in document["waiting"]))
