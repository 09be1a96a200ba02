"""What became of transactions whose nonces a final block has used, though no event told of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address, OperationId, TxHash
from tidan_node.ledger.answers import Receipt
from tidan_node.ledger.blocks import BlockRef
from tidan_node.operations.chain import Chain, IndexedBlocks
from tidan_node.operations.handlers import OperationHandler
from tidan_node.operations.lane_rows import InFlight, LaneRows
from tidan_node.operations.operation import AttemptState
from tidan_node.operations.problems import NoEffect, NoRoomInBlocks, ReasonUnknown
from tidan_node.operations.resigning import FILLER_GAS
from tidan_node.problems import Problem
from tidan_node.storage.database import Database

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a transaction has come to; with a problem its operation ends, else it is tried again."""

    tx_hash: TxHash
    operation_id: OperationId
    state: AttemptState
    problem: Problem | None = None


class Settling:
    """Takes in what the chain proves: a transaction that failed, or one that never can be."""

    def __init__(
        self,
        *,
        database: Database,
        chain: Chain,
        indexed: IndexedBlocks,
        handlers: Mapping[str, OperationHandler],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._chain = chain
        self._indexed = indexed
        self._handlers = handlers
        self._clock = clock

    async def settle(self, account: Address, cursor: BlockRef, used: int) -> bool:
        """Judge by the chain up to `cursor`, whose events are all in SQL; so many nonces are used
        there. True: something was concluded.

        A success would have ended its operation together with that block. What is left failed
        there, or lost its nonce to another transaction.
        """
        async with self._database.reading() as connection:
            over = await self._rows(connection, account).live_below(used)
        verdicts = await self._judge(over, cursor) if over else []
        if not verdicts or await self._chain.block(cursor.number) != cursor:
            return False  # nothing is proven, or it was another branch that spoke
        async with self._database.writing() as connection:
            if await self._indexed.hash_at(connection, cursor.number, lock=True) != cursor.hash:
                return False
            rows = self._rows(connection, account)
            for verdict in verdicts:
                await rows.conclude(verdict.tx_hash, verdict.state)
                if verdict.problem is not None:
                    await rows.fail(verdict.operation_id, verdict.problem, self._clock())
        return True

    async def _judge(self, over: Sequence[InFlight], cursor: BlockRef) -> list[Verdict]:
        receipts = await self._chain.receipts([each.attempt.tx_hash for each in over])
        return [
            await self._verdict(each, receipt)
            for each, receipt in zip(over, receipts, strict=True)
            if receipt is None or receipt.block_number <= cursor.number
        ]

    async def _verdict(self, each: InFlight, receipt: Receipt | None) -> Verdict:
        tx_hash, operation = each.attempt.tx_hash, each.operation
        if receipt is None:
            if not operation.is_ended:
                _log.warning("nonce spent by another transaction", operation=operation.id)
            return Verdict(tx_hash, operation.id, AttemptState.SPENT)
        problem = None if operation.is_ended else await self._problem(each, receipt)
        return Verdict(tx_hash, operation.id, AttemptState.INCLUDED, problem)

    async def _problem(self, each: InFlight, receipt: Receipt) -> Problem | None:
        """Why the transaction failed; None where it only lacked gas, and may have more."""
        if receipt.succeeded and each.attempt.gas == FILLER_GAS:
            return NoRoomInBlocks("the chain's node refused it, and its nonce is used up")
        if receipt.succeeded:
            return NoEffect("the transaction succeeded, but no contract told of it")
        height = receipt.block_number
        handler = self._handlers.get(each.operation.kind)  # another version may have had one
        if handler is not None:
            call = handler.call(each.operation.intent)
            problem = await self._chain.why_reverted(call, each.attempt.account, height)
            if problem is not None:
                return problem
        if receipt.gas_used >= each.attempt.gas:
            return None
        return ReasonUnknown(f"transaction {receipt.tx_hash} failed in block {height}")

    def _rows(self, connection: AsyncConnection, account: Address) -> LaneRows:
        return LaneRows(connection, chain_id=self._chain.manifest.chain_id, account=account)
