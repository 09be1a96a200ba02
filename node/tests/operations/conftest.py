"""Operations on a chain in memory: everything is real but the chain and the clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.databases import databases
from tests.fake_chain import FakeChain, anchor
from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.domain.identifiers import Address, OperationId
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.follower import Follower, FollowerSettings
from tidan_node.indexer.told import ToldTransactions
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.signer import LegacyTransaction, LocalSigner
from tidan_node.operations.dispatcher import Dispatcher, DispatcherSettings
from tidan_node.operations.endings import OperationEndings
from tidan_node.operations.handlers import OperationHandler
from tidan_node.operations.lane import LaneSettings
from tidan_node.operations.operation import Attempt, AttemptState, Operation, OperationStatus
from tidan_node.operations.repository import operation_of
from tidan_node.operations.service import Operations
from tidan_node.operations.tables import attempts, operations
from tidan_node.problems import InvalidInput
from tidan_node.storage.database import Database


class AnchorHandler:
    """Anchors the number of the intent."""

    kind = "test.anchor"

    def call(self, intent: Mapping[str, object]) -> Call:
        up_to = intent["upTo"]
        if not isinstance(up_to, int):
            raise InvalidInput("must be a number", field="upTo")
        return anchor(up_to)


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime(2026, 5, 1, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Desk:
    """A node's write side and read side, driven step by step."""

    database: Database
    chain: FakeChain
    clock: Clock = field(default_factory=Clock)
    signer: LocalSigner = field(default_factory=lambda: LocalSigner(b"\x11" * 32))
    in_flight: int = 100
    gas_price: int = 0
    more_signers: tuple[LocalSigner, ...] = ()
    former: set[Address] = field(default_factory=set)
    """Accounts that do not act for the party any more."""
    depth: int = 0
    handlers: Sequence[OperationHandler] = (AnchorHandler(),)
    progressed: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.operations = self.new_operations()
        self.restart()

    def new_operations(self) -> Operations:
        return Operations(chain_id=self.chain.manifest.chain_id, clock=self.clock)

    def restart(self, checkpoints: Checkpoints | None = None) -> None:
        """A new process on the same database."""
        chain_id = self.chain.manifest.chain_id
        self.follower = Follower(
            database=self.database,
            chain=self.chain,
            projections=[OperationEndings(self.clock)],
            settings=FollowerSettings(chain_id, finality_depth=self.depth),
            checkpoints=checkpoints,
            progressed=self._progress,
        )
        self.dispatcher = Dispatcher(
            database=self.database,
            chain=self.chain,
            indexed=Checkpoint(chain_id),
            handlers=self.handlers,
            signers=[self.signer, *self.more_signers],
            settings=DispatcherSettings(
                LaneSettings(in_flight=self.in_flight, gas_price=self.gas_price)
            ),
            may_sign=self._may_sign,
            told=ToldTransactions(chain_id),
            checkpoints=checkpoints,
            sent=self.follower.wake,
            clock=self.clock,
        )

    async def _may_sign(self, _: AsyncConnection, account: Address) -> bool:
        return account not in self.former

    def _progress(self) -> None:
        self.progressed()

    async def ask(
        self, up_to: object, target: str | None = None, deadline: datetime | None = None
    ) -> OperationId:
        """An operation, committed."""
        async with self.database.writing() as connection:
            operation = await self.operations.enqueue(
                connection,
                kind="test.anchor",
                target=target or f"trail:{up_to}",
                intent={"upTo": up_to},
                deadline=deadline,
            )
        return operation.id

    async def round(self) -> None:
        """What there is to read is read, what can be done is done, and what came of it is read."""
        await self.follower.catch_up()
        while await self.dispatcher.step():
            pass
        await self.follower.catch_up()

    async def operation(self, operation_id: OperationId) -> Operation:
        async with self.database.reading() as connection:
            return await self.operations.by_id(connection, operation_id)

    async def page(self) -> list[Operation]:
        """All operations, newest first."""
        async with self.database.reading() as connection:
            return await self.operations.page(connection, limit=1_000)

    async def status(self, operation_id: OperationId) -> OperationStatus:
        return (await self.operation(operation_id)).status

    async def statuses(self) -> list[OperationStatus]:
        """Of all operations, oldest first."""
        async with self.database.reading() as connection:
            rows = await connection.execute(select(operations).order_by(operations.c.id))
            return [operation_of(row).status for row in rows]

    async def attempts(self, operation_id: OperationId) -> list[Attempt]:
        async with self.database.reading() as connection:
            rows = await connection.execute(
                select(attempts)
                .where(attempts.c.operation_id == operation_id)
                .order_by(attempts.c.number)
            )
            return [Attempt(**{**row._mapping, "state": AttemptState(row.state)}) for row in rows]

    async def run_until(self, status: OperationStatus, operation_id: OperationId) -> None:
        """Both workers as a node runs them, until the operation stands there."""
        progressed = asyncio.Event()

        def progress() -> None:
            self.dispatcher.wake()
            progressed.set()

        self.progressed = progress
        workers = [
            asyncio.create_task(self.follower.run()),
            asyncio.create_task(self.dispatcher.run()),
        ]
        try:
            async with asyncio.timeout(20):
                while await self.status(operation_id) is not status:
                    await progressed.wait()
                    progressed.clear()
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    def foreign(
        self, nonce: int, up_to: int | None = None, signer: LocalSigner | None = None
    ) -> bytes:
        """A transaction that somebody else makes, with the same key or with another."""
        return (
            (signer or self.signer)
            .sign(
                LegacyTransaction(
                    chain_id=self.chain.manifest.chain_id,
                    nonce=nonce,
                    gas_price=0,
                    gas=77_777,
                    to=self.chain.manifest.address_of("TrailAnchor"),
                    data=b"" if up_to is None else encode_call(anchor(up_to)),
                )
            )
            .raw
        )


@pytest.fixture
async def fresh_desk(sql: str, tmp_path: Path) -> AsyncIterator[Callable[[], Awaitable[Desk]]]:
    """Makes desks, each with a database and a chain of its own."""
    opened: list[Database] = []

    async def make() -> Desk:
        database = databases.opened(tmp_path / f"node-{len(opened)}.db")
        opened.append(database)
        chain = FakeChain()
        chain.mine()  # there is a final block that can be read
        return Desk(database, chain)

    yield make
    for database in opened:
        await database.close()


@pytest.fixture
async def desk(fresh_desk: Callable[[], Awaitable[Desk]]) -> Desk:
    return await fresh_desk()
