"""One account's way to the chain: operations in, signed transactions out, one nonce after another.

What a lane does next follows from SQL and the chain alone, so that it can be stopped between any
two steps. All that it keeps in memory is at which block it last found that nothing is to be done.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.domain.identifiers import Address
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.signer import LegacyTransaction, Signer
from tidan_node.operations.chain import Chain, IndexedBlocks
from tidan_node.operations.former_accounts import FormerAccount
from tidan_node.operations.gas_limits import GasLimits
from tidan_node.operations.handlers import OperationHandler
from tidan_node.operations.lane_rows import LaneRows, Ready, Refusal
from tidan_node.operations.operation import Attempt, AttemptState
from tidan_node.operations.preflight import Preflight, Prepared, Refused
from tidan_node.operations.resigning import Resigning, filler
from tidan_node.operations.settling import Settling
from tidan_node.operations.stuck import IN_NO_BLOCK
from tidan_node.operations.taking import are_free, give_up, take
from tidan_node.storage.database import Database
from tidan_node.storage.locks import hold

_log = structlog.stdlib.get_logger(__name__)

_AT_ONCE: Final = 100
"""How many are signed in one commit, and leave in one batch."""

MaySign = Callable[[AsyncConnection, Address], Awaitable[bool]]
"""Whether an account acts for the node's party, as far as the chain has been read."""


@dataclass(frozen=True, slots=True)
class LaneSettings:
    """What transactions pay, how many wait, and how long until one is sent again."""

    gas_price: int = 0
    in_flight: int = 400
    """How many signed transactions of a lane wait for their blocks, at most."""
    send_again_after: timedelta = timedelta(seconds=3)
    stuck_after: timedelta = timedelta(seconds=60)
    """How long a transaction may be in no block before that is told."""


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
        limits: GasLimits,
        may_sign: MaySign | None = None,
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
        self._may_sign = may_sign
        self._account = signer.address
        self._settings = settings
        self._moments = checkpoints
        self._sent = sent
        self._quiet_at: BlockRef | None = None
        self._clock = clock
        self._preflight = Preflight(chain, handlers, signer.address, limits)
        self._settling = Settling(
            database=database, chain=chain, indexed=indexed, handlers=handlers, clock=clock
        )
        self._resigning = None
        if not isinstance(signer, FormerAccount):
            self._resigning = Resigning(
                database=database,
                signer=signer,
                chain=chain,
                limits=limits,
                gas_price=settings.gas_price,
                checkpoints=checkpoints,
                clock=clock,
            )

    async def take_over(self) -> None:
        """What a former process sent may have been lost since: it is due at once."""
        if self._resigning is not None:
            self._resigning.take_over()
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
            await self._give_up()
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

    async def _give_up(self) -> None:
        """Leave what is not signed to the lanes that can."""
        chain_id, now = self._chain.manifest.chain_id, self._clock()
        async with self._database.writing() as connection:
            await give_up(connection, self._account, chain_id=chain_id, now=now)

    async def _sign(self, signer: Signer, used: int, cursor: BlockRef) -> bool:
        """Sign for what is ready; the bytes are committed before anybody sees them.

        False: there is more to sign at once.
        """
        ready = await self._take()
        outcomes = await self._preflight.try_out(ready)
        refused = [each for each in outcomes if isinstance(each, Refused)]
        prepared = [each for each in outcomes if isinstance(each, Prepared)]
        if not outcomes or (refused and not await self._holds(cursor)):
            return True
        async with self._database.writing() as connection:
            # Another process may believe that it is at work, and have signed for some of them.
            await hold(connection, f"lane {self._account}")
            rows, now = self._rows(connection), self._clock()
            claimed = await rows.claim([each.ready.operation.id for each in outcomes], now)
            for each in refused:
                if each.ready.operation.id in claimed:
                    await rows.fail(each.ready.operation.id, each.problem, now)
            nonce = max(used, await rows.highest_nonce() + 1)
            signed = [
                self._attempt(signer, each, nonce + place)
                for place, each in enumerate(
                    each for each in prepared if each.ready.operation.id in claimed
                )
            ]
            if signed:
                await rows.start(signed)
        if signed:
            self._moments.reached("operation.signed")
        return len(outcomes) == len(ready) < _AT_ONCE

    async def _take(self) -> list[Ready]:
        """Operations of this lane that can be signed now, as many as it has room for."""
        chain_id, kinds = self._chain.manifest.chain_id, self._handlers.keys()
        if not await self._acts():
            await self._give_up()
            return []
        async with self._database.reading() as connection:
            rows = self._rows(connection)
            room = min(_AT_ONCE, self._settings.in_flight - await rows.live_count())
            if room <= 0:
                return []
            ready = await rows.ready(kinds, room)
            if len(ready) == room or not await are_free(connection, chain_id):
                return ready
        async with self._database.writing() as connection:
            more = room - len(ready)
            await take(connection, self._account, chain_id=chain_id, kinds=kinds, limit=more)
            return await self._rows(connection).ready(kinds, room)

    async def _acts(self) -> bool:
        """Whether the account may sign for the party now; the node's own is always tried."""
        if self._may_sign is None:
            return True
        async with self._database.reading() as connection:
            return await self._may_sign(connection, self._account)

    def _attempt(self, signer: Signer, prepared: Prepared, nonce: int) -> Attempt:
        manifest = self._chain.manifest
        signed = signer.sign(
            LegacyTransaction(
                chain_id=manifest.chain_id,
                nonce=nonce,
                gas_price=self._settings.gas_price,
                gas=prepared.gas,
                to=manifest.address_of(prepared.call.contract),
                data=prepared.data,
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
            await self._chain.send([self._filler(signer, nonce) for nonce in missing[:_AT_ONCE]])

    def _filler(self, signer: Signer, nonce: int) -> bytes:
        chain_id, price = self._chain.manifest.chain_id, self._settings.gas_price
        return signer.sign(filler(signer.address, nonce, chain_id=chain_id, gas_price=price)).raw

    async def _send(self, used: int) -> bool:
        """Send what is live and was not sent lately, as it was signed. False: there is more."""
        sent_before = self._clock() - self._settings.send_again_after
        async with self._database.reading() as connection:
            due = await self._rows(connection).due(used, sent_before, _AT_ONCE)
        if not due:
            return True
        if self._resigning is not None and await self._resigning.replace(due):
            return False
        answers = await self._chain.send([attempt.raw for attempt in due])
        self._moments.reached("operation.sent")
        refusals = {
            attempt.tx_hash: self._refusal(attempt, answer)
            for attempt, answer in zip(due, answers, strict=True)
        }
        async with self._database.writing() as connection:
            await self._rows(connection).mark_sent(refusals, self._clock())
        self._sent()
        return len(due) < _AT_ONCE

    def _refusal(self, attempt: Attempt, answer: str | None) -> Refusal | None:
        """Why no block holds the transaction: it was refused, or nobody wants it."""
        now = self._clock()
        if answer is not None:
            _log.warning("transaction not taken", transaction=attempt.tx_hash, detail=answer)
            return Refusal(answer, attempt.refused_since or now)
        if now - attempt.created_at < self._settings.stuck_after:
            return None
        return Refusal(IN_NO_BLOCK, attempt.created_at)

    def _rows(self, connection: AsyncConnection) -> LaneRows:
        return LaneRows(connection, chain_id=self._chain.manifest.chain_id, account=self._account)
