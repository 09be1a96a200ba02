"""Where an event stands in the chain that was read: what readers of events remember."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.events import Origin
from tidan_node.indexer.tables import chain_events

_FORM: Final = re.compile(r"(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,8})-(0x[0-9a-f]{64})")
_START: Final = "start"
_LAST_LOG: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class EventPlace:
    """An event's block and place in it; the hash tells whether the chain still has that block."""

    block: int
    log: int
    hash: str

    @classmethod
    def of(cls, origin: Origin) -> EventPlace:
        return cls(origin.block_number, origin.log_index, origin.block_hash)

    @classmethod
    def after_block(cls, number: int) -> EventPlace:
        """Behind everything of a block."""
        return cls(number, _LAST_LOG, "")

    @classmethod
    def parse(cls, text: str) -> EventPlace | None:
        """From the text form, or None."""
        if text == _START:
            return BEFORE_ALL
        match = _FORM.fullmatch(text)
        return cls(int(match[1]), int(match[2]), match[3]) if match else None

    def __str__(self) -> str:
        return f"{self.block}-{self.log}-{self.hash}" if self.block >= 0 else _START


BEFORE_ALL: Final = EventPlace(-1, -1, "")
"""The place before the first event."""


async def newest_place(connection: AsyncConnection, chain_id: int) -> EventPlace:
    """The place of the last event that was read."""
    rows = await connection.execute(
        select(chain_events.c.block_number, chain_events.c.log_index, chain_events.c.block_hash)
        .where(chain_events.c.chain_id == chain_id)
        .order_by(chain_events.c.block_number.desc(), chain_events.c.log_index.desc())
        .limit(1)
    )
    row = rows.one_or_none()
    return BEFORE_ALL if row is None else EventPlace(*row)
