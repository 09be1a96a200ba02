"""Carries committed operations to the chain: one worker, one lane an account."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from tidan_node.domain.checkpoints import Checkpoints, NoCheckpoints
from tidan_node.ledger.gateway import ChainMoved
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import ChainUnreachable, RpcError
from tidan_node.ledger.signer import Signer
from tidan_node.operations.chain import Chain, IndexedBlocks
from tidan_node.operations.former_accounts import FormerAccount, unfinished_accounts
from tidan_node.operations.gas_limits import GasLimits
from tidan_node.operations.handlers import OperationHandler
from tidan_node.operations.intake import MaySign
from tidan_node.operations.lane import Lane, LaneSettings
from tidan_node.operations.recognising import Recognising, Told, nothing_unknown
from tidan_node.settings import Settings
from tidan_node.storage.database import Database

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DispatcherSettings:
    """The settings of every lane, and how often to look when nobody calls."""

    lane: LaneSettings = field(default_factory=LaneSettings)
    poll_interval: float = 1.0

    @classmethod
    def of(cls, settings: Settings, manifest: Manifest) -> DispatcherSettings:
        """What the node's settings say, and where they are silent the manifest."""
        gas_price = manifest.gas_price if settings.gas_price is None else settings.gas_price
        stuck_after = timedelta(seconds=settings.stuck_after_seconds)
        lane = LaneSettings(gas_price=gas_price, stuck_after=stuck_after)
        return cls(lane, settings.poll_interval)


class Dispatcher:
    """Looks after every lane whenever it is woken: by a commit, by the indexer, or by time.

    The first signer is the node's own; another carries what it can while `may_sign` says that its
    account acts for the party. `sent` is called when transactions have left, and there may soon be
    a block to read. By `told` it recognises what was signed before its database was restored.
    """

    def __init__(
        self,
        *,
        database: Database,
        chain: Chain,
        indexed: IndexedBlocks,
        handlers: Iterable[OperationHandler],
        signers: Sequence[Signer],
        settings: DispatcherSettings | None = None,
        checkpoints: Checkpoints | None = None,
        sent: Callable[[], None] = lambda: None,
        may_sign: MaySign | None = None,
        told: Told | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings or DispatcherSettings()
        self._database = database
        self._chain_id = chain.manifest.chain_id
        self._accounts = [signer.address for signer in signers]
        by_kind = {handler.kind: handler for handler in handlers}
        self._recognising = None
        if told is not None:
            self._recognising = Recognising(
                database=database,
                chain=chain,
                indexed=indexed,
                told=told,
                handlers=by_kind,
                accounts=self._accounts,
                clock=clock,
            )
        self._lane = partial(
            Lane,
            database=database,
            chain=chain,
            indexed=indexed,
            handlers=by_kind,
            all_known=self._recognising.all_known if self._recognising else nothing_unknown,
            limits=GasLimits(),
            settings=self._settings.lane,
            checkpoints=checkpoints or NoCheckpoints(),
            sent=sent,
            clock=clock,
            turn=asyncio.Lock(),
        )
        own, *others = signers
        self._lanes = [self._lane(signer=own)]
        self._lanes += [self._lane(signer=other, may_sign=may_sign) for other in others]
        self._awake: list[asyncio.Event] = []

    def wake(self) -> None:
        """There may be something to do: an operation was committed, or a block was read."""
        for lane in self._awake:
            lane.set()

    async def run(self) -> None:
        """Work until cancelled. Whatever ends it, the next one goes on where it stopped."""
        await self.take_over()
        self._awake = [asyncio.Event() for _ in self._lanes]
        async with asyncio.TaskGroup() as working:
            for lane, awake in zip(self._lanes, self._awake, strict=True):
                working.create_task(self._carry(lane, awake))

    async def take_over(self) -> None:
        """Go on with what a former process has left, also by an account that the party has
        exchanged since: on a target of its operations those behind would wait for ever."""
        async with self._database.reading() as connection:
            left = await unfinished_accounts(connection, self._chain_id)
        del self._lanes[len(self._accounts) :]  # this process may have been at work before
        for account in sorted(left.difference(self._accounts)):
            _log.warning("operations of a former account", account=account)
            self._lanes.append(self._lane(signer=FormerAccount(account)))
        for lane in self._lanes:
            await lane.take_over()
        if self._recognising is not None:
            self._recognising.doubt()

    async def step(self) -> bool:
        """One round of all lanes. True: there is more to do at once."""
        return any([await self._look_after(lane) for lane in self._lanes])

    async def _look_after(self, lane: Lane) -> bool:
        try:
            if self._recognising is not None and not await self._recognising.settled():
                return False
            return await lane.step()
        except (ChainUnreachable, ChainMoved, RpcError) as problem:
            _log.warning("lane waits", problem=problem.slug, detail=problem.detail)
            return False

    async def _carry(self, lane: Lane, awake: asyncio.Event) -> None:
        """One lane for itself: what another waits for does not hold it up."""
        while True:
            if not await self._look_after(lane):
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._settings.poll_interval):
                        await awake.wait()
                awake.clear()
