"""What a node needs, asked one by one, and the figures that are read off it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import text

from tidan_node.domain.identifiers import Address
from tidan_node.operations.counts import operations_by_status
from tidan_node.records.surrender_alarms import SurrenderAlarms
from tidan_node.web.chain_watch import ChainWatch
from tidan_node.web.health import Check
from tidan_node.web.lane_watch import LaneWatch
from tidan_node.web.metrics import Metrics
from tidan_node.web.supervisor import Supervisor


class NodeChecks:
    """Each check says in a word how it is, or raises what is wrong. A chain that is only linked has
    one check: the node is ready without it."""

    def __init__(
        self,
        *,
        home: ChainWatch,
        linked: Sequence[ChainWatch],
        supervisor: Supervisor,
        lanes: LaneWatch,
    ) -> None:
        self._database = home.chain.database
        self._home = home
        self._linked = linked
        self._supervisor = supervisor
        self._lanes = lanes

    def all(self) -> tuple[Check, ...]:
        """The checks by their names."""
        return (
            Check("sql", self.sql),
            Check("migrations", self._home.migrations),
            Check("chain", self._home.endpoint),
            Check("indexer", self._home.view),
            Check("workers", self._supervisor.look),
            Check("lanes", self._lanes.look),
            *(
                Check(f"chain {each.chain.name}", each.whole, is_needed=False)
                for each in self._linked
            ),
        )

    async def sql(self) -> str:
        async with self._database.reading() as connection:
            await connection.execute(text("SELECT 1"))
        return "answers"

    async def measure(self, metrics: Metrics, account: Address) -> None:
        """Bring the figures up to date."""
        async with self._database.reading() as connection:
            counted = await operations_by_status(connection)
            unanswered = await SurrenderAlarms(connection, account).count()
        metrics.carried(await self._lanes.states(), datetime.now(UTC))
        cursor = await self._home.cursor()
        metrics.seen(
            operations=counted,
            block=0 if cursor is None else cursor.number,
            lag=await self._home.lag() or 0,
            unanswered=unanswered,
        )
        standings = await asyncio.gather(*(each.standing() for each in self._linked))
        for watch, standing in zip(self._linked, standings, strict=True):
            metrics.linked(watch.chain.name, ok=standing.problem is None, lag=standing.lag)
