"""When a lane sends again: what waits in a lane that moves on is in the pool, and is left there.

On a chain that is busy transactions wait for many blocks. To send each of them every few seconds
would cost node and chain more than all the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Sending:
    """What one lane remembers of the nonces that the chain uses. It is lost with the process: then
    nothing counts as used, and everything as due, until the chain is asked."""

    again_after: timedelta
    used: int = 0
    """So many nonces the chain had used when it was last asked."""
    _moved_at: datetime = _LONG_AGO

    def see(self, used: int, now: datetime) -> bool:
        """So many are used now. Where they became fewer, the chain may have lost anything. True:
        there is room for more than there was."""
        if used == self.used:
            return False
        has_moved = used > self.used
        self._moved_at = now if has_moved else _LONG_AGO
        self.used = used
        return has_moved

    def asked(self, now: datetime) -> dict[str, object]:
        """What the statements ask for: which are in no block, and since when they are not sent."""
        lately = now - self.again_after
        moves = self._moved_at > lately
        return {
            "used": self.used,
            "sent_before": _LONG_AGO if moves else lately,
            "refused_before": lately,
        }
