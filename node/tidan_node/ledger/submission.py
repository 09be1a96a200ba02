"""One transaction from its data to its receipt, for those few who wait beside it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.identifiers import Address, to_hex
from tidan_node.domain.record_problems import ContractRefused
from tidan_node.ledger.answers import Receipt, receipt_of, refusal_of, revert_data
from tidan_node.ledger.codec import decode_revert
from tidan_node.ledger.rpc import Json, Rpc, RpcError
from tidan_node.ledger.signer import LegacyTransaction, Signer
from tidan_node.problems import Problem

_PAUSE: Final = 0.05


class TransactionNotTaken(Problem):
    status, slug, title = 502, "transaction-not-taken", "The chain did not take the transaction"


class NotIncluded(Problem):
    status, slug, title = 504, "not-included", "No block holds the transaction yet"


@dataclass(frozen=True, slots=True)
class Submitter:
    """Sends the transactions of one account, each after the one before it is in a block."""

    rpc: Rpc
    signer: Signer
    chain_id: int
    gas_price: int
    patience: float = 60.0

    async def submit(self, to: Address | None, data: bytes) -> Receipt:
        """The receipt of a transaction that did what it should, or the Problem that kept it."""
        account = self.signer.address
        wanted = {"from": account, "data": to_hex(data)} | ({} if to is None else {"to": to})
        gas = await self._estimate(wanted)
        nonce = int(await self.rpc.call("eth_getTransactionCount", account, "pending"), 16)
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
        receipt = await self._receipt(signed.tx_hash)
        if not receipt.succeeded:
            await self._estimate(wanted)  # says why, where it still is so
            raise ContractRefused("the transaction failed, though it would work by now")
        return receipt

    async def _estimate(self, wanted: Json) -> int:
        try:
            return int(await self.rpc.call("eth_estimateGas", wanted), 16)
        except RpcError as error:
            data = revert_data(error)
            raise (error if data is None else decode_revert(data)) from error

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
