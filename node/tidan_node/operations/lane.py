"""One account's way to the chain: operations in, signed transactions out, one nonce after another.

What a lane does next follows from SQL and the chain alone, so that it can be stopped between any
two steps. All that it keeps in memory is at which block it last looked at everything, and when.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.signer import LegacyTransaction, Signer
from tidan_node.operations.chain import Chain, IndexedBlocks
from tidan_node.operations.former_accounts import FormerAccount
from tidan_node.operations.gas_limits import GasLimits
from tidan_node.operations.handlers import OperationHandler
from tidan_node.operations.intake import AT_ONCE, Intake, MaySign
from tidan_node.operations.lane_looks import LaneLooks
from tidan_node.operations.lane_rows import LaneRows, Refusal
from tidan_node.operations.operation import Attempt, AttemptState
from tidan_node.operations.preflight import Preflight, Prepared, Refused
from tidan_node.operations.recognising import Known
from tidan_node.operations.resigning import Resigning, filler
from tidan_node.operations.sending import Sending
from tidan_node.operations.settling import Settling
from tidan_node.operations.stuck import IN_NO_BLOCK, is_used_up
from tidan_node.storage.database import Database
from tidan_node.storage.locks import hold

_log = structlog.stdlib.get_logger(__name__)

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LaneSettings:
    """What transactions pay, how many wait, and how long until one is sent again."""

    gas_price: int = 0
    in_flight: int = 400
    """How many signed transactions of a lane are in no block yet, at most."""
    send_again_after: timedelta = timedelta(seconds=3)
    """How long a lane stands still until what was sent is sent again."""
    look_again_after: timedelta = timedelta(seconds=5)
    """How long until everything is looked at once more, whatever a glance has shown."""
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
        all_known: Known,
        settings: LaneSettings,
        checkpoints: Checkpoints,
        sent: Callable[[], None],
        clock: Callable[[], datetime],
        turn: asyncio.Lock,
    ) -> None:
        self._database = database
        self._chain = chain
        self._indexed = indexed
        self._handlers = handlers
        self._signer = signer
        self._all_known = all_known
        self._account = signer.address
        self._settings = settings
        self._moments = checkpoints
        self._sent = sent
        self._looked_at: BlockRef | None = None
        self._look_by = _LONG_AGO
        self._clock = clock
        self._looks = LaneLooks(chain.manifest.chain_id, self._account, settings.in_flight)
        self._sending = Sending(settings.send_again_after)
        self._intake = Intake(
            database=database,
            indexed=indexed,
            looks=self._looks,
            sending=self._sending,
            kinds=handlers.keys(),
            turn=turn,
            clock=clock,
            may_sign=may_sign,
            is_former=isinstance(signer, FormerAccount),
        )
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
        self._looked_at, self._look_by = None, _LONG_AGO
        async with self._database.writing() as connection:
            await self._rows(connection).distrust_sends()

    async def step(self) -> bool:
        """Do all that can be done now. True: there is more of it."""
        now = self._clock()
        thorough = now >= self._look_by
        cursor, seen = await self._intake.look(now)
        may_sign = thorough or seen.unsigned > 0
        rests = seen.is_idle or not (may_sign or seen.is_due)
        if cursor is None or (rests and cursor == self._looked_at):
            return False
        return await self._carry_on(cursor, now, may_sign=may_sign)

    async def _carry_on(self, cursor: BlockRef, now: datetime, *, may_sign: bool) -> bool:
        """What the chain is asked for. `may_sign`: there may be something to sign for."""
        nonces = await self._chain.nonces(self._account, cursor.number)
        if nonces.block != cursor:
            # The chain has gone another way, and the indexer is about to follow. Until it has,
            # nothing is sent, and nothing ends by what may be said about another past.
            return False
        used = nonces.used
        has_room = self._sending.see(used, now)
        async with self._database.reading() as connection:
            has = await self._looks.held(connection, nonces)
        if has.lost:
            await self._reopen(used)
        over = has.over and await self._settling.settle(self._account, cursor, nonces.by_then or 0)
        if isinstance(self._signer, FormerAccount):
            await self._intake.give_up()
            signed_all = True
        else:
            may_sign = may_sign or has.lost or over
            signed_all = not may_sign or await self._sign(self._signer, used, cursor)
            if has.gaps:
                await self._fill_gaps(self._signer, used)
        sent_all = await self._send()
        # A block that the chain loses changes the cursor, and with it this look is out of date;
        # what was settled may have been in the way of others.
        self._looked_at = None if over else cursor
        self._look_by = now + self._settings.look_again_after
        return over or has_room or not (signed_all and sent_all)

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

    async def _sign(self, signer: Signer, used: int, cursor: BlockRef) -> bool:
        """Sign for what is ready; the bytes are committed before anybody sees them.

        False: there is more to sign at once.
        """
        ready = await self._intake.ready()
        if not await self._all_known(ready):
            return True
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
        return len(outcomes) == len(ready) < AT_ONCE

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
            await self._chain.send([self._filler(signer, nonce) for nonce in missing[:AT_ONCE]])

    def _filler(self, signer: Signer, nonce: int) -> bytes:
        chain_id, price = self._chain.manifest.chain_id, self._settings.gas_price
        return signer.sign(filler(signer.address, nonce, chain_id=chain_id, gas_price=price)).raw

    async def _send(self) -> bool:
        """Send what is live and due, as it was signed. False: there is more."""
        async with self._database.reading() as connection:
            due = await self._rows(connection).due(self._sending, self._clock(), AT_ONCE)
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
        return len(due) < AT_ONCE

    def _refusal(self, attempt: Attempt, answer: str | None) -> Refusal | None:
        """Why no block holds the transaction: it was refused, or nobody wants it."""
        now = self._clock()
        if answer is not None and is_used_up(answer):
            return None  # a final block shows by which transaction
        if answer is not None:
            _log.warning("transaction not taken", transaction=attempt.tx_hash, detail=answer)
            return Refusal(answer, attempt.refused_since or now)
        if now - attempt.created_at < self._settings.stuck_after:
            return None
        return Refusal(IN_NO_BLOCK, attempt.created_at)

    def _rows(self, connection: AsyncConnection) -> LaneRows:
        return LaneRows(connection, chain_id=self._chain.manifest.chain_id, account=self._account)
