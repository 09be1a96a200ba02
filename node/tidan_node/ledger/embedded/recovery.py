"""The chain rebuilt from disk: a snapshot, then the journal after it, block for block."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from eth_hash.auto import keccak

from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.domain.identifiers import BlockHash, to_hex
from tidan_node.ledger.embedded.anvil import Anvil, AnvilStarter, ChainRules
from tidan_node.ledger.embedded.journal import Entry, Journal, Place, Reading
from tidan_node.ledger.embedded.mining import Mined, OutOfStep, mine
from tidan_node.ledger.embedded.problems import AnvilUnusable, ChainDamaged
from tidan_node.ledger.embedded.records import BlockIntent, BlockMined, Waiting
from tidan_node.ledger.embedded.rpc import IN_ORDER, RpcError
from tidan_node.ledger.embedded.snapshots import (
    KeptSnapshot,
    Snapshot,
    SnapshotDamaged,
    Snapshots,
    Tip,
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A chain that stands where the journal ends."""

    anvil: Anvil
    tip: Tip
    waiting: tuple[bytes, ...]
    completed: Mined | None
    """The block whose intent was durable, but whose hash was not known yet."""
    from_height: int
    blocks: int
    seconds: float
    set_aside: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Base:
    """Where a replay begins: after a snapshot, or before the first record."""

    anvil: Anvil
    number: int
    tip: Tip
    waiting: tuple[bytes, ...] = ()


class _Mismatch(Exception):
    def __init__(self, place: Place, number: int, reason: str) -> None:
        super().__init__(reason)
        self.place, self.number, self.reason = place, number, reason


class Rebuilder:
    """Brings a chain back as it was; what cannot come back is set aside and named."""

    def __init__(
        self,
        *,
        starter: AnvilStarter,
        rules: ChainRules,
        check_genesis: Callable[[BlockHash], None],
        journal: Journal,
        snapshots: Snapshots,
        checkpoints: Checkpoints,
    ) -> None:
        self._starter = starter
        self._rules = rules
        self._check_genesis = check_genesis
        self._journal = journal
        self._snapshots = snapshots
        self._checkpoints = checkpoints

    async def rebuild(self) -> Rebuilt:
        """Rebuild, and cut off what does not give the recorded hashes, until all of it does."""
        started = time.monotonic()
        set_aside: list[Path] = []
        at_once = IN_ORDER
        while True:
            base = await self._base(set_aside)
            try:
                rebuilt = await self._replay(base, set_aside, at_once)
            except _Mismatch as mismatch:
                await base.anvil.end()
                if at_once > 1:
                    log.warning("chain.replayed_again", reason=mismatch.reason)
                    at_once = 1  # slower, and in order beyond doubt
                else:
                    self._heal(mismatch, set_aside)
            except BaseException:
                await base.anvil.end()
                raise
            else:
                seconds = round(time.monotonic() - started, 3)
                log.info(
                    "chain.rebuilt",
                    height=rebuilt.tip.height,
                    hash=rebuilt.tip.block_hash,
                    from_height=rebuilt.from_height,
                    replayed=rebuilt.blocks,
                    seconds=seconds,
                )
                return replace(rebuilt, seconds=seconds, set_aside=tuple(set_aside))

    async def _base(self, set_aside: list[Path]) -> _Base:
        """The newest snapshot that anvil takes, else the first block."""
        damaged: list[KeptSnapshot] = []
        base = None
        for kept in self._snapshots.newest_first():
            try:
                base = await self._after(self._snapshots.read(kept))
                break
            except SnapshotDamaged as error:
                damaged.append(kept)
                log.critical("snapshot.damaged", file=kept.path.name, reason=str(error))
        if base is None:
            begins_at = self._journal.begins_at
            if begins_at != 1 and (damaged or begins_at is not None):
                raise ChainDamaged(
                    "no snapshot can be used, and the journal does not go back to the first"
                    " block; restore the home from a copy, or start a new chain in another home"
                )
            base = await self._at_first_block()
        set_aside += [self._snapshots.set_aside(kept) for kept in damaged]
        return base

    async def _at_first_block(self) -> _Base:
        anvil = await self._starter.start(self._rules)
        try:
            block = await anvil.rpc.call("eth_getBlockByNumber", "0x0", False)
            self._check_genesis(BlockHash(block["hash"]))
        except BaseException:
            await anvil.end()
            raise
        return _Base(anvil, 0, Tip(0, BlockHash(block["hash"]), self._rules.timestamp, 0))

    async def _after(self, snapshot: Snapshot) -> _Base:
        try:
            anvil = await self._starter.start(self._rules, snapshot.state)
        except AnvilUnusable as error:
            # Is it the snapshot, or anvil itself? Only the first may be held against it.
            await (await self._starter.start(self._rules)).end()
            raise SnapshotDamaged("anvil does not start with it") from error
        try:
            # A loaded anvil 1.7.1 forgets the hashes that BLOCKHASH answers with (foundry
            # pull request 15167); going back over one block makes it learn them again.
            await anvil.rpc.call("evm_mine", {"timestamp": snapshot.tip.timestamp})
            await anvil.rpc.call("anvil_rollback", 1)
            block = await anvil.rpc.call("eth_getBlockByNumber", "latest", False)
        except RpcError as error:
            await anvil.end()
            raise SnapshotDamaged(f"anvil does not work with it: {error}") from error
        except BaseException:
            await anvil.end()
            raise
        if block["hash"] != snapshot.tip.block_hash:
            await anvil.end()
            raise SnapshotDamaged(f"it holds block {block['hash']} as its last")
        return _Base(anvil, snapshot.number, snapshot.tip, snapshot.waiting)

    async def _replay(self, base: _Base, set_aside: list[Path], at_once: int) -> Rebuilt:
        reading = self._journal.read(after=base.number)
        waiting = {to_hex(keccak(raw)): raw for raw in base.waiting}
        tip, completed, blocks, number = base.tip, None, 0, base.number
        for entry in reading.entries:
            number = entry.number
            match entry.record:
                case Waiting(transactions):
                    waiting |= {to_hex(keccak(raw)): raw for raw in transactions}
                case BlockIntent() as intent:
                    completed = await self._mined(base.anvil, entry, intent, at_once)
                    intent_at, blocks = entry, blocks + 1
                    tip = Tip(intent.height, completed.block_hash, intent.timestamp, intent.offset)
                    for raw in intent.transactions if waiting else ():
                        waiting.pop(to_hex(keccak(raw)), None)
                    waiting |= {one.tx_hash: one.raw for one in completed.stuck}
                case BlockMined(height, block_hash):
                    if completed is not None and tip.block_hash != block_hash:
                        raise _Mismatch(
                            intent_at.place,
                            intent_at.number,
                            f"block {height} was {block_hash} and is now {tip.block_hash}",
                        )
                    completed = None
        self._journal.go_on_after(number)
        self._cut_fault(reading, set_aside)
        if completed is not None:
            self._journal.append(BlockMined(tip.height, tip.block_hash), durable=False)
        return Rebuilt(
            anvil=base.anvil,
            tip=tip,
            waiting=tuple(waiting.values()),
            completed=completed,
            from_height=base.tip.height,
            blocks=blocks,
            seconds=0,
            set_aside=(),
        )

    async def _mined(self, anvil: Anvil, entry: Entry, intent: BlockIntent, at_once: int) -> Mined:
        try:
            return await mine(
                anvil.rpc,
                intent,
                chain_id=self._rules.chain_id,
                checkpoints=self._checkpoints,
                at_once=at_once,
            )
        except OutOfStep as error:
            raise _Mismatch(entry.place, entry.number, str(error)) from error

    def _heal(self, mismatch: _Mismatch, set_aside: list[Path]) -> None:
        aside = self._journal.cut(mismatch.place, keep_as=f"from-{mismatch.number}")
        assert aside is not None, "a name was given"  # noqa: S101
        set_aside.append(aside)
        log.critical("journal.set_aside", file=aside.name, reason=mismatch.reason)
        for kept in self._snapshots.newest_first():
            if kept.number >= mismatch.number:
                set_aside.append(self._snapshots.set_aside(kept))

    def _cut_fault(self, reading: Reading, set_aside: list[Path]) -> None:
        fault = reading.fault
        if fault is None:
            return
        keep_as = None if fault.is_torn else f"from-{self._journal.last_number + 1}"
        aside = self._journal.cut(fault.place, keep_as=keep_as)
        if aside is not None:
            set_aside.append(aside)
            log.critical("journal.set_aside", file=aside.name, reason=fault.reason)
        else:
            log.warning("journal.torn_line_dropped", segment=fault.place.segment.name)
