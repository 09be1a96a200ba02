"""Block production: intent to the journal, then to anvil, then the answer to whoever sent it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.domain.identifiers import Address, BlockHash, TxHash
from tidan_node.ledger.embedded.admission import Admission
from tidan_node.ledger.embedded.anvil import ChainRules
from tidan_node.ledger.embedded.journal import Journal
from tidan_node.ledger.embedded.keeper import Keeper
from tidan_node.ledger.embedded.mempool import Mempool
from tidan_node.ledger.embedded.mining import Mined, OutOfStep, mine
from tidan_node.ledger.embedded.new_heads import Bell
from tidan_node.ledger.embedded.records import BlockIntent, BlockMined, Record, Waiting
from tidan_node.ledger.embedded.recovery import Rebuilder, Rebuilt
from tidan_node.ledger.embedded.rpc import AnvilGone, RpcError
from tidan_node.ledger.embedded.snapshots import Snapshot, Snapshots, Tip
from tidan_node.ledger.embedded.transactions import Transaction, decode

log = structlog.get_logger(__name__)

SNAPSHOT_EVERY: Final = 1_000


@dataclass(frozen=True, slots=True)
class Command:
    """What the chain's owner may do to it; it becomes part of the next block."""

    done: asyncio.Future[BlockHash]
    balance: tuple[Address, int] | None = None
    seconds: int = 0

    def refuse(self, error: RpcError) -> None:
        self.done.set_exception(error)
        # Whoever asked may have gone; then nobody looks at the refusal.
        self.done.exception()


@dataclass(frozen=True, slots=True)
class Round:
    """One group commit: everything that has arrived, in one fsync and at most one block."""

    chosen: tuple[Transaction, ...]
    gapped: tuple[Transaction, ...]
    commands: tuple[Command, ...]
    intent: BlockIntent | None


class Producer:
    """The only one who lets anvil make blocks."""

    def __init__(
        self,
        *,
        rules: ChainRules,
        rebuilder: Rebuilder,
        journal: Journal,
        snapshots: Snapshots,
        checkpoints: Checkpoints,
        clock: Callable[[], float] = time.time,
        snapshot_every: int = SNAPSHOT_EVERY,
    ) -> None:
        self.rules = rules
        self.journal = journal
        self.snapshots = snapshots
        self._checkpoints = checkpoints
        self._clock = clock
        self._snapshot_every = snapshot_every
        self._arrival = asyncio.Event()
        self._pool = Mempool(gas_limit=rules.gas_limit)
        self.keeper = Keeper(rebuilder, self._arrival.set)
        self.admission = Admission(
            chain_id=rules.chain_id,
            pool=self._pool,
            keeper=self.keeper,
            on_arrival=self._arrival.set,
        )
        self._commands: list[Command] = []
        self._answered: set[TxHash] = set()
        self._round: Round | None = None
        self._stopping = False
        self._earliest = 0
        self._snapshot_height = 0
        self.tip = Tip(0, BlockHash(""), rules.timestamp, 0)
        self.bell = Bell()
        self.rebuilt: Rebuilt | None = None

    @property
    def waiting(self) -> int:
        """How many transactions are not in a block yet."""
        return len(self._pool)

    async def start(self) -> None:
        """Bring the chain back from disk; `run` then keeps it going."""
        await self._bring_back()

    async def set_balance(self, account: Address, wei: int) -> BlockHash:
        return await self._command(balance=(account, wei))

    async def advance_time(self, seconds: int) -> BlockHash:
        """Put the chain's clock forward, for good, and make a block at the new time."""
        return await self._command(seconds=seconds)

    async def run(self) -> None:
        """Make blocks as long as something arrives."""
        try:
            while not self._stopping:
                await self._arrival.wait()
                self._arrival.clear()
                try:
                    if not self.keeper.is_standing:
                        await self._bring_back()
                    await self._produce()
                except (AnvilGone, OutOfStep) as error:
                    log.warning("anvil.lost", reason=str(error))
                    self.keeper.close()
        finally:
            self._refuse_everything(RpcError("the chain has stopped"))

    async def close(self, running: asyncio.Task[None]) -> None:
        """Finish the block in hand, keep a snapshot, end anvil."""
        self._stopping = True
        self._arrival.set()
        await asyncio.wait({running})
        if not running.exception() and self.tip.height > self._snapshot_height:
            try:
                await self._take_snapshot()
            except AnvilGone as error:
                log.warning("snapshot.skipped", reason=str(error))
        await self.keeper.end()

    async def _command(
        self, *, balance: tuple[Address, int] | None = None, seconds: int = 0
    ) -> BlockHash:
        done: asyncio.Future[BlockHash] = asyncio.get_running_loop().create_future()
        self._commands.append(Command(done, balance, seconds))
        self._arrival.set()
        return await asyncio.shield(done)

    async def _produce(self) -> None:
        this_round = self._next_round()
        records: list[Record] = []
        if this_round.gapped:
            records.append(Waiting(tuple(one.raw for one in this_round.gapped)))
        if this_round.intent is not None:
            records.append(this_round.intent)
        if not records:
            return
        try:
            await asyncio.to_thread(self.journal.append, *records)
        except OSError as error:
            self._give_up(this_round, error)
            return
        self.admission.answer(this_round.gapped)
        self._answered.update(one.tx_hash for one in this_round.gapped)
        if this_round.intent is None:
            return
        self._arrival.set()  # more may have come than one block can take
        self._round = this_round
        mined = await mine(
            self.keeper.rpc,
            this_round.intent,
            chain_id=self.rules.chain_id,
            checkpoints=self._checkpoints,
        )
        self.journal.append(BlockMined(mined.intent.height, mined.block_hash), durable=False)
        self._finish(this_round, mined)
        if self.tip.height - self._snapshot_height >= self._snapshot_every:
            await self._take_snapshot()

    def _next_round(self) -> Round:
        selection = self._pool.select()
        commands, self._commands = tuple(self._commands), []
        intent = None
        if selection.next_block or commands:
            offset = self.tip.offset + sum(command.seconds for command in commands)
            intent = BlockIntent(
                height=self.tip.height + 1,
                # Blocks of one second share its timestamp: under load the chain's clock must
                # not run ahead, or deadlines would pass early.
                timestamp=max(int(self._clock()) + offset, self._earliest),
                offset=offset,
                transactions=tuple(one.raw for one in selection.next_block),
                balances=tuple(one.balance for one in commands if one.balance is not None),
            )
        gapped = tuple(one for one in selection.gapped if one.tx_hash not in self._answered)
        return Round(selection.next_block, gapped, commands, intent)

    def _finish(self, this_round: Round, mined: Mined) -> None:
        """The block is made: move on to it, and answer."""
        intent = mined.intent
        self._round = None
        self._earliest = intent.timestamp
        self.tip = Tip(intent.height, mined.block_hash, intent.timestamp, intent.offset)
        self.bell.ring()
        stuck = {one.tx_hash for one in mined.stuck}
        self._pool.settle(this_round.chosen, refused=mined.refusals, stuck=stuck)
        for tx_hash, error in mined.refusals.items():
            self.admission.refuse(tx_hash, error)
            if tx_hash in self._answered:
                log.warning("transaction.refused_later", tx_hash=tx_hash, reason=error.message)
        self.admission.answer(this_round.chosen)
        self._answered -= {one.tx_hash for one in this_round.chosen}
        self._answered |= stuck
        for command in this_round.commands:
            command.done.set_result(mined.block_hash)

    def _give_up(self, this_round: Round, error: OSError) -> None:
        """The journal takes nothing: nothing was forwarded, and whoever waits is told."""
        log.critical("journal.unwritable", reason=error.strerror)
        refusal = RpcError(f"the chain's journal cannot be written: {error.strerror}")
        lost = (*this_round.chosen, *this_round.gapped)
        self._pool.settle(())
        for transaction in lost:
            if transaction.tx_hash not in self._answered:
                self._pool.forget(transaction)
                self.admission.refuse(transaction.tx_hash, refusal)
        for command in this_round.commands:
            command.refuse(refusal)

    async def _bring_back(self) -> None:
        """Rebuild from disk; the block in hand is completed, or given up where it was cut off."""
        unfinished, self._round = self._round, None
        rebuilt = self.rebuilt = await self.keeper.rebuild()
        if unfinished and rebuilt.completed and rebuilt.completed.intent == unfinished.intent:
            self._finish(unfinished, rebuilt.completed)
        elif unfinished or rebuilt.tip != self.tip:
            if unfinished:
                self._commands += unfinished.commands
            self._refuse_everything(RpcError("the chain was rebuilt without it; send it again"))
            await self._start_over(rebuilt)
        self._snapshot_height = rebuilt.from_height
        self._earliest = max(self.tip.timestamp, int(self._clock()) + self.tip.offset)
        # Estimates are made at anvil's own clock, which a replay has left in the past.
        await self.keeper.rpc.call("evm_setTime", self._earliest)
        self.keeper.open()

    async def _start_over(self, rebuilt: Rebuilt) -> None:
        self._pool.clear()
        waiting = [decode(raw, chain_id=self.rules.chain_id) for raw in rebuilt.waiting]
        for transaction in waiting:
            nonce = await self.keeper.rpc.call(
                "eth_getTransactionCount", transaction.sender, "latest"
            )
            self._pool.learn_nonce(transaction.sender, int(nonce, 16))
            try:
                self._pool.add(transaction)
            except RpcError as error:
                log.warning("transaction.dropped", tx_hash=transaction.tx_hash, reason=str(error))
        self._answered = {one.tx_hash for one in waiting if one.tx_hash in self._pool}
        self.tip = rebuilt.tip
        self.bell.ring()

    def _refuse_everything(self, error: RpcError) -> None:
        self.admission.refuse_all(error)
        commands, self._commands = self._commands, []
        for command in commands:
            command.refuse(error)

    async def _take_snapshot(self) -> None:
        """Keep the whole chain as it stands, and forget the journal that nobody needs then."""
        dumped = await self.keeper.rpc.call("anvil_dumpState")
        self._snapshot_height = self.tip.height
        try:
            # The journal must not end before the snapshot: the older one would not reach it.
            await asyncio.to_thread(self.journal.append)
            snapshot = Snapshot(
                number=self.journal.last_number,
                tip=self.tip,
                waiting=self._pool.raws(self._answered),
                state=bytes.fromhex(dumped.removeprefix("0x")),
            )
            forget = await asyncio.to_thread(self.snapshots.write, snapshot)
            self.journal.rotate()
            self.journal.drop_through(forget)
        except OSError as error:
            log.critical("snapshot.unwritable", reason=error.strerror)
        else:
            log.info("snapshot.kept", height=self.tip.height, bytes=len(snapshot.state))
