"""Transactions that are not in a block yet: per sender in the order of their nonces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.identifiers import Address, TxHash
from tidan_node.ledger.embedded.rpc import RpcError
from tidan_node.ledger.embedded.transactions import Transaction

ALREADY_KNOWN: Final = "already known"
CAPACITY: Final = 20_000
_PRICE_BUMP_PERCENT: Final = 10


@dataclass(frozen=True, slots=True)
class Selection:
    """What the next block can take, and what has to wait for a lower nonce."""

    next_block: tuple[Transaction, ...]
    gapped: tuple[Transaction, ...]


class Mempool:
    """Holds a transaction until its block is made, or it is refused."""

    def __init__(self, *, gas_limit: int) -> None:
        self._gas_limit = gas_limit
        self._by_hash: dict[TxHash, Transaction] = {}
        self._by_nonce: defaultdict[Address, dict[int, Transaction]] = defaultdict(dict)
        self._nonces: dict[Address, int] = {}
        self._in_block: frozenset[TxHash] = frozenset()

    def __len__(self) -> int:
        return len(self._by_hash)

    def __contains__(self, tx_hash: TxHash) -> bool:
        return tx_hash in self._by_hash

    def unknown_senders(self, senders: Iterable[Address]) -> list[Address]:
        """Those whose next nonce must be learnt before anything of theirs can be added."""
        return [sender for sender in dict.fromkeys(senders) if sender not in self._nonces]

    def learn_nonce(self, sender: Address, nonce: int) -> None:
        """The nonce after the sender's last one on the chain, as anvil tells it."""
        self._nonces.setdefault(sender, nonce)

    def add(self, transaction: Transaction) -> Transaction | None:
        """Take a transaction in; the answer is the one that it replaces."""
        if transaction.tx_hash in self._by_hash:
            raise RpcError(ALREADY_KNOWN)
        if transaction.gas > self._gas_limit:
            raise RpcError("exceeds block gas limit")
        expected = self._nonces[transaction.sender]
        if transaction.nonce < expected:
            raise RpcError(f"nonce too low: next nonce {expected}, tx nonce {transaction.nonce}")
        held = self._by_nonce[transaction.sender].get(transaction.nonce)
        if held is not None:
            self._check_replacement(held, transaction)
            self.forget(held)
        elif len(self._by_hash) >= CAPACITY:
            raise RpcError("txpool is full")
        self._by_hash[transaction.tx_hash] = transaction
        self._by_nonce[transaction.sender][transaction.nonce] = transaction
        return held

    def select(self) -> Selection:
        """The transactions of the next block in the order they came, as far as nonces allow."""
        expected = dict(self._nonces)
        early: dict[tuple[Address, int], Transaction] = {}
        chosen: list[Transaction] = []
        gas = 0
        for arrived in self._by_hash.values():
            early[arrived.sender, arrived.nonce] = arrived
            while ready := early.pop((arrived.sender, expected[arrived.sender]), None):
                expected[arrived.sender] += 1
                chosen.append(ready)
        gapped = tuple(early.values())
        for count, ready in enumerate(chosen):
            gas += ready.gas
            if gas > self._gas_limit:
                chosen = chosen[:count]
                break
        self._in_block = frozenset(ready.tx_hash for ready in chosen)
        return Selection(tuple(chosen), gapped)

    def settle(
        self,
        chosen: Iterable[Transaction],
        *,
        refused: Collection[TxHash] = (),
        stuck: Collection[TxHash] = (),
    ) -> None:
        """Forget what was mined or refused; what is stuck goes on waiting."""
        self._in_block = frozenset()
        for transaction in chosen:
            if transaction.tx_hash in stuck:
                continue
            self.forget(transaction)
            if transaction.tx_hash not in refused:
                self._nonces[transaction.sender] = transaction.nonce + 1

    def raws(self, hashes: Collection[TxHash]) -> tuple[bytes, ...]:
        return tuple(one.raw for one in self._by_hash.values() if one.tx_hash in hashes)

    def clear(self) -> None:
        """Forget everything, nonces too: the chain is another one now."""
        self._by_hash.clear()
        self._by_nonce.clear()
        self._nonces.clear()
        self._in_block = frozenset()

    def forget(self, transaction: Transaction) -> None:
        self._by_hash.pop(transaction.tx_hash, None)
        nonces = self._by_nonce[transaction.sender]
        nonces.pop(transaction.nonce, None)
        if not nonces:
            del self._by_nonce[transaction.sender]

    def _check_replacement(self, held: Transaction, offered: Transaction) -> None:
        enough = held.gas_price * (100 + _PRICE_BUMP_PERCENT) // 100
        is_better = offered.gas_price > held.gas_price and offered.gas_price >= enough
        if not is_better or held.tx_hash in self._in_block:
            raise RpcError("replacement transaction underpriced")
