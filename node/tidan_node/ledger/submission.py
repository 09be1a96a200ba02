"""One transaction from its data to its receipt, for those few who wait beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.identifiers import Address, TxHash, to_hex
from tidan_node.domain.record_problems import ContractRefused
from tidan_node.ledger.answers import Receipt, receipt_of, refusal_of, revert_data
from tidan_node.ledger.codec import decode_revert
from tidan_node.ledger.rpc import Rpc, RpcError
from tidan_node.ledger.signer import LegacyTransaction, Signer
from tidan_node.problems import Problem

_PAUSE: Final = 0.05


class TransactionNotTaken(Problem):
    status, slug, title = 502, "transaction-not-taken", "The chain did not take the transaction"


class NotIncluded(Problem):
    status, slug, title = 504, "not-included", "No block holds the transaction yet"


@dataclass(frozen=True, slots=True)
class Submitter:
    """Sends the transactions of one account, and waits until each is in a block."""

    rpc: Rpc
    signer: Signer
    chain_id: int
    gas_price: int
    patience: float = 60.0

    async def submit(self, to: Address | None, data: bytes) -> Receipt:
        """The receipt of a transaction that did what it should, or the Problem that kept it."""
        gas = await self._estimate(to, data)
        sent = await self._send(to, data, nonce=await self.next_nonce(), gas=gas)
        return await self._ended(to, data, sent)

    async def create(self, codes: Sequence[bytes], *, first_nonce: int) -> list[Receipt]:
        """The receipts of contracts that were created one after another, none of which needs one
        before it to be there: all are sent, by nonces in a row, before the first is waited for."""
        gas = [await self._estimate(None, code) for code in codes]
        sent = [
            await self._send(None, code, nonce=first_nonce + place, gas=gas[place])
            for place, code in enumerate(codes)
        ]
        return [
            await self._ended(None, code, tx_hash)
            for code, tx_hash in zip(codes, sent, strict=True)
        ]

    async def next_nonce(self) -> int:
        """The nonce of the account's next transaction."""
        account = self.signer.address
        return int(await self.rpc.call("eth_getTransactionCount", account, "pending"), 16)

    async def _send(self, to: Address | None, data: bytes, *, nonce: int, gas: int) -> TxHash:
        signed = self.signer.sign(
            LegacyTransaction(
                chain_id=self.chain_id,
                nonce=nonce,
                gas_price=self.gas_price,
                gas=gas * 5 // 4,
                to=to,
                data=data,
            )
        )
        try:
            await self.rpc.call("eth_sendRawTransaction", to_hex(signed.raw))
        except RpcError as error:
            if refusal_of(error) is not None:
                raise TransactionNotTaken(error.message) from error
        return signed.tx_hash

    async def _ended(self, to: Address | None, data: bytes, tx_hash: TxHash) -> Receipt:
        receipt = await self._receipt(tx_hash)
        if not receipt.succeeded:
            await self._estimate(to, data)  # says why, where it still is so
            raise ContractRefused("the transaction failed, though it would work by now")
        return receipt

    async def _estimate(self, to: Address | None, data: bytes) -> int:
        wanted = {"from": self.signer.address, "data": to_hex(data)}
        wanted |= {} if to is None else {"to": to}
        try:
            return int(await self.rpc.call("eth_estimateGas", wanted), 16)
        except RpcError as error:
            reverted = revert_data(error)
            raise (error if reverted is None else decode_revert(reverted)) from error

    async def _receipt(self, tx_hash: str) -> Receipt:
        try:
            async with asyncio.timeout(self.patience):
                while True:
                    answer = await self.rpc.call("eth_getTransactionReceipt", tx_hash)
                    if answer is not None:
                        return receipt_of(answer)
                    await asyncio.sleep(_PAUSE)
        except TimeoutError as error:
            raise NotIncluded(f"{tx_hash} after {self.patience:.0f} s") from error
