"""Names of operations: UUIDs of version 7 (RFC 9562), so that their order is that of time."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from tidan_node.domain.identifiers import OperationId

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class OperationNames:
    """Names that rise within a process even when its clock stands still or goes back."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, now: datetime) -> OperationId:
        """A new name: milliseconds, the microseconds within (§6.2, method 3), and chance."""
        self._last = max(self._last + 1, (now - _EPOCH) // _MICROSECOND)
        milliseconds, microseconds = divmod(self._last, 1000)
        # Twelve bits for 1000 microseconds: a step of 4 keeps their order.
        value = milliseconds << 80 | 0x7 << 76 | (microseconds << 2) << 64
        value |= 0b10 << 62 | secrets.randbits(62)
        return OperationId(str(UUID(int=value)))
