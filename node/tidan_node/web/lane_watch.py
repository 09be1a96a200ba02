"""Whether a lane is held up: its transactions are refused, or in no block, for too long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from tidan_node.domain.identifiers import Address
from tidan_node.operations.waiting import LaneState, lane_states
from tidan_node.storage.database import Database
from tidan_node.web.health import NotReady


class LaneWatch:
    """The lanes of these accounts, and of former ones that have something under way."""

    def __init__(
        self,
        database: Database,
        accounts: Sequence[Address],
        stuck_after: timedelta,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._stuck_after = stuck_after
        self._clock = clock

    async def states(self) -> list[LaneState]:
        """How each stands."""
        async with self._database.reading() as connection:
            return await lane_states(connection, self._accounts)

    async def look(self) -> str:
        """For the readiness check. That is public: which they are and why is told by
        `GET /v1/lanes`."""
        since = self._clock() - self._stuck_after
        states = await self.states()
        stuck = sum(1 for each in states if each.is_stuck(since))
        if stuck:
            raise NotReady(
                f"no block takes the transactions of {stuck} of {len(states)} accounts:"
                " `tidan node accounts` says why, and what helps"
            )
        return "none is stuck"
