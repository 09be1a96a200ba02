"""What a node needs, asked one by one, and the figures that are read off it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import text

from tidan_node.domain.identifiers import Address
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.follower import Follower, FollowerSettings
from tidan_node.ledger.gateway import Gateway, WrongChain
from tidan_node.ledger.rpc import ChainUnreachable
from tidan_node.operations.counts import operations_by_status
from tidan_node.problems import Problem
from tidan_node.records.surrender_alarms import SurrenderAlarms
from tidan_node.storage.database import Database
from tidan_node.storage.migrate import missing_from
from tidan_node.web.block_watch import BlockWatch
from tidan_node.web.health import Check, NotReady
from tidan_node.web.lane_watch import LaneWatch
from tidan_node.web.metrics import Metrics
from tidan_node.web.supervisor import Supervisor

READY_LAG: Final = 100
"""Blocks that the view may be behind the chain before the node says that it is not ready."""

_MINUTE: Final = 60.0


class MigrationsPending(Problem):
    """The database is of another version: `tidan node migrate` brings it up to this one."""

    status, slug, title = 503, "migrations-pending", "The database is not of this version"


class NodeChecks:
    """Each check says in a word how it is, or raises what is wrong."""

    def __init__(
        self,
        *,
        database: Database,
        gateway: Gateway,
        follower: Follower,
        settings: FollowerSettings,
        supervisor: Supervisor,
        lanes: LaneWatch,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._follower = follower
        self._checkpoint = Checkpoint(settings.chain_id)
        self._settings = settings
        self._supervisor = supervisor
        self._lanes = lanes
        self._blocks = BlockWatch(gateway.head, gateway.manifest.block_period)
        self._migrated_until = 0.0

    def all(self) -> tuple[Check, ...]:
        """The checks by their names."""
        return (
            Check("sql", self.sql),
            Check("migrations", self.migrations),
            Check("chain", self.chain),
            Check("indexer", self.indexer),
            Check("workers", self._supervisor.look),
            Check("lanes", self._lanes.look),
        )

    async def sql(self) -> str:
        async with self._database.reading() as connection:
            await connection.execute(text("SELECT 1"))
        return "answers"

    async def migrations(self) -> str:
        """Nobody migrates a database while its node runs: looking once a minute is enough."""
        if time.monotonic() >= self._migrated_until:
            missing = await missing_from(self._database)
            if missing:
                raise MigrationsPending(f"run `tidan node migrate`; missing: {', '.join(missing)}")
            self._migrated_until = time.monotonic() + _MINUTE
        return "none pending"

    async def chain(self) -> str:
        try:
            await self._gateway.check_chain()
            await self._blocks.look()
        except ChainUnreachable as error:  # it names the endpoint, and readiness is public
            raise NotReady("the chain does not answer") from error
        except WrongChain as error:
            raise NotReady(f"it is another chain than the manifest's: {error.detail}") from error
        return f"chain {self._gateway.manifest.chain_id}"

    async def indexer(self) -> str:
        lag = await self._lag()
        if lag is None:
            raise NotReady("the chain has not been read yet")
        if lag > READY_LAG:
            raise NotReady(f"lag {lag} blocks")
        return f"lag {lag}"

    async def measure(self, metrics: Metrics, account: Address) -> None:
        """Bring the figures up to date."""
        async with self._database.reading() as connection:
            counted = await operations_by_status(connection)
            cursor = await self._checkpoint.cursor(connection)
            unanswered = await SurrenderAlarms(connection, account).count()
        metrics.carried(await self._lanes.states(), datetime.now(UTC))
        metrics.seen(
            operations=counted,
            block=0 if cursor is None else cursor.number,
            lag=await self._lag() or 0,
            unanswered=unanswered,
        )

    async def _lag(self) -> int | None:
        """As the follower knows it; where another process reads the chain, as its rows say."""
        if self._supervisor.is_working:
            return self._follower.lag
        async with self._database.reading() as connection:
            cursor = await self._checkpoint.cursor(connection)
        if cursor is None:
            return None
        try:
            head = await self._gateway.head()
        except ChainUnreachable:
            return None
        return max(0, head.number - self._settings.finality_depth - cursor.number)
