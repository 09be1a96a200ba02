"""Transactions of the node's own accounts that its database does not know, found on the chain.

A database that was restored is older than the chain: what it holds as not signed, or as signed in
vain, may have taken effect by a transaction that was signed after the backup. Signing for it anew
would do it twice. So before anything is signed where nonces were used in an unknown way, the
transactions behind them are looked up, and each operation whose very call one of them made is
ended by it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import structlog
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address, OperationId, TxHash
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.signed import SentTransaction
from tidan_node.operations.chain import Chain, IndexedBlocks
from tidan_node.operations.handlers import OperationHandler
from tidan_node.operations.lane_rows import Ready
from tidan_node.operations.operation import AttemptState, Operation, OperationStatus
from tidan_node.operations.repository import UNFINISHED, operation_of
from tidan_node.operations.tables import attempts, operations
from tidan_node.storage.database import Database

_log = structlog.stdlib.get_logger(__name__)

_AT_ONCE: Final = 100
_NAMED: Final = 20
"""So many transactions that nothing here asked for are named in one line of the log."""


class Told(Protocol):
    """Which transactions told the events that the node has read."""

    async def since(
        self, connection: AsyncConnection, block: int
    ) -> list[tuple[TxHash, int, int]]: ...


Known = Callable[[Sequence[Ready]], Awaitable[bool]]


async def nothing_unknown(_: Sequence[Ready]) -> bool:
    """Where nobody can tell what else was signed."""
    return True


@dataclass(frozen=True, slots=True)
class Found:
    """A transaction of one of the accounts, and where its first event is."""

    sent: SentTransaction
    block: int
    log: int


class Recognising:
    """Ends operations by transactions that another life of the node's database has signed."""

    def __init__(
        self,
        *,
        database: Database,
        chain: Chain,
        indexed: IndexedBlocks,
        told: Told,
        handlers: Mapping[str, OperationHandler],
        accounts: Collection[Address],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._chain = chain
        self._chain_id = chain.manifest.chain_id
        self._indexed = indexed
        self._told = told
        self._handlers = handlers
        self._accounts = list(accounts)
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._looked = True
        self._waiting: list[Address] = []

    def doubt(self) -> None:
        """A process before this one, or an older database, may have left something."""
        self._looked = False

    async def settled(self) -> bool:
        """Whether all is known that was signed here before; False: ask again after some blocks."""
        async with self._one_at_a_time:
            self._looked = self._looked or await self.look()
            return self._looked

    async def all_known(self, ready: Sequence[Ready]) -> bool:
        """Whether no transaction that the database does not know has done what was signed in vain;
        an operation that one has done is ended, and no lane's any more."""
        return all(each.attempts == each.exhausted for each in ready) or await self.look()

    async def look(self) -> bool:
        """Look once. False: not all blocks that matter are final, and read, yet."""
        async with self._database.reading() as connection:
            unfinished = await self._unfinished(connection)
            cursor = await self._indexed.cursor(connection)
        if not unfinished:
            return True
        if await self._wait_in_the_pool():
            return False
        used = {each: await self._chain.transaction_count(each) for each in self._accounts}
        unknown = {each: await self._first_unknown(each, used[each]) for each in self._accounts}
        doubtful = {each: nonce for each, nonce in unknown.items() if nonce is not None}
        if not doubtful:
            return True
        if cursor is None or await self._chain.block(cursor.number) != cursor:
            return False
        for account in doubtful:
            if await self._chain.transaction_count(account, cursor.number) < used[account]:
                return False
        found = await self._strangers(doubtful)
        return await self._take_in(found, unfinished, cursor)

    async def _wait_in_the_pool(self) -> bool:
        """Whether the chain's node holds transactions that the database does not know, and no block
        does yet: nobody can tell what they are, until one does or they are dropped."""
        waiting: list[Address] = []
        for account in self._accounts:
            following = await self._chain.next_nonce(account)  # first: what is known only grows
            used = await self._chain.transaction_count(account)
            if following > max(used, await self._highest(account) + 1):
                waiting.append(account)
        if waiting != self._waiting:
            self._waiting = waiting
            if waiting:
                _log.warning("unknown transactions in the pool of the chain", accounts=waiting)
        return bool(waiting)

    async def _highest(self, account: Address) -> int:
        """The highest nonce that the database knows of, or -1."""
        own = (attempts.c.chain_id == self._chain_id) & (attempts.c.account == account)
        async with self._database.reading() as connection:
            highest = await connection.scalar(select(func.max(attempts.c.nonce)).where(own))
        return -1 if highest is None else highest

    async def _unfinished(self, connection: AsyncConnection) -> list[Operation]:
        rows = await connection.execute(
            select(operations)
            .where(operations.c.chain_id == self._chain_id, operations.c.status.in_(UNFINISHED))
            .order_by(operations.c.id)
        )
        return [operation_of(row) for row in rows]

    async def _first_unknown(self, account: Address, used: int) -> int | None:
        """The lowest nonce that the chain has used, and of which the database does not know how."""
        own = (attempts.c.chain_id == self._chain_id) & (attempts.c.account == account)
        included = attempts.alias("included")
        explained = (
            select(included.c.nonce)
            .where(
                included.c.chain_id == self._chain_id,
                included.c.account == account,
                included.c.state == AttemptState.INCLUDED,
            )
            .scalar_subquery()
        )
        async with self._database.reading() as connection:
            open_or_spent = await connection.execute(
                select(attempts.c.nonce, attempts.c.tx_hash)
                .join(operations, operations.c.id == attempts.c.operation_id)
                .where(
                    own,
                    attempts.c.nonce < used,
                    attempts.c.nonce.not_in(explained),
                    operations.c.status.in_(UNFINISHED),
                )
                .order_by(attempts.c.nonce)
            )
            rows = list(open_or_spent)
        receipts = await self._chain.receipts([row.tx_hash for row in rows])
        held = {row.nonce for row, receipt in zip(rows, receipts, strict=True) if receipt}
        lost = [row.nonce for row in rows if row.nonce not in held]
        above = await self._highest(account) + 1
        return min([*lost, *([above] if above < used else [])], default=None)

    async def _strangers(self, doubtful: Mapping[Address, int]) -> list[Found]:
        """Of these accounts the transactions with events, from these nonces on, that the database
        does not know. Those before them were there before what is asked for now."""
        async with self._database.reading() as connection:
            floors = [await self._floor(connection, *each) for each in doubtful.items()]
            told = await self._told.since(connection, min(floors))
            places = {tx_hash: (block, log) for tx_hash, block, log in told}
            hashes = list(places)
            for start in range(0, len(hashes), _AT_ONCE):
                known = await connection.scalars(
                    select(attempts.c.tx_hash).where(
                        attempts.c.tx_hash.in_(hashes[start : start + _AT_ONCE])
                    )
                )
                for each in known:
                    del places[TxHash(each)]
        sent = await self._chain.transactions(list(places))
        return [
            Found(each, *places[each.tx_hash])
            for each in sent
            if each is not None and each.nonce >= doubtful.get(each.sender, each.nonce + 1)
        ]

    async def _floor(self, connection: AsyncConnection, account: Address, nonce: int) -> int:
        """A block before which no transaction of the account has this nonce or a higher one."""
        before = await connection.scalar(
            select(operations.c.result)
            .join(attempts, attempts.c.operation_id == operations.c.id)
            .where(
                attempts.c.chain_id == self._chain_id,
                attempts.c.account == account,
                attempts.c.nonce < nonce,
                attempts.c.state == AttemptState.INCLUDED,
                operations.c.status == OperationStatus.SUCCEEDED,
            )
            .order_by(attempts.c.nonce.desc())
            .limit(1)
        )
        return 0 if before is None else int(before["blockNumber"])

    async def _take_in(
        self, found: Sequence[Found], unfinished: Sequence[Operation], cursor: BlockRef
    ) -> bool:
        wanted: dict[tuple[Address, bytes], list[OperationId]] = {}
        for operation in unfinished:
            handler = self._handlers.get(operation.kind)
            if handler is not None:
                call = handler.call(operation.intent)
                place = self._chain.manifest.address_of(call.contract)
                wanted.setdefault((place, encode_call(call)), []).append(operation.id)
        async with self._database.writing() as connection:
            if await self._indexed.hash_at(connection, cursor.number, lock=True) != cursor.hash:
                return False
            strangers: list[str] = []
            for each in found:
                asked = wanted.get((each.sent.to, each.sent.data))
                if asked:
                    await self._end(connection, asked.pop(0), each)
                else:
                    strangers.append(each.sent.tx_hash)
        if strangers:
            _log.warning(
                "transactions that nothing in this database asked for",
                count=len(strangers),
                transactions=strangers[:_NAMED],
            )
        return True

    async def _end(
        self, connection: AsyncConnection, operation_id: OperationId, found: Found
    ) -> None:
        sent, now = found.sent, self._clock()
        ended = await connection.execute(
            update(operations)
            .where(operations.c.id == operation_id, operations.c.status.in_(UNFINISHED))
            .values(
                status=OperationStatus.SUCCEEDED,
                account=sent.sender,
                problem=None,
                result={
                    "txHash": sent.tx_hash,
                    "blockNumber": found.block,
                    "logIndex": found.log,
                },
                updated_at=now,
            )
        )
        if ended.rowcount != 1:
            return
        last = await connection.scalar(
            select(func.max(attempts.c.number)).where(attempts.c.operation_id == operation_id)
        )
        await connection.execute(
            insert(attempts).values(
                operation_id=operation_id,
                number=(last or 0) + 1,
                chain_id=self._chain_id,
                account=sent.sender,
                nonce=sent.nonce,
                raw=sent.raw,
                tx_hash=sent.tx_hash,
                gas=sent.gas,
                state=AttemptState.INCLUDED,
                created_at=now,
            )
        )
        _log.warning(
            "operation recognised on the chain", operation=operation_id, transaction=sent.tx_hash
        )
