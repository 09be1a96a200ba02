"""What a signed legacy transaction says, read from its bytes or from what a chain tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_hash.auto import keccak

from tidan_node.domain.identifiers import Address, TxHash, to_bytes, to_hex
from tidan_node.ledger.embedded.rlp import Item, NotRlp, decode
from tidan_node.ledger.signer import LegacyTransaction, encoded


@dataclass(frozen=True, slots=True)
class SentTransaction:
    """A transaction that a block holds, with the bytes that were once sent."""

    tx_hash: TxHash
    sender: Address
    nonce: int
    to: Address
    data: bytes
    gas: int
    raw: bytes


def sent_transaction(answer: dict[str, Any]) -> SentTransaction | None:  # Any: JSON
    """As the chain's node tells of it; None for one of another kind than the node signs. What does
    not hash to its own name is a ValueError."""
    if answer["to"] is None or int(answer.get("type") or "0x0", 16) != 0:
        return None
    transaction = LegacyTransaction(
        chain_id=0,
        nonce=int(answer["nonce"], 16),
        gas_price=int(answer["gasPrice"], 16),
        gas=int(answer["gas"], 16),
        to=Address(answer["to"].lower()),
        value=int(answer["value"], 16),
        data=to_bytes(answer["input"]),
    )
    raw = encoded(transaction, *(int(answer[each], 16) for each in "vrs"))
    if to_hex(keccak(raw)) != answer["hash"]:
        raise ValueError("another transaction than the one that was asked for")
    return SentTransaction(
        tx_hash=TxHash(answer["hash"]),
        sender=Address(answer["from"].lower()),
        nonce=transaction.nonce,
        to=Address(answer["to"].lower()),
        data=transaction.data,
        gas=transaction.gas,
        raw=raw,
    )


def read_transaction(raw: bytes, chain_id: int) -> LegacyTransaction:
    """The transaction that was signed for this chain."""
    fields = decode(raw)
    match fields:
        case [nonce, price, gas, bytes(to), value, bytes(data), _, _, _]:
            return LegacyTransaction(
                chain_id=chain_id,
                nonce=_number(nonce),
                gas_price=_number(price),
                gas=_number(gas),
                to=Address(to_hex(to)) if to else None,
                value=_number(value),
                data=data,
            )
    raise NotRlp("it is no legacy transaction")


def _number(item: Item) -> int:
    if not isinstance(item, bytes):
        raise NotRlp("a list stands where a number should")
    return int.from_bytes(item, "big")
