"""Transactions at the door: checked, put into the mempool, and answered once they are durable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tidan_node.domain.identifiers import Address, TxHash
from tidan_node.ledger.embedded.keeper import Keeper
from tidan_node.ledger.embedded.mempool import Mempool
from tidan_node.ledger.embedded.rpc import RpcError
from tidan_node.ledger.embedded.transactions import Transaction, decode


@dataclass(frozen=True, slots=True)
class _Admitted:
    tx_hash: TxHash
    answer: asyncio.Future[None] | None
    refusal: RpcError | None = None
    """Told when the answer is there: whoever repeats itself hears it no sooner than the first."""


class Admission:
    """Takes raw transactions in, and keeps who waits for which answer."""

    def __init__(
        self, *, chain_id: int, pool: Mempool, keeper: Keeper, on_arrival: Callable[[], None]
    ) -> None:
        self._chain_id = chain_id
        self._pool = pool
        self._keeper = keeper
        self._on_arrival = on_arrival
        self._answers: dict[TxHash, asyncio.Future[None]] = {}

    async def submit(self, raws: Sequence[bytes]) -> list[TxHash | RpcError]:
        """Hand over transactions together; each is answered when it is durable, or refused."""
        decoded = await asyncio.to_thread(self._decode, raws)
        readable = [one for one in decoded if isinstance(one, Transaction)]
        balances = await self._balances(readable)
        await self._learn_nonces(readable)
        admitted = [
            one if isinstance(one, RpcError) else self._admit(one, balances) for one in decoded
        ]
        self._on_arrival()
        return [await self._outcome(one) for one in admitted]

    def answer(self, transactions: Iterable[Transaction]) -> None:
        """These are durable."""
        for transaction in transactions:
            future = self._answers.pop(transaction.tx_hash, None)
            if future is not None and not future.done():
                future.set_result(None)

    def refuse(self, tx_hash: TxHash, error: RpcError) -> None:
        """This one will not be in a block."""
        future = self._answers.pop(tx_hash, None)
        if future is not None and not future.done():
            future.set_exception(error)
            # Whoever asked may have gone; then nobody looks at the refusal.
            future.exception()

    def refuse_all(self, error: RpcError) -> None:
        for tx_hash in list(self._answers):
            self.refuse(tx_hash, error)

    def _decode(self, raws: Sequence[bytes]) -> list[Transaction | RpcError]:
        decoded: list[Transaction | RpcError] = []
        for raw in raws:
            try:
                decoded.append(decode(raw, chain_id=self._chain_id))
            except RpcError as error:
                decoded.append(error)
        return decoded

    async def _balances(self, transactions: list[Transaction]) -> dict[Address, int]:
        """What those own who pay something."""
        payers = list(dict.fromkeys(one.sender for one in transactions if one.cost))
        if not payers:
            return {}
        answers = await self._keeper.ask("eth_getBalance", payers)
        return dict(zip(payers, answers, strict=True))

    async def _learn_nonces(self, transactions: list[Transaction]) -> None:
        """Of senders met for the first time, or again after the chain became another one."""
        while new := self._pool.unknown_senders(one.sender for one in transactions):
            for sender, nonce in zip(
                new, await self._keeper.ask("eth_getTransactionCount", new), strict=True
            ):
                self._pool.learn_nonce(sender, nonce)

    def _admit(
        self, transaction: Transaction, balances: dict[Address, int]
    ) -> _Admitted | RpcError:
        tx_hash = transaction.tx_hash
        if transaction.cost > balances.get(transaction.sender, 0):
            return RpcError("insufficient funds for gas * price + value")
        try:
            replaced = self._pool.add(transaction)
        except RpcError as error:
            return _Admitted(tx_hash, self._answers.get(tx_hash), refusal=error)
        if replaced is not None:
            self.refuse(replaced.tx_hash, RpcError("replaced by a better paid transaction"))
        future = asyncio.get_running_loop().create_future()
        self._answers[tx_hash] = future
        return _Admitted(tx_hash, future)

    async def _outcome(self, admitted: _Admitted | RpcError) -> TxHash | RpcError:
        if isinstance(admitted, RpcError):
            return admitted
        if admitted.answer is not None:
            try:
                # Shielded: who gives up waiting takes nobody else's answer away.
                await asyncio.shield(admitted.answer)
            except RpcError as error:
                return error
        return admitted.refusal or admitted.tx_hash
