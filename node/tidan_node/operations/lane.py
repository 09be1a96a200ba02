"""One account's way to the chain: operations in, signed transactions out, one nonce after another.

What a lane does next follows from SQL and the chain alone, so that it can be stopped between any
two steps. All that it keeps in memory is at which block it last found that nothing is to be done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.signer import LegacyTransaction, Signer
from tidan_node.operations.chain import Chain, IndexedBlocks
from tidan_node.operations.former_accounts import FormerAccount, hand_over
from tidan_node.operations.handlers import OperationHandler
from tidan_node.operations.lane_rows import LaneRows
from tidan_node.operations.operation import Attempt, AttemptState
from tidan_node.operations.preflight import Preflight, Prepared, Refused
from tidan_node.operations.settling import Settling
from tidan_node.storage.database import Database

_log = structlog.stdlib.get_logger(__name__)

_IN_FLIGHT: Final = 100
"""How many signed transactions of a lane wait for their block, and how many leave at once."""

_FILLER_GAS: Final = 21_000


@dataclass(frozen=True, slots=True)
class LaneSettings:
    """What transactions pay, and how long the chain has before it is sent one again."""

    gas_price: int = 0
    send_again_after: timedelta = timedelta(seconds=3)


class Lane:
    """Carries the operations of one account towards their ends."""

    def __init__(
        self,
        *,
        database: Database,
        chain: Chain,
        indexed: IndexedBlocks,
        handlers: Mapping[str, OperationHandler],
        signer: Signer | FormerAccount,
        settings: LaneSettings,
        checkpoints: Checkpoints,
        sent: Callable[[], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._chain = chain
        self._indexed = indexed
        self._handlers = handlers
        self._signer = signer
        self._account = signer.address
        self._settings = settings
        self._moments = checkpoints
        self._sent = sent
        self._quiet_at: BlockRef | None = None
        self._clock = clock
        self._preflight = Preflight(chain, handlers, signer.address)
        self._settling = Settling(
            database=database, chain=chain, indexed=indexed, handlers=handlers, clock=clock
        )

    async def take_over(self) -> None:
        """What a former process sent may have been lost since: it is due at once."""
        async with self._database.writing() as connection:
            await self._rows(connection).distrust_sends()

    async def step(self) -> bool:
        """Do all that can be done now. True: there is more of it."""
        async with self._database.reading() as connection:
            cursor = await self._indexed.cursor(connection)
            idle = await self._rows(connection).is_idle()
        if idle and cursor is not None and cursor == self._quiet_at:
            return False
        await self._undo_overdue()
        if cursor is None or not await self._holds(cursor):
            # The chain has gone another way, and the indexer is about to follow. Until it has,
            # nothing is sent, and nothing ends by what may be said about another past.
            return False
        used = await self._chain.transaction_count(self._account)
        await self._reopen(used)
        await self._settling.settle(self._account, cursor)
        if isinstance(self._signer, FormerAccount):
            await self._hand_over(self._signer)
            signed_all = True
        else:
            signed_all = await self._sign(self._signer, used, cursor)
            await self._fill_gaps(self._signer, used)
        sent_all = await self._send(used)
        # A block that the chain loses changes the cursor, and with it this look is out of date.
        self._quiet_at = cursor if idle else None
        return not (signed_all and sent_all)

    async def _holds(self, block: BlockRef) -> bool:
        return await self._chain.block(block.number) == block

    async def _reopen(self, used: int) -> None:
        """Transactions that the chain has lost are sent again, in the order of their nonces."""
        async with self._database.reading() as connection:
            lost = await self._rows(connection).lost_from(used)
        if lost:
            _log.warning("transactions lost by the chain", account=self._account, count=len(lost))
            async with self._database.writing() as connection:
                await self._rows(connection).reopen(lost, self._clock())
                await self._rows(connection).distrust_sends()

    async def _undo_overdue(self) -> None:
        """What nobody signed in time is over, whether the chain answers or not."""
        now = self._clock()
        async with self._database.reading() as connection:
            overdue = await self._rows(connection).overdue(now)
        if overdue:
            async with self._database.writing() as connection:
                await self._rows(connection).undo(overdue, now)

    async def _hand_over(self, former: FormerAccount) -> None:
        chain_id = self._chain.manifest.chain_id
        async with self._database.writing() as connection:
            await hand_over(connection, chain_id, former, self._clock())

    async def _sign(self, signer: Signer, used: int, cursor: BlockRef) -> bool:
        """Sign for what is ready; the bytes are committed before anybody sees them.

        False: there was more than the lane has room for.
        """
        async with self._database.reading() as connection:
            rows = self._rows(connection)
            room = _IN_FLIGHT - await rows.live_count()
            ready = await rows.ready(self._handlers.keys(), room) if room > 0 else []
        outcomes = await self._preflight.try_out(ready)
        refused = any(isinstance(each, Refused) for each in outcomes)
        if not outcomes or (refused and not await self._holds(cursor)):
            return True
        signed = 0
        async with self._database.writing() as connection:
            rows = self._rows(connection)
            nonce = max(used, await rows.highest_nonce() + 1)
            for each in outcomes:
                if isinstance(each, Refused):
                    operation = each.ready.operation
                    await rows.fail(operation.id, each.problem, self._clock())
                elif await rows.start(self._attempt(signer, each, nonce + signed)):
                    signed += 1
        if signed:
            self._moments.reached("operation.signed")
        return signed < room

    def _attempt(self, signer: Signer, prepared: Prepared, nonce: int) -> Attempt:
        manifest = self._chain.manifest
        signed = signer.sign(
            LegacyTransaction(
                chain_id=manifest.chain_id,
                nonce=nonce,
                gas_price=self._settings.gas_price,
                gas=prepared.gas,
                to=manifest.address_of(prepared.call.contract),
                data=encode_call(prepared.call),
            )
        )
        return Attempt(
            operation_id=prepared.ready.operation.id,
            number=prepared.ready.attempts + 1,
            chain_id=manifest.chain_id,
            account=self._account,
            nonce=nonce,
            raw=signed.raw,
            tx_hash=signed.tx_hash,
            gas=prepared.gas,
            state=AttemptState.LIVE,
            created_at=self._clock(),
        )

    async def _fill_gaps(self, signer: Signer, used: int) -> None:
        """Where the chain lost transactions of others in this lane, those behind them would wait
        for ever. A transaction that does nothing takes the place; its bytes are always the same.
        """
        async with self._database.reading() as connection:
            signed = await self._rows(connection).nonces_from(used)
        missing = sorted(set(range(used, max(signed, default=used))) - set(signed))
        if missing:
            _log.warning("gap in a lane filled", account=self._account, nonces=missing)
            await self._chain.send([self._filler(signer, nonce) for nonce in missing[:_IN_FLIGHT]])

    def _filler(self, signer: Signer, nonce: int) -> bytes:
        return signer.sign(
            LegacyTransaction(
                chain_id=self._chain.manifest.chain_id,
                nonce=nonce,
                gas_price=self._settings.gas_price,
                gas=_FILLER_GAS,
                to=self._account,
            )
        ).raw

    async def _send(self, used: int) -> bool:
        """Send what is live and was not sent lately, as it was signed. False: there is more."""
        sent_before = self._clock() - self._settings.send_again_after
        async with self._database.reading() as connection:
            due = await self._rows(connection).due(used, sent_before, _IN_FLIGHT)
        if not due:
            return True
        answers = await self._chain.send([attempt.raw for attempt in due])
        self._moments.reached("operation.sent")
        refusals = {attempt.tx_hash: answer for attempt, answer in zip(due, answers, strict=True)}
        for tx_hash, refusal in refusals.items():
            if refusal is not None:
                _log.warning("transaction not taken", transaction=tx_hash, detail=refusal)
        async with self._database.writing() as connection:
            await self._rows(connection).mark_sent(refusals, self._clock())
        self._sent()
        return len(due) < _IN_FLIGHT

    def _rows(self, connection: AsyncConnection) -> LaneRows:
        return LaneRows(connection, chain_id=self._chain.manifest.chain_id, account=self._account)
