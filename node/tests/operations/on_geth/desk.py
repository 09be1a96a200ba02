"""A node's write and read side on a real geth, whose operator the test is."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from tests.operations.conftest import AnchorHandler, Clock
from tidan_node.domain.identifiers import Address, OperationId, PartyIndex, TxHash, to_hex
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.follower import Follower, FollowerSettings
from tidan_node.ledger.calls import Call
from tidan_node.ledger.clique import chain
from tidan_node.ledger.clique.home import Home
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.rpc import Rpc
from tidan_node.ledger.signer import LegacyTransaction, LocalSigner
from tidan_node.ledger.submission import Submitter
from tidan_node.operations.dispatcher import Dispatcher, DispatcherSettings
from tidan_node.operations.endings import OperationEndings
from tidan_node.operations.lane import LaneSettings
from tidan_node.operations.lane_rows import attempt_of
from tidan_node.operations.operation import Attempt, AttemptState, Operation, OperationStatus
from tidan_node.operations.service import Operations
from tidan_node.operations.tables import attempts
from tidan_node.problems import Problem
from tidan_node.storage.database import Database

BASE_FEE = 7
PRICE = 20
PATIENCE = 90
STUCK_AFTER = timedelta(minutes=10)


async def wait_until(so: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until it is so."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if await so():
                return
            await asyncio.sleep(0.1)


@dataclass(frozen=True)
class Geth:
    """A chain of one validator, as its operator has it."""

    home: Path

    @property
    def url(self) -> str:
        return Home(self.home).plan.validators[0].url

    @property
    def runs(self) -> bool:
        return chain.running_url(self.home) is not None

    async def stop_sealing(self) -> None:
        """What is sent from now on stays in the pool."""
        self._tell("miner_stop")

        async def stands() -> bool:
            return not self._tell("eth_mining")

        await wait_until(stands)

    def go_on_sealing(self) -> None:
        self._tell("miner_start")

    def want(self, gas_price: int) -> None:
        """The least that the validator takes from now on."""
        self._tell("miner_setGasPrice", hex(gas_price))

    def knows(self, tx_hash: TxHash) -> bool:
        """Whether a block or the pool has this transaction."""
        return self._tell("eth_getTransactionByHash", tx_hash) is not None

    def kill(self) -> None:
        """`kill -9`; with it goes its pool, of which it keeps no journal."""
        pid = chain.status_of_validator(self.home, 1)["pid"]
        os.kill(pid, signal.SIGKILL)
        chain.validator_of(Home(self.home), 1).wait_until_stopped()

    def start(self) -> None:
        chain.start(self.home, chain.Wanted())

    def _tell(self, method: str, *params: object) -> object:
        return chain.validator_of(Home(self.home), 1).ask(method, *params)


class Mistaken(Gateway):
    """Told wrongly how much gas calls need, and how much a block has."""

    needed: int | None = None
    room: int | None = None

    async def estimates(self, calls: Sequence[tuple[Call, Address]]) -> list[int | Problem]:
        told = await super().estimates(calls)
        return told if self.needed is None else [self.needed for _ in told]

    async def block_gas(self) -> int:
        return await super().block_gas() if self.room is None else self.room


@dataclass
class GethDesk:
    """The two workers of a node whose party is enrolled, driven step by step."""

    database: Database
    geth: Geth
    rpc: Rpc
    gateway: Mistaken
    signer: LocalSigner
    party: PartyIndex
    bank: LocalSigner
    """Who has money."""
    gas_price: int
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        manifest = self.gateway.manifest
        self.operations = Operations(chain_id=manifest.chain_id, clock=self.clock)
        self.at_price(self.gas_price)

    def at_price(self, gas_price: int) -> None:
        """A new process, whose settings say this price."""
        self.clock.forward(1)
        manifest = self.gateway.manifest
        self.follower = Follower(
            database=self.database,
            chain=self.gateway,
            projections=[OperationEndings(self.clock)],
            settings=FollowerSettings(
                manifest.chain_id,
                first_block=manifest.block,
                finality_depth=manifest.finality_depth,
            ),
        )
        self.dispatcher = Dispatcher(
            database=self.database,
            chain=self.gateway,
            indexed=Checkpoint(manifest.chain_id),
            handlers=[AnchorHandler()],
            signers=[self.signer],
            settings=DispatcherSettings(LaneSettings(gas_price=gas_price, stuck_after=STUCK_AFTER)),
            clock=self.clock,
        )

    async def ask(self, up_to: int) -> OperationId:
        async with self.database.writing() as connection:
            operation = await self.operations.enqueue(
                connection, kind="test.anchor", target=f"trail:{up_to}", intent={"upTo": up_to}
            )
        return operation.id

    async def round(self) -> None:
        """So much later that what is live is sent again."""
        self.clock.forward(5)
        await self.follower.catch_up()
        while await self.dispatcher.step():
            pass
        await self.follower.catch_up()

    async def until(self, so: Callable[[], Awaitable[bool]]) -> None:
        """Round after round, until it is so."""

        async def so_after_a_round() -> bool:
            await self.round()
            return await so()

        await wait_until(so_after_a_round)

    async def until_states(self, operation_id: OperationId, *states: AttemptState) -> None:
        async def so() -> bool:
            return await self.states(operation_id) == list(states)

        await self.until(so)

    async def operation(self, operation_id: OperationId) -> Operation:
        async with self.database.reading() as connection:
            return await self.operations.by_id(connection, operation_id)

    async def told(self, operation_id: OperationId) -> tuple[str, str]:
        """Why the operation waits, and what helps."""
        waiting = (await self.operation(operation_id)).waiting
        return ("", "") if waiting is None else (waiting.reason, waiting.next_step)

    async def attempts(self, operation_id: OperationId) -> list[Attempt]:
        async with self.database.reading() as connection:
            rows = await connection.execute(
                select(attempts)
                .where(attempts.c.operation_id == operation_id)
                .order_by(attempts.c.number)
            )
            return [attempt_of(row) for row in rows]

    async def states(self, operation_id: OperationId) -> list[AttemptState]:
        return [each.state for each in await self.attempts(operation_id)]

    async def assert_done_once(self, operation_id: OperationId, up_to: int) -> None:
        """By its event, and by what the chain itself has: of all transactions that were signed for
        it, one did what it should."""
        operation = await self.operation(operation_id)
        assert operation.status is OperationStatus.SUCCEEDED
        assert operation.result is not None
        signed = [each.tx_hash for each in await self.attempts(operation_id)]
        held = [each for each in await self.gateway.receipts(signed) if each is not None]
        done = [each.tx_hash for each in held if each.succeeded]
        assert done == [operation.result["txHash"]]
        anchored, _ = await self.gateway.view(Call("TrailAnchor", "anchorOf", (self.party,)))
        assert anchored == up_to

    async def fund(self, wei: int) -> None:
        """Give the account so much more."""
        before = await self._balance()
        await self.send_by_hand(self.bank, [self.signer.address], gas_price=PRICE, value=wei)

        async def arrived() -> bool:
            return await self._balance() != before

        await wait_until(arrived)

    async def _balance(self) -> str:
        return str(await self.rpc.call("eth_getBalance", self.signer.address, "latest"))

    async def send_by_hand(
        self, signer: LocalSigner, to: Sequence[Address], *, gas_price: int, value: int = 0
    ) -> None:
        """Transfers of somebody who has the key."""
        manifest = self.gateway.manifest
        nonce = await Submitter(self.rpc, signer, manifest.chain_id, gas_price).next_nonce()
        for place, each in enumerate(to):
            transfer = LegacyTransaction(
                manifest.chain_id, nonce + place, gas_price, gas=21_000, to=each, value=value
            )
            await self.rpc.call("eth_sendRawTransaction", to_hex(signer.sign(transfer).raw))


@contextmanager
def restarted(geth: Geth, options: list[str], *more: str) -> Iterator[None]:
    """With these options, for a while."""
    usual = list(options)
    options += more
    geth.kill()
    geth.start()
    try:
        yield
    finally:
        options[:] = usual
        geth.kill()
        geth.start()
