"""Brings parcels to other nodes: one worker, one line of work a recipient, until a receipt is back.

The courier keeps nothing in memory that SQL has not: it can be stopped between any two steps.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import timedelta
from typing import Final

import httpx
import structlog

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parcels import MEDIA_TYPE, ParcelStatus
from tidan_node.exchange import problems as waits
from tidan_node.exchange.preparing import Ready, prepared
from tidan_node.exchange.receipts import Receipt, believed
from tidan_node.exchange.repository import Ending, Outgoing, OutgoingParcels, pause_after
from tidan_node.exchange.signatures import key_id, sign
from tidan_node.exchange.wire import post
from tidan_node.problems import Problem
from tidan_node.records.problems import NothingIndexed
from tidan_node.trail.trail import SYSTEM, Trail
from tidan_node.web.logging import what_failed
from tidan_node.web.state import NodeState

GIVES_UP_AFTER: Final = timedelta(days=30)
_LOOKS_AGAIN_AFTER: Final = timedelta(seconds=30)
_LONGEST_REST: Final = 5.0
_SHORTEST_REST: Final = 0.05

HERE: Final = frozenset(
    {
        waits.OperationUnderWay.slug,
        waits.RecordNotOnChain.slug,
        waits.ContentNotHeld.slug,
        waits.RecipientSuspended.slug,
        NothingIndexed.slug,
    }
)
"""What this node itself waits for: nothing was tried, and the next block may bring it."""

USUAL: Final = HERE - {waits.RecipientSuspended.slug} | {waits.RecordNotSeenYet.slug}
"""Waiting for a chain is no event that a trail would have to tell of."""

_log = structlog.stdlib.get_logger(__name__)


class Courier:
    """Looks after the outbox whenever it is woken: by a commit, by a block, or by time."""

    def __init__(
        self,
        node: NodeState,
        client: httpx.AsyncClient,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._node = node
        self._client = client
        self._chance = chance
        self._awake = asyncio.Event()
        self._blocks = 1
        self._looked_at = 0

    def wake(self) -> None:
        """Something may have been posted."""
        self._awake.set()

    def blocks_read(self) -> None:
        """What waited for the chain may be ready."""
        self._blocks += 1
        self._awake.set()

    async def run(self) -> None:
        """Work until cancelled. Nobody waits for another recipient's parcels."""
        lines: dict[PartyIndex, asyncio.Task[None]] = {}
        try:
            while True:
                for recipient in await self.recipients_due() - lines.keys():
                    task = asyncio.create_task(self.deliver_to(recipient))
                    task.add_done_callback(lambda _: self.wake())
                    lines[recipient] = task
                await self._rest(lines.keys())
                for recipient in [each for each, task in lines.items() if task.done()]:
                    lines.pop(recipient).result()
        finally:
            for task in lines.values():
                task.cancel()
            await asyncio.gather(*lines.values(), return_exceptions=True)

    async def recipients_due(self) -> set[PartyIndex]:
        """Whom something is to be sent to now."""
        await self._look_again()
        async with self._node.database.reading() as connection:
            return await OutgoingParcels(connection).recipients_due(self._node.clock())

    async def deliver_to(self, recipient: PartyIndex) -> None:
        """Try every parcel to this party that is due, one after another."""
        while True:
            async with self._node.database.reading() as connection:
                due = OutgoingParcels(connection)
                parcel = await due.first_due(recipient, self._node.clock())
            if parcel is None:
                return
            await self._attempt(parcel)

    async def _attempt(self, parcel: Outgoing) -> None:
        if self._node.clock() - parcel.posted.created_at >= GIVES_UP_AFTER:
            ending = Ending(ParcelStatus.EXPIRED, parcel.problem)
            await self._end(parcel, ending, attempts=parcel.attempts)
            return
        blocks = self._blocks
        try:
            ready = await prepared(self._node, parcel)
            receipt, statement = await self._send(ready)
        except (waits.OperationWithoutEffect, waits.RecipientNotConcerned) as problem:
            ending = Ending(ParcelStatus.EXPIRED, problem.slug)
            await self._end(parcel, ending, attempts=parcel.attempts)
        except Problem as problem:
            await self._delay(parcel, problem, blocks)
        except Exception as error:  # tried again later, and no parcel holds up another
            _log.error("parcel failed", parcel=parcel.parcel_id, **what_failed(error))
            await self._delay(parcel, Problem("unexpected"), blocks)
        else:
            delivered = receipt.outcome == "received"
            status = ParcelStatus.DELIVERED if delivered else ParcelStatus.REFUSED
            ending = Ending(status, receipt.problem, receipt.rule, statement)
            await self._end(parcel, ending, attempts=parcel.attempts + 1)

    async def _send(self, ready: Ready) -> tuple[Receipt, str]:
        """The receipt that the recipient has signed; whatever else came back is a Problem."""
        envelope, body = ready.envelope, ready.sealed.body
        headers = sign(
            ready.keys,
            key_id(envelope.chain_id, envelope.sender),
            url=ready.way.url,
            content_type=MEDIA_TYPE,
            body=body,
        )
        answer = await post(
            self._client,
            ready.way.url,
            certificates=ready.way.certificates,
            body=body,
            headers=headers,
        )
        self._node.checkpoints.reached("parcel.sent")
        if answer.receipt is None:
            raise _NoReceipt(answer.problem, answer.retry_after)
        receipt = believed(answer.receipt, ready.way.signing_key, envelope, ready.sealed.digest)
        return receipt, answer.receipt

    async def _end(self, parcel: Outgoing, ending: Ending, *, attempts: int) -> None:
        node, posted = self._node, parcel.posted
        why = {"problem": ending.problem, "rule": ending.rule} if ending.problem else {}
        detail = {"parcel": posted.parcel_id, "recipient": int(posted.recipient)} | why
        async with node.database.writing() as connection:
            parcels = OutgoingParcels(connection)
            if await parcels.end(posted.parcel_id, ending, attempts=attempts, at=node.clock()):
                act = f"parcel.{ending.status}"
                await Trail(connection).append(SYSTEM, act, posted.record_id, detail)
            node.checkpoints.reached("parcel.delivered.before-commit")
        _log.info("parcel ended", parcel=posted.parcel_id, status=ending.status)
        node.committed()

    async def _delay(self, parcel: Outgoing, problem: Problem, blocks: int) -> None:
        node, posted = self._node, parcel.posted
        slug = problem.told if isinstance(problem, _NoReceipt) else problem.slug
        attempts = parcel.attempts + (slug not in HERE)
        at = node.clock()
        if slug not in HERE or blocks == self._blocks:  # else it may have come meanwhile
            at += self._pause(parcel, problem, slug)
        async with node.database.writing() as connection:
            parcels = OutgoingParcels(connection)
            await parcels.delay(posted.parcel_id, slug, attempts=attempts, at=at)
            if slug not in USUAL and slug != parcel.problem:
                detail = {
                    "parcel": posted.parcel_id,
                    "recipient": int(posted.recipient),
                    "problem": slug,
                }
                await Trail(connection).append(SYSTEM, "parcel.delayed", posted.record_id, detail)
        _log.info("parcel waits", parcel=posted.parcel_id, problem=slug, attempts=attempts)

    def _pause(self, parcel: Outgoing, problem: Problem, slug: str) -> timedelta:
        if slug in HERE:
            return _LOOKS_AGAIN_AFTER
        pause = pause_after(parcel.attempts, self._chance())
        wished = problem.retry_after if isinstance(problem, _NoReceipt) else 0.0
        return max(pause, timedelta(seconds=wished))

    async def _look_again(self) -> None:
        """After a block, what waited for the chain is due."""
        if self._looked_at == self._blocks:
            return
        self._looked_at = self._blocks
        now = self._node.clock()
        async with self._node.database.reading() as connection:
            if not await OutgoingParcels(connection).is_waiting_for(HERE):
                return
        async with self._node.database.writing() as connection:
            await OutgoingParcels(connection).make_due(HERE, now)

    async def _rest(self, busy: Collection[PartyIndex]) -> None:
        """Until somebody calls, or the next attempt is due of those whom nobody is busy with."""
        async with self._node.database.reading() as connection:
            due = await OutgoingParcels(connection).next_due(busy)
        pause = _LONGEST_REST
        if due is not None:
            pause = (due - self._node.clock()).total_seconds()
        with suppress(TimeoutError):
            async with asyncio.timeout(min(max(pause, _SHORTEST_REST), _LONGEST_REST)):
                await self._awake.wait()
        self._awake.clear()


class _NoReceipt(Problem):
    """An answer that ends nothing, and what it said."""

    status, slug, title = 502, "no-receipt", "The answer was no receipt"

    def __init__(self, told: str, retry_after: float) -> None:
        super().__init__(told)
        self.told = told
        self.retry_after = retry_after
