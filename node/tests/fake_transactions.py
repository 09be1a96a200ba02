"""Transactions as whoever reads the wire or a block sees them."""

from __future__ import annotations

from dataclasses import dataclass

import rlp  # type: ignore[import-untyped]  # it has no types
from eth_abi.abi import decode
from eth_account import Account
from eth_hash.auto import keccak

from tidan_node.domain.identifiers import Address, TxHash, to_hex


def dearer(price: int) -> int:
    """What geth wants for a transaction in the place of another: a tenth more."""
    return max(price + 1, price * 11 // 10)


@dataclass(frozen=True)
class Sent:
    """A transaction as whoever reads the wire sees it."""

    raw: bytes
    tx_hash: TxHash
    sender: Address
    nonce: int
    gas_price: int
    gas: int
    data: bytes

    @property
    def up_to(self) -> int | None:
        """What it anchors; None where it is a transaction that does nothing."""
        if not self.data:
            return None
        number, _ = decode(["uint64", "bytes32"], self.data[4:])
        return int(number)


def parse(raw: bytes) -> Sent:
    nonce, gas_price, gas, _, _, data, *_ = rlp.decode(raw)
    return Sent(
        raw=raw,
        tx_hash=TxHash(to_hex(keccak(raw))),
        sender=Address(Account.recover_transaction(raw).lower()),
        nonce=int.from_bytes(nonce, "big"),
        gas_price=int.from_bytes(gas_price, "big"),
        gas=int.from_bytes(gas, "big"),
        data=data,
    )


@dataclass(frozen=True)
class Mined:
    """A transaction in a block, and what it did there."""

    sent: Sent
    succeeded: bool
    gas_used: int
    previous: int

    @property
    def reached(self) -> int:
        """What is anchored after it."""
        return self.sent.up_to or self.previous if self.succeeded else self.previous
