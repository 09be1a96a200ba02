"""A chain as a consortium would tell it: lives of titles, invoices, policies, anchors, by chance.

Nothing of it was ever executed: it holds what the node reads (headers and logs), made of the
contracts' own ABI, consistent in its sequence numbers, and the same in every run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, Protocol

from benchmarks.lives import Told, consortium, issues
from tidan_node.domain.identifiers import Address, BlockHash, to_hex
from tidan_node.ledger.abi import CONTRACTS, Signature, encode, signatures
from tidan_node.ledger.manifest import Deployed, Manifest

IN_A_BLOCK: Final = 50
_SECONDS: Final = 5
_GENESIS_TIME: Final = 1_700_000_000
_ADDRESSES: Final = {
    name: Address(to_hex(hashlib.sha256(name.encode()).digest()[:20])) for name in CONTRACTS
}
_EVENTS: Final[Mapping[str, tuple[str, Signature]]] = {
    each.name: (contract, each) for contract in CONTRACTS for each in signatures(contract, "event")
}


def _hash(*parts: object) -> str:
    return to_hex(hashlib.sha256(repr(parts).encode()).digest())


def manifest() -> Manifest:
    """The contracts that tell it."""
    return Manifest(
        chain_id=90_210,
        genesis_hash=BlockHash(_hash("block", 0)),
        block=1,
        contracts={name: Deployed(where, "0x" + "00" * 32) for name, where in _ADDRESSES.items()},
    )


class Chain(Protocol):
    """Headers and logs as JSON, block by block, ready to be sent."""

    @property
    def height(self) -> int:
        """The number of its last block."""
        ...

    def header(self, number: int) -> bytes: ...

    def logs(self, number: int) -> list[bytes]: ...


@dataclass(slots=True)
class ToldChain:
    """All of it in memory."""

    _headers: list[bytes] = field(default_factory=list)
    _logs: list[list[bytes]] = field(default_factory=list)

    @classmethod
    def of(cls, told: Iterator[list[Told]], *, events: int) -> ToldChain:
        """So many events of these transactions, in blocks of about fifty."""
        chain = cls([_header(0, 1)], [[]])
        kept = 0
        while kept < events:
            transactions: list[list[Told]] = []
            count = 0
            while count < min(IN_A_BLOCK, events - kept):
                transactions.append(next(told))
                count += len(transactions[-1])
            number = len(chain._headers)
            chain._headers.append(_header(number, len(transactions)))
            chain._logs.append(list(_log_texts(number, transactions)))
            kept += count
        return chain

    @classmethod
    def by_chance(cls, events: int, seed: int = 7) -> ToldChain:
        return cls.of(consortium(Random(seed)), events=events)  # noqa: S311 - no secret

    @property
    def height(self) -> int:
        return len(self._headers) - 1

    def header(self, number: int) -> bytes:
        return self._headers[number]

    def logs(self, number: int) -> list[bytes]:
        return self._logs[number]


@dataclass(frozen=True, slots=True)
class IssuedTitles:
    """So many titles that are issued and left alone, made up as they are asked for."""

    titles: int

    @property
    def height(self) -> int:
        return -(-self.titles // IN_A_BLOCK)

    def header(self, number: int) -> bytes:
        return _header(number, IN_A_BLOCK)

    def logs(self, number: int) -> list[bytes]:
        if number == 0:
            return []
        first = (number - 1) * IN_A_BLOCK + 1
        count = min(IN_A_BLOCK, self.titles - first + 1)
        return list(_log_texts(number, issues(first, count)))


def _log_texts(number: int, transactions: list[list[Told]]) -> Iterator[bytes]:
    place = 0
    for position, told in enumerate(transactions):
        for name, values in told:
            log = log_of(name, values) | {
                "blockNumber": hex(number),
                "blockHash": _hash("block", number),
                "transactionHash": _hash("transaction", number, position),
                "transactionIndex": hex(position),
                "logIndex": hex(place),
                "removed": False,
            }
            yield json.dumps(log, separators=(",", ":")).encode()
            place += 1


def log_of(name: str, values: Mapping[str, object]) -> dict[str, Any]:
    """Contract, topics and data as the EVM makes them."""
    contract, signature = _EVENTS[name]
    indexed = [each for each in signature.inputs if each.indexed]
    others = [each for each in signature.inputs if not each.indexed]
    return {
        "address": _ADDRESSES[contract],
        "topics": [
            to_hex(signature.hash),
            *(to_hex(encode([each.type], [values[each.name]])) for each in indexed),
        ],
        "data": to_hex(
            encode([each.type for each in others], [values[each.name] for each in others])
        ),
    }


def _header(number: int, transactions: int) -> bytes:
    """Of the size that QBFT's have: four validators' seals, a bloom, the transactions' hashes."""
    header = {
        "number": hex(number),
        "hash": _hash("block", number),
        "parentHash": _hash("block", number - 1),
        "nonce": "0x" + "00" * 8,
        "sha3Uncles": _hash("uncles"),
        "logsBloom": "0x" + "5a" * 256,
        "transactionsRoot": _hash("transactions", number),
        "stateRoot": _hash("state", number),
        "receiptsRoot": _hash("receipts", number),
        "miner": _ADDRESSES["Council"],
        "difficulty": "0x1",
        "totalDifficulty": hex(number + 1),
        "extraData": "0x" + "e6" * 420,
        "size": hex(12_000),
        "gasLimit": hex(30_000_000),
        "gasUsed": hex(4_000_000),
        "timestamp": hex(_GENESIS_TIME + number * _SECONDS),
        "uncles": [],
        "transactions": [_hash("transaction", number, each) for each in range(transactions)],
    }
    return json.dumps(header, separators=(",", ":")).encode()
