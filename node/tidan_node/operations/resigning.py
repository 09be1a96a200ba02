"""Transactions that are refused as they are, signed again with the nonces that they have.

Of two transactions with one nonce a block holds at most one. So the former may stay wherever it
is: whichever of them is included is the one, and the other is spent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog

from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.domain.identifiers import Address, TxHash
from tidan_node.ledger.signed import read_transaction
from tidan_node.ledger.signer import LegacyTransaction, Signer
from tidan_node.operations.chain import Chain
from tidan_node.operations.gas_limits import GasLimits
from tidan_node.operations.lane_rows import LaneRows
from tidan_node.operations.operation import Attempt, AttemptState
from tidan_node.operations.replacements import replaced
from tidan_node.operations.stuck import has_no_room, lacks_gas, would_pay_too_much
from tidan_node.storage.database import Database

_log = structlog.stdlib.get_logger(__name__)

FILLER_GAS: Final = 21_000
"""What a transaction that does nothing takes; every call of a contract takes more."""


def filler(account: Address, nonce: int, *, chain_id: int, gas_price: int) -> LegacyTransaction:
    """A transaction that does nothing but to use up the nonce; it is always the same."""
    return LegacyTransaction(
        chain_id=chain_id, nonce=nonce, gas_price=gas_price, gas=FILLER_GAS, to=account
    )


class Resigning:
    """Replaces transactions of one account: by the same at the price of today, by the same with the
    gas of a whole block where it had more, by the same with more gas where it has too little to
    begin, or by one that does nothing where no block holds it."""

    def __init__(
        self,
        *,
        database: Database,
        signer: Signer,
        chain: Chain,
        limits: GasLimits,
        gas_price: int,
        checkpoints: Checkpoints,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._signer = signer
        self._chain = chain
        self._chain_id = chain.manifest.chain_id
        self._limits = limits
        self._gas_price = gas_price
        self._moments = checkpoints
        self._clock = clock
        self._began = clock()

    def take_over(self) -> None:
        """Another process may have signed until now, and at another price."""
        self._began = self._clock()

    async def replace(self, due: Sequence[Attempt]) -> bool:
        """Whether some of them were; their successors are due."""
        wanted: dict[TxHash, Attempt] = {}
        for each in due:
            better = await self._better(each)
            if better is not None:
                wanted[each.tx_hash] = self._attempt(each, better)
        return bool(wanted) and await self._kept(wanted)

    async def _better(self, attempt: Attempt) -> LegacyTransaction | None:
        reason = attempt.refusal or ""
        if has_no_room(reason):
            return await self._fitting(attempt)
        own = attempt.created_at > self._began  # and so at the price of this process
        if own and not lacks_gas(reason):
            return None
        signed = read_transaction(attempt.raw, self._chain_id)
        lower = would_pay_too_much(reason)
        price = self._gas_price if lower else max(signed.gas_price, self._gas_price)
        gas = self._limits.fitting(2 * signed.gas) if lacks_gas(reason) else signed.gas
        better = replace(signed, gas_price=price, gas=gas)
        return None if better == signed else better

    async def _fitting(self, attempt: Attempt) -> LegacyTransaction:
        self._limits.of_block = most = await self._chain.block_gas()
        if attempt.gas > most:
            signed = read_transaction(attempt.raw, self._chain_id)
            return replace(signed, gas=most, gas_price=max(signed.gas_price, self._gas_price))
        account, price = self._signer.address, self._gas_price
        return filler(account, attempt.nonce, chain_id=self._chain_id, gas_price=price)

    def _attempt(self, former: Attempt, transaction: LegacyTransaction) -> Attempt:
        signed = self._signer.sign(transaction)
        return replace(
            former,
            raw=signed.raw,
            tx_hash=signed.tx_hash,
            gas=transaction.gas,
            state=AttemptState.LIVE,
            created_at=self._clock(),
        )

    async def _kept(self, wanted: Mapping[TxHash, Attempt]) -> bool:
        async with self._database.writing() as connection:
            signed = await replaced(connection, wanted)
            if signed:
                rows = LaneRows(connection, chain_id=self._chain_id, account=self._signer.address)
                await rows.start(signed)
        if signed:
            _log.warning("transactions replaced", account=self._signer.address, count=len(signed))
            self._moments.reached("operation.replaced")
        return bool(signed)
