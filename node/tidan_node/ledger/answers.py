"""What the chain's node answers, as typed values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from tidan_node.domain.identifiers import BlockHash, TxHash, to_bytes
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.rpc import Json, RpcError

_FAILED_IN_THE_EVM: Final = re.compile(
    r"revert|out of ?gas|gas required exceeds|invalid opcode|vm execution error", re.IGNORECASE
)
_HAS_IT_ALREADY: Final = re.compile(
    r"already ?known|known transaction|already imported|already in (the )?pool", re.IGNORECASE
)
_HEX: Final = re.compile(r"0x(?:[0-9a-fA-F]{2})*$")


class Log(Struct, frozen=True, rename="camel"):
    """What a contract told, as the chain's node words it: numbers, hashes and data are hex."""

    address: str
    topics: list[str]
    data: str
    block_number: str
    block_hash: str
    transaction_hash: str
    log_index: str


class Header(Struct, frozen=True, rename="camel"):
    """What the node keeps of a block's header."""

    number: str
    hash: str
    parent_hash: str
    timestamp: str

    def block(self) -> BlockRef:
        return BlockRef(
            int(self.number, 16),
            BlockHash(self.hash),
            BlockHash(self.parent_hash),
            int(self.timestamp, 16),
        )


@dataclass(frozen=True, slots=True)
class Nonces:
    """How many nonces an account has used, beside a block that the asker knows."""

    block: BlockRef | None
    """The block of that number, as the chain has it."""
    used: int
    """Up to the newest block."""
    by_then: int | None
    """Up to that block; None where the chain's node does not have its state."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the chain made of a transaction, in the block that holds it."""

    tx_hash: TxHash
    block_number: int
    block_hash: BlockHash
    succeeded: bool
    gas_used: int
    logs: tuple[Json, ...] = ()


def receipt_of(answer: Json) -> Receipt:
    return Receipt(
        tx_hash=TxHash(answer["transactionHash"]),
        block_number=int(answer["blockNumber"], 16),
        block_hash=BlockHash(answer["blockHash"]),
        succeeded=int(answer["status"], 16) == 1,
        gas_used=int(answer["gasUsed"], 16),
        logs=tuple(answer["logs"]),
    )


def refusal_of(answer: Json | RpcError) -> str | None:
    """Why a transaction was not taken; None where the chain's node has it, from now or before."""
    if not isinstance(answer, RpcError) or _HAS_IT_ALREADY.search(answer.message):
        return None
    return answer.message or f"error {answer.code}"


def revert_data(error: RpcError) -> bytes | None:
    """What the contract said when it reverted; None where the error is no failure of its code.

    Each client has a place of its own for it: a string, an object around it, a word before it.
    """
    data = error.data
    if isinstance(data, dict):
        data = data.get("data") or data.get("result") or data.get("output")
    found = _HEX.search(data) if isinstance(data, str) else None
    if found is not None and len(found[0]) > len("0x"):
        return to_bytes(found[0])
    return b"" if _FAILED_IN_THE_EVM.search(error.message) else None
