"""Raises an alarm about each surrender that has waited too long: the worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import structlog

from tidan_node.domain.checkpoints import Checkpoints, NoCheckpoints
from tidan_node.domain.identifiers import Address
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.ledger.blocks import BlockRef
from tidan_node.records.surrender_alarms import SurrenderAlarms
from tidan_node.storage.database import Database

_HOUR: Final = 3600
_PAUSE: Final = 15.0
_SHORT_PAUSE: Final = 1.0
_log = structlog.stdlib.get_logger(__name__)


class Alarming:
    """Looks again and again; each alarm is kept in the commit that raises it, so that a restart
    repeats none. `raised` is called once there is a new one."""

    def __init__(
        self,
        *,
        database: Database,
        chain_id: int,
        account: Address,
        hours: float,
        complete_at: Callable[[], BlockRef | None],
        raised: Callable[[], None],
        checkpoints: Checkpoints | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._checkpoint = Checkpoint(chain_id)
        self._account = account
        self._patience = max(1, round(hours * _HOUR))
        self._complete_at = complete_at
        self._raised = raised
        self._moments = checkpoints or NoCheckpoints()
        self._clock = clock

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            was_complete = await self.look()
            await asyncio.sleep(_PAUSE if was_complete else _SHORT_PAUSE)

    async def look(self) -> bool:
        """Raise what is due. False: the view is behind its chain, where the answer may stand."""
        complete_at = self._complete_at()
        if complete_at is None:
            return False
        now = self._clock()
        async with self._database.writing() as connection:
            if await self._checkpoint.cursor(connection, lock=True) != complete_at:
                return False
            raised = await SurrenderAlarms(connection, self._account).raise_overdue(
                now=max(complete_at.timestamp, int(now.timestamp())),
                patience=self._patience,
                raised_at=now,
            )
            self._moments.reached("alarms.before-commit")
        self._moments.reached("alarms.after-commit")
        for title, seq in raised:
            _log.warning("surrender unanswered", title=title, seq=seq)
        if raised:
            self._raised()
        return True
